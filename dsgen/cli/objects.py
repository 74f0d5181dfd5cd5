"""The objects that commands look at as wholes: made from profiles, or read from manifests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dsgen.cli.shell import unreadable
from dsgen.cli.targets import read
from dsgen.kubernetes.decode import decode
from dsgen.kubernetes.manifest import Document
from dsgen.kubernetes.manifest import read as read_manifests
from dsgen.kubernetes.stream import objects, other_kind
from dsgen.kubernetes.verdict import judge
from dsgen.problem import Problem, has_errors
from dsgen.project import Project
from dsgen.resolve.file import File
from dsgen.tree import Map

if TYPE_CHECKING:
    from dsgen.generate import Generator


class Found(NamedTuple):
    """Objects without errors, decoded; manifests with errors, and these; other problems; and files that could not be read."""

    objects: list[Map]
    refused: list[tuple[Map, list[Problem]]]
    others: list[Problem]
    unread: list[str]

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong."""
        return [*self.others, *(problem for _, problems in self.refused for problem in problems)]


def find_objects(paths: Sequence[Path], project: Project, minor: str) -> Found:
    """Return the objects of some files: what profiles make, and what manifests hold."""
    found = Found([], [], [], [])

    @cache
    def make() -> Generator:
        # Only profiles need templates and all that.
        from dsgen.api import generator

        return generator(project, minor)

    for path in paths:
        try:
            file = read(path)
            documents = _manifests(file)
            if documents is None:
                made = make().make(file)
                found.others.extend(made.problems)
                found.objects.extend(decode(each.tree, minor).root or each.tree for each in made.objects)
            else:
                _take(found, documents, minor)
        except OSError as error:
            found.unread.append(unreadable(error, error.filename or path))
    return found


def objects_in(file: File, minor: str) -> Found:
    """Return the objects in a stream of manifests."""
    found = Found([], [], [], [])
    _take(found, read_manifests(file.text, file.name), minor)
    return found


def _manifests(file: File) -> list[Document] | None:
    """Return the documents of a file, or None when none states an `apiVersion`: it is a profile."""
    if b"apiVersion" not in file.text:
        return None
    documents = read_manifests(file.text, file.name)
    stated = any(isinstance(document.root, Map) and "apiVersion" in document.root for document in documents)
    return documents if stated else None


def _take(found: Found, documents: Sequence[Document], minor: str) -> None:
    for root, problems in _objects(documents):
        other = other_kind(root, minor)
        wrong = problems if root is None or other else [*problems, *judge(root, minor)]
        if isinstance(root, Map) and has_errors(wrong):
            found.refused.append((root, wrong))
            continue
        found.others.extend(wrong)
        if isinstance(root, Map):
            found.objects.append(root if other else decode(root, minor).root)


def _objects(documents: Sequence[Document]) -> Iterator[tuple[object, list[Problem]]]:
    """Yield each object, and with the first of a document what is wrong with its text."""
    for document in documents:
        for index, root in enumerate(list(objects(document.root)) or [None]):
            yield root, [] if index else document.problems
