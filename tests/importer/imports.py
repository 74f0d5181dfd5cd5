"""Import a text in tests, like the command."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

from dsgen.importer.daemonset import Imported
from dsgen.importer.importing import import_objects
from dsgen.importer.read.objects import given_objects
from dsgen.problem import Problem, in_order
from tests.factories import generator

CORPUS = Path(__file__).parent.parent / "corpus"


class Outcome(NamedTuple):
    """The profiles of a text, and all problems in order."""

    imported: list[Imported]
    problems: list[Problem]

    @property
    def text(self) -> str:
        """The only profile."""
        (only,) = self.imported
        return only.text


def imports(
    text: str | bytes, file: str = "given.yaml", minor: str = "1.37", variants: str = "", adopt: bool = False
) -> Outcome:
    """Import a text, which may be indented like the test."""
    data = dedent(text).encode() if isinstance(text, str) else text
    given, problems = given_objects(data, file, minor)
    imported, left = import_objects(given, generator(minor=minor), minor, variants=variants, adopt=adopt)
    for each in imported:
        left += each.problems
    return Outcome(imported, in_order(problems + left))


def daemonset(pod: str = "", container: str = "", metadata: str = "", spec: str = "") -> str:
    """Return a manifest with lines added to its parts."""
    return "".join(
        [
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: agent\n",
            _indented(metadata, 2),
            "spec:\n  selector:\n    matchLabels: {app: agent}\n",
            _indented(spec, 2),
            "  template:\n    metadata:\n      labels: {app: agent}\n    spec:\n",
            _indented(pod, 6),
            "      containers:\n        - name: agent\n          image: x\n",
            _indented(container, 10),
        ]
    )


def _indented(lines: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in dedent(lines).strip("\n").split("\n") if line)


HEAD = "name: agent\nstandardLabels: false\nselector: {app: agent}\n"


def written(pod: str = "", container: str = "", metadata: str = "", spec: str = "") -> str:
    """Return the profile of such a manifest, which must be identical, without the lines that all profiles have."""
    outcome = imports(daemonset(pod, container, metadata, spec))
    assert outcome.imported[0].same, outcome.problems
    return outcome.text
