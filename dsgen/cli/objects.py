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
    """The objects without errors, decoded; everything that is wrong; and the files that could not be read."""

    objects: list[Map]
    problems: list[Problem]
    unread: list[str]


def find_objects(paths: Sequence[Path], project: Project, minor: str) -> Found:
    """Return the objects of some files: what profiles make, and what manifests hold."""
    found = Found([], [], [])

    @cache
    def make() -> Generator:
        # Only profiles need templates and all that.
        from dsgen.api import generator

        return generator(project, minor)

    for path in paths:
        try:
            file = read(path)
            manifests = _manifests(file)
            if manifests is None:
                made = make().make(file)
                found.problems.extend(made.problems)
                found.objects.extend(decode(each.tree, minor).root or each.tree for each in made.objects)
                continue
        except OSError as error:
            found.unread.append(unreadable(error, error.filename or path))
            continue
        for root, problems in manifests:
            other = other_kind(root, minor)
            wrong = problems if root is None or other else [*problems, *judge(root, minor)]
            found.problems.extend(wrong)
            if isinstance(root, Map) and not has_errors(wrong):
                found.objects.append(root if other else decode(root, minor).root)
    return found


def _manifests(file: File) -> list[tuple[object, list[Problem]]] | None:
    """Return the objects in a file with the problems of their text, or None when it states no `apiVersion`: a profile."""
    if b"apiVersion" not in file.text:
        return None
    documents = read_manifests(file.text, file.name)
    if not any(isinstance(document.root, Map) and "apiVersion" in document.root for document in documents):
        return None
    return list(_objects(documents))


def _objects(documents: list[Document]) -> Iterator[tuple[object, list[Problem]]]:
    for document in documents:
        roots = list(objects(document.root)) or [None]
        for index, root in enumerate(roots):
            yield root, [] if index else document.problems
