"""The objects that commands look at as wholes: made from profiles, or read from manifests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from dsgen.cli.shell import unreadable
from dsgen.cli.targets import read, targets
from dsgen.cli.work import maker
from dsgen.kubernetes.decode import decode
from dsgen.kubernetes.manifest import Document
from dsgen.kubernetes.manifest import read as read_manifests
from dsgen.kubernetes.stream import manifests, objects, other_kind
from dsgen.kubernetes.verdict import judge
from dsgen.problem import Problem, has_errors
from dsgen.project import Project
from dsgen.record import Record
from dsgen.resolve.file import File
from dsgen.tree import Map


class Object(Record):
    """A decoded object, and for that of a profile the environment it was made for, with the version of that."""

    root: Map
    minor: str
    environment: str = ""


class Found(Record):
    """Objects without errors; manifests with errors, and these; other problems; and files that could not be read."""

    objects: list[Object]
    refused: list[tuple[Map, list[Problem]]]
    others: list[Problem]
    unread: list[str]

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong."""
        return [*self.others, *(problem for _, problems in self.refused for problem in problems)]

    @property
    def environments(self) -> list[str]:
        """The environments that there are objects for."""
        return list(dict.fromkeys(each.environment for each in self.objects if each.environment))


def find_objects(
    paths: Sequence[Path], project: Project, chosen: Sequence[str], minor: str | None, every: bool
) -> Found:
    """Return the objects of some files: what profiles make, for the environments that are `chosen`, and what manifests hold.

    `every` tells that `paths` are all profiles of the project.
    """
    found = Found([], [], [], [])
    make = maker(project, minor)
    work, problems = targets(paths, project, chosen, minor, every, make)
    found.others.extend(problems)
    for path, environment in work:
        try:
            file = read(path)
            documents = manifests(file.text, file.name) if environment is None else None
            if documents is not None:
                _take(found, documents, minor or project.kubernetes)
                continue
            made = make().make(file, environment)
        except OSError as error:
            found.unread.append(unreadable(error, error.filename or path))
            continue
        version = environment.kubernetes if environment else minor or project.kubernetes
        found.others.extend(made.problems)
        for each in made.objects:
            found.objects.append(Object(decode(each.tree, version).root or each.tree, version, made.environment))
    return found


def objects_in(file: File, minor: str) -> Found:
    """Return the objects in a stream of manifests."""
    found = Found([], [], [], [])
    _take(found, read_manifests(file.text, file.name), minor)
    return found


def _take(found: Found, documents: Sequence[Document], minor: str) -> None:
    for root, problems in _objects(documents):
        other = other_kind(root, minor)
        wrong = problems if root is None or other else [*problems, *judge(root, minor)]
        if isinstance(root, Map) and has_errors(wrong):
            found.refused.append((root, wrong))
            continue
        found.others.extend(wrong)
        if isinstance(root, Map):
            found.objects.append(Object(root if other else decode(root, minor).root, minor))


def _objects(documents: Sequence[Document]) -> Iterator[tuple[object, list[Problem]]]:
    """Yield each object, and with the first of a document what is wrong with its text."""
    for document in documents:
        for index, root in enumerate(list(objects(document.root)) or [None]):
            yield root, [] if index else document.problems
