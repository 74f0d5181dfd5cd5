"""The problems of one open file: those that `dsgen validate FILE` reports, each with a place in that file."""

from __future__ import annotations

import os
import re
from enum import Enum
from pathlib import Path
from typing import Final

from dsgen.build.error import BuildError
from dsgen.build.selection import MISSING_VERSION
from dsgen.build.validate_files import validate_files
from dsgen.kubernetes.stream import looks_like_manifests
from dsgen.problem import Problem, has_errors, in_order
from dsgen.project.paths import display_path
from dsgen.project.project import FILE, Project, find_project, open_file
from dsgen.reading import MANIFESTS
from dsgen.record import Record
from dsgen.resolve.parents import read_layer

_EXTENDS: Final = re.compile(r"^extends\s*:", re.MULTILINE)


class FileKind(Enum):
    """What a file is to dsgen."""

    PROJECT = "dsgen.yaml"
    ENVIRONMENT = "an environment"
    PARENT = "a file that profiles extend"
    PROFILE = "a profile"
    MANIFEST = "manifests"


class PlacedProblem(Record):
    """A problem, with the text of where else it is: empty, or the place in another file at which it was found."""

    problem: Problem
    elsewhere: str = ""


def kind_of(path: Path, text: str, project: Project) -> FileKind:
    """Return what a file is; a text that is neither in a folder of the project nor a manifest counts as a profile."""
    if path.name == FILE:
        return FileKind.PROJECT
    if path.parent == project.root / project.environments and path.name.endswith(".yaml"):
        return FileKind.ENVIRONMENT
    if path.suffix == ".json" or looks_like_manifests(text.encode("utf-8", "surrogatepass")):
        return FileKind.MANIFEST
    return FileKind.PARENT if path.name.startswith("_") else FileKind.PROFILE


def problems_of(path: Path, text: str) -> list[PlacedProblem]:
    """Return the problems of a file with the content `text`, in order, as far as a place in it can be named.

    Files are read as `dsgen.reading` reads them, those that are not saved included. No error of the user's raises.
    """
    try:
        project, problems = find_project(path.parent)
        kind = kind_of(path, text, project)
        if kind is FileKind.PROJECT or has_errors(problems):
            return _placed(problems, path, text)
        if kind is FileKind.PARENT:
            return _placed(read_layer(open_file(path, project.root))[1], path, text)
        if len(text) > MANIFESTS:
            return []
        found = validate_files(project, [str(path)], jobs=1)
        problems += [each for each in found.problems if each.code != MISSING_VERSION.name]
        return _placed(problems, path, text)
    except (BuildError, OSError) as error:
        return [PlacedProblem(Problem("", "warning", str(error), file=display_path(path)))]


def _placed(problems: list[Problem], path: Path, text: str) -> list[PlacedProblem]:
    """Return problems with their places in a file; one that is in another file that it extends is at its `extends`."""
    shown, own = display_path(path), os.path.abspath(path)
    extends = _EXTENDS.search(text)
    line = text.count("\n", 0, extends.start()) + 1 if extends else 0
    result = []
    for problem in in_order(problems):
        if problem.file in ("", shown) or os.path.abspath(problem.file) == own:
            result.append(PlacedProblem(problem))
        elif line:
            elsewhere = ":".join(str(part) for part in (problem.file, problem.line, problem.column) if part)
            here = problem._replace(file=shown, line=line, column=1, end_line=line, end_column=len("extends") + 1)
            result.append(PlacedProblem(here, elsewhere))
    return result
