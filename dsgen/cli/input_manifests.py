"""The manifests that `dsgen import` reads."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from dsgen.build.selection import file_paths
from dsgen.build.targets import read
from dsgen.cli.import_files import lines_in
from dsgen.cli.kustomizations import build, kustomization
from dsgen.cli.shell import fail
from dsgen.importer.read.objects import SourceObject, given_objects
from dsgen.problem import Problem
from dsgen.project.paths import unreadable
from dsgen.project.project import Project
from dsgen.reading import MANIFESTS, YAML_SUFFIXES
from dsgen.record import Record
from dsgen.resolve.file import File


class Manifests(Record):
    """The objects in some files, the problems of these, the lines about unreadable ones, and how many lines are not blank."""

    objects: list[SourceObject]
    problems: list[Problem]
    unread: list[str]
    lines: int


def _files(arguments: Sequence[str], project: Project, unread: list[str]) -> Iterator[File]:
    """Yield the files of some arguments; of a kustomization those that it lists, or if it does more than that, what Kustomize builds.

    A line about each unreadable file is added to `unread`. Exits for the folder of a chart, which only Helm can render.
    """
    for argument in arguments:
        if os.path.isfile(os.path.join(argument, "Chart.yaml")):
            fail(f"{argument} is a Helm chart: run `helm template --no-hooks NAME {argument} | dsgen import -`")
        found = kustomization(argument)
        if found and (found.is_overlay or found.resources):
            yield from [build(argument)] if found.is_overlay else _files(found.resources, project, unread)
            continue
        for path in file_paths([argument], project, YAML_SUFFIXES):
            try:
                yield read(path, project.root, MANIFESTS)
            except OSError as error:
                unread.append(unreadable(error, path))


def read_objects(files: Sequence[str], project: Project, minor: str) -> Manifests:
    """Return the objects in files and folders, in order."""
    objects: list[SourceObject] = []
    problems: list[Problem] = []
    unread: list[str] = []
    lines = 0
    for file in _files(files, project, unread):
        found, wrong = given_objects(file.text, file.name, minor)
        objects += found
        problems += wrong
        lines += lines_in(file.text.decode("utf-8", "replace"))
    return Manifests(objects, problems, unread, lines)
