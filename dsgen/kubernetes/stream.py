"""Manifests as they are found: files and streams, what `helm template` and `kubectl get -o yaml` print, lists of objects."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from dsgen.kubernetes import fields
from dsgen.kubernetes.lint import NOTHING_SAID, Checks
from dsgen.kubernetes.lint.judged import judged
from dsgen.kubernetes.manifest import Document, read
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.tree import Map

LISTS: Final = frozenset({"List", "DaemonSetList"})
# The group of what `kustomize` reads and no API server knows.
KUSTOMIZE: Final = "kustomize.config.k8s.io/"


class Judged(Record):
    """What is wrong with a stream, how many of its objects were judged, and the kinds of those that dsgen has no rules for."""

    problems: list[Problem]
    judged: int
    others: list[str]


def judge_stream(text: str | bytes, file: str, minor: str = fields.DEFAULT, checks: Checks = NOTHING_SAID) -> Judged:
    """Return the verdict on every object in a stream of YAML or JSON that is of a kind dsgen knows.

    `file` is the name to show in problems, `checks` what a project has checked beside the server's rules. Objects of other kinds are counted, not judged.
    """
    return _judge(read(text, file), minor, checks)


def judge_if_manifests(
    text: bytes, file: str, minor: str = fields.DEFAULT, checks: Checks = NOTHING_SAID
) -> Judged | None:
    """Return the verdict on a stream as `judge_stream` does, or None when no document of it states an `apiVersion`."""
    documents = manifests(text, file)
    return None if documents is None else _judge(documents, minor, checks)


def manifests(text: bytes, file: str) -> list[Document] | None:
    """Return the documents of a file, or None when none of them states an `apiVersion`: it is a profile."""
    if b"apiVersion" not in text:
        return None
    documents = read(text, file)
    stated = any(isinstance(document.root, Map) and "apiVersion" in document.root for document in documents)
    return documents if stated else None


def _judge(documents: list[Document], minor: str, checks: Checks) -> Judged:
    problems: list[Problem] = []
    number = 0
    others: list[str] = []
    for document in documents:
        problems += document.problems
        for root in objects(document.root):
            kind = other_kind(root, minor)
            if kind:
                others.append(kind)
                continue
            number += 1
            problems += judged(root, minor, checks)
    return Judged(problems, number, others)


def other_kind(root: Any, minor: str) -> str:
    """Return the kind of an object if it is one that dsgen has no rules for, else an empty text."""
    kind = root.get("kind") if isinstance(root, Map) else None
    return str(kind) if isinstance(kind, str) and kind not in _names(minor) and "apiVersion" in root else ""


@cache
def _names(minor: str) -> frozenset[str]:
    return frozenset(known.split()[1] for known in fields.load(minor).kinds)


def objects(root: Any) -> Iterator[Any]:
    """Yield the objects of a document: its items, when it is a list of objects; none, when it is a file of Kustomize's."""
    if isinstance(root, Map) and str(root.get("apiVersion")).startswith(KUSTOMIZE):
        return
    kind = root.get("kind") if isinstance(root, Map) else None
    items = root.get("items") if isinstance(kind, str) and kind in LISTS else None
    if isinstance(items, list):
        yield from items
    elif root is not None:
        yield root
