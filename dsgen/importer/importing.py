"""The way of an import: a manifest, corrected where it must be, as a profile, and the proof that it says the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dsgen.generate import Generator
from dsgen.importer.correct import corrected
from dsgen.importer.given import tidy, without_defaults
from dsgen.importer.legacy import modern
from dsgen.importer.objects import Given
from dsgen.importer.others import is_part, not_imported, part_of_one
from dsgen.importer.profile import profile
from dsgen.importer.proof import differences
from dsgen.importer.write import write
from dsgen.kubernetes.decode import decode
from dsgen.kubernetes.defaults import defaulted
from dsgen.kubernetes.verdict import judge
from dsgen.problem import Problem, code, has_errors
from dsgen.resolve.file import File
from dsgen.tree import Map, locate

IMPORT_DIFFERS = code(
    "import-differs",
    """What the profile makes is not quite what the manifest says, once the server has stored both. With `--strict` it is an error.""",
    severity="warning",
)


@dataclass(frozen=True)
class Imported:
    """A profile: its text, what is to say of the import, and whether what it makes is the same as what was given.

    `same` is None where that cannot be said, since Kubernetes refuses the manifest.
    """

    name: str
    text: str
    problems: tuple[Problem, ...]
    same: bool | None


def import_objects(given: list[Given], generator: Generator, minor: str) -> tuple[list[Imported], list[Problem]]:
    """Return the DaemonSets among the objects as profiles, and what is to say of the other objects."""
    daemonsets = [each for each in given if each.kind == "DaemonSet"]
    others = [each for each in given if each.kind != "DaemonSet"]
    problems = not_imported(others, alone=not daemonsets)
    imported = []
    for each in daemonsets:
        root, said = modern(each.root)
        if is_part(root):
            problems.append(part_of_one(root))
        elif decode(root, minor).kind:
            imported.append(import_daemonset(each._replace(root=root), said, generator, minor))
        else:
            problems += judge(root, minor)
    return imported, problems


def import_daemonset(given: Given, problems: list[Problem], generator: Generator, minor: str) -> Imported:
    """Return a DaemonSet of `apps/v1` as a profile; `problems` is what was said of it before."""
    root = given.root
    meant, said = corrected(root, minor)
    problems = [*problems, *said]
    refused = [problem for problem in judge(meant, minor) if problem.severity == "error"]
    object: Any = tidy(decode(meant, minor).root, "DaemonSet", minor)
    tree = profile(without_defaults(object, "DaemonSet", minor), minor)
    text = write(tree, given.comments)
    name = f"{given.name or 'daemonset'}.yaml"
    # What is read is kept by its key, and two imports may have one name.
    made = generator.make(File(name, text.encode(), f"{Path(name).absolute()}#{text}"))
    problems += refused
    if has_errors(made.problems) and not refused:
        problems += [problem for problem in made.problems if problem.severity == "error"]
    if refused or not made.objects:
        return Imported(given.name, text, tuple(problems), None)
    found = list(_differences(root, made.objects[0].tree, minor))
    return Imported(given.name, text, tuple(problems + found), not found)


def _differences(root: Map, made: Map, minor: str) -> Iterator[Problem]:
    """Yield a problem for each field in which what was given and what was made differ, at the place of the field."""
    for difference in differences(_stored(root, minor), _stored(made, minor)):
        yield IMPORT_DIFFERS.at(locate(root, difference.path), str(difference), field=difference.field)


def _stored(root: Map, minor: str) -> Map:
    """Return a DaemonSet as the server would store it, as far as it can be read."""
    stored: Any = tidy(decode(root, minor).root, "DaemonSet", minor)
    return defaulted(stored, minor)
