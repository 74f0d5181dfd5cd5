"""The files that `dsgen import` writes: each is new, or already has the same content."""

from __future__ import annotations

import os
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from dsgen.build.output.files import create_file
from dsgen.cli.shell import fail
from dsgen.importer.fold.companion import Reason
from dsgen.importer.others import written_to_rest
from dsgen.importer.read.objects import SourceObject
from dsgen.importer.write.rest import rest_files
from dsgen.problem import Problem, code
from dsgen.project.paths import display_path, unreadable
from dsgen.project.project import FILE, Project
from dsgen.reading import is_below, leads_out, read_file

IN_THE_WAY = code("existing-file", "`dsgen import` does not overwrite a file whose content differs.")


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


def written_aside(aside: Iterable[tuple[SourceObject, Reason]], folder: Path) -> list[Problem]:
    """Write each object that is in no profile to a file; return a note for each, or the problem of a file that exists."""
    some = list(aside)
    problems = []
    for (given, reason), (name, text) in zip(some, rest_files(given for given, _ in some), strict=True):
        problem = create(folder / name, text)
        problems.append(problem or written_to_rest(given, reason, display_path(folder / name)))
    return problems


def how_to_pass_on(rest: str, project: Project) -> str:
    """Return what to do for the project to pass on the manifests in a folder; an empty string if it does already, or cannot."""
    folder = os.path.abspath(rest)
    if not is_below(folder, str(project.root)):
        return ""
    below = os.path.relpath(folder, project.root).replace(os.sep, "/")
    passed = any(
        fnmatchcase(f"{below}/a.yaml", pattern) or below == pattern.rstrip("/") for pattern in project.manifests
    )
    return "" if passed else f"; to generate them with the profiles, write `manifests: [{below}]` in {FILE}"


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and read_file(path, path.parent) == text.encode()
