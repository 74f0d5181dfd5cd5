"""The manifests that `dsgen import` reads."""

from __future__ import annotations

from collections.abc import Sequence

from dsgen.build.selection import file_paths
from dsgen.build.targets import read
from dsgen.importer.read.objects import SourceObject, given_objects
from dsgen.problem import Problem
from dsgen.project.project import Project, unreadable
from dsgen.reading import MANIFESTS, YAML_SUFFIXES
from dsgen.record import Record


class Manifests(Record):
    """The objects in some files, the problems of these, the lines about unreadable ones, and how many lines are not blank."""

    objects: list[SourceObject]
    problems: list[Problem]
    unread: list[str]
    lines: int


def read_objects(files: Sequence[str], project: Project, minor: str) -> Manifests:
    """Return the objects in files and folders, in order."""
    objects: list[SourceObject] = []
    problems: list[Problem] = []
    unread = []
    lines = 0
    for path in file_paths(files, project, YAML_SUFFIXES):
        try:
            file = read(path, project.root, MANIFESTS)
        except OSError as error:
            unread.append(unreadable(error, path))
            continue
        found, wrong = given_objects(file.text, file.name, minor)
        objects += found
        problems += wrong
        lines += sum(bool(line.strip()) for line in file.text.splitlines())
    return Manifests(objects, problems, unread, lines)
