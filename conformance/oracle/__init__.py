"""Kubernetes' own verdict on a DaemonSet: a small Go program around the API server's code, one for each minor.

python -m conformance.oracle 1.36      builds it (minutes the first time) into the user's cache
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from conformance import kubernetes_module
from conformance.kubernetes_module import NEWEST
from dsgen.kubernetes.validation.kinds import KINDS


class Question(NamedTuple):
    """A manifest to create, or one that replaces `old`."""

    text: str
    old: str | None = None


@dataclass(frozen=True)
class Answer:
    """What the server says: the `stage` that refused (empty: accepted), each finding, and the warnings.

    The stage `unsupported` refuses nothing: the object is of a kind that is not judged.
    """

    stage: str
    errors: tuple[tuple[str, str, str], ...]
    warnings: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        """Whether the server takes the manifest."""
        return not self.stage


def build(minor: str = NEWEST) -> Path:
    """Return the oracle for `minor`, built when need be; raises CalledProcessError when Go fails."""
    return kubernetes_module.build(Path(__file__).parent, "oracle", minor)


def ask(
    questions: Iterable[Question],
    minor: str = NEWEST,
    kinds: Iterable[str] = KINDS,
    definitions: Iterable[Path] | None = None,
) -> Iterator[Answer]:
    """Yield the server's answer to each question, in order. Only objects of some `kinds` are judged.

    Custom resources are judged by `definitions`, files with one CustomResourceDefinition each; by default, there is PodMonitor's.
    """
    custom = [kubernetes_module.pod_monitor_definition()] if definitions is None else definitions
    program: list[str | Path] = [build(minor), ",".join(kinds), kubernetes_module.discovery(minor), *custom]
    asked = ({"yaml": each.text} if each.old is None else {"yaml": each.text, "old": each.old} for each in questions)
    yield from map(_answer, kubernetes_module.ask(program, asked))


def _answer(said: dict[str, object]) -> Answer:
    errors = said.get("errors", [])
    warnings = said.get("warnings", [])
    assert isinstance(errors, list)
    assert isinstance(warnings, list)
    findings = tuple((e["type"], e.get("field", ""), e["detail"]) for e in errors)
    return Answer(str(said.get("stage", "")), findings, tuple(warnings))
