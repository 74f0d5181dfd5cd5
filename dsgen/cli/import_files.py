"""The files that `dsgen import` writes: each is new, or already has the same content."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from dsgen.build.output.files import create_file
from dsgen.cli.shell import fail
from dsgen.importer.fold.companion import Reason
from dsgen.importer.others import UNIMPORTED_OBJECT, written_to_rest
from dsgen.importer.prove import IMPORT_DIFFERS
from dsgen.importer.read.objects import SourceObject
from dsgen.importer.write.rest import rest_files
from dsgen.problem import Problem, code
from dsgen.project.paths import display_path, unreadable
from dsgen.project.project import FILE, Project
from dsgen.reading import is_below, leads_out, read_file
from dsgen.record import Record
from dsgen.tree import Text

IN_THE_WAY = code("existing-file", "`dsgen import` does not overwrite a file whose content differs.")
# Warnings that `--strict` turns into errors.
_STRICT: Final = frozenset({IMPORT_DIFFERS.name, UNIMPORTED_OBJECT.name})


def check_folder(folder: str, project: Project) -> None:
    """Exit if a folder to write to is a symlink out of the project."""
    if leads_out(folder, str(project.root)):
        fail(f"cannot write {folder}: a symlink leads out of the project")


def in_the_way(path: Path, text: str) -> Problem | None:
    """Return a problem if something else is at the path of a file."""
    if not os.path.lexists(path) or _holds(path, text):
        return None
    hint = "move the file, or write to another folder"
    return IN_THE_WAY.at(None, f"{display_path(path)} already exists", hint=hint, file=display_path(path))


def create(path: Path, text: str) -> Problem | None:
    """Write a file and create its folders; return a problem if something else is there."""
    try:
        return None if create_file(path.parent, path.name, text) else in_the_way(path, text)
    except OSError as error:
        fail(f"cannot write {unreadable(error, path)}")


class AsideFile(Record):
    """The file of an object that is in no profile, and the reason for that."""

    path: Path
    text: str
    given: SourceObject
    reason: Reason

    def write(self) -> Problem:
        """Write the file; return a note, or the problem of a file that exists."""
        problem = create(self.path, self.text)
        return problem or written_to_rest(self.given, self.reason, display_path(self.path))


def aside_files(aside: Sequence[tuple[SourceObject, Reason]], folder: Path) -> list[AsideFile]:
    """Return the files in a folder for objects that are in no profile."""
    files = rest_files(given for given, _ in aside)
    return [
        AsideFile(folder / file.name, file.text, given, reason)
        for (given, reason), file in zip(aside, files, strict=True)
    ]


def how_to_pass_on(rest: str, project: Project) -> str:
    """Return what to do for the project to pass on the manifests in a folder; an empty string if it does already, or cannot."""
    from dsgen.project.manifests import manifests

    folder = os.path.abspath(rest)
    if not is_below(folder, str(project.root)):
        return ""
    passed, _ = manifests(project, [Text.at(pattern, None) for pattern in project.manifests])
    if any(is_below(str(path), folder) for path in passed):
        return ""
    below = os.path.relpath(folder, project.root).replace(os.sep, "/")
    return f"; to generate them with the profiles, write `manifests: [{below}]` in {FILE}"


def as_strict(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems as `--strict` has them."""
    return [each._replace(severity="error") if each.code in _STRICT else each for each in problems]


def lines_in(text: str) -> int:
    """Return how many lines of a text are not blank."""
    return sum(bool(line.strip()) for line in text.splitlines())


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and read_file(path, path.parent) == text.encode()
