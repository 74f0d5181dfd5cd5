"""
Manifests as users have them: files and streams, the output of `helm template` and `kubectl get -o yaml`, lists of
objects.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from dsgen.kubernetes.built_in import fault_problem
from dsgen.kubernetes.lint import NOTHING_SAID, Checks
from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint, with_objects
from dsgen.kubernetes.manifest import Document, read
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.decode import identify
from dsgen.kubernetes.schema.errors import NO_KIND, DecodeError
from dsgen.problem import IN_PART, Problem
from dsgen.record import Record
from dsgen.tree import List, Map, Null, Text, as_map, origin_of

# The group of files that `kustomize` reads and no API server knows.
KUSTOMIZE: Final = "kustomize.config.k8s.io/"
# What a `Kustomization` may have without changing or adding objects.
LISTS_ONLY: Final = frozenset({"apiVersion", "kind", "metadata", "resources", "sortOptions"})
_STATED: Final = rb"""(?m)\A(\xef\xbb\xbf)?\s*\{(?s:.*)"apiVersion"\s*:|^(\xef\xbb\xbf)?["']?apiVersion["']?\s*:"""


class ValidatedStream(Record):
    """What is wrong with a stream, and how many of its objects were validated.

    `in_part` are the kinds of those without rules of their own, `others` those of objects that were not validated at all. Each of
    these has a note among the problems, too. `apart` are the objects that the caller handles, and `objects` all others.
    `is_source` means that Kustomize changes or adds objects before they are applied.
    """

    problems: list[Problem]
    judged: int
    in_part: list[str]
    others: list[str]
    apart: list[Map]
    objects: list[Any]
    is_source: bool


def validate_stream(text: str | bytes, file: str, minor: str = fields.DEFAULT) -> ValidatedStream:
    """Return the verdict on every object in a stream of YAML or JSON, and on their relations. `file` is the name to show in problems."""
    from dsgen.kubernetes.relations.check import between

    found = validate_documents(read(text, file), minor)
    related = (problem for _, problem in between(found.objects, minor, partial=found.is_source))
    return found._replace(problems=[*found.problems, *related])


def manifests(text: bytes, file: str) -> list[Document] | None:
    """Return the documents of a file, or None if none of them has an `apiVersion`: it is a profile."""
    if b"apiVersion" not in text:
        return None
    documents = read(text, file)
    if any("apiVersion" in as_map(document.root) for document in documents):
        return documents
    unread = any(document.root is None for document in documents)
    return documents if unread and looks_like_manifests(text) else None


def looks_like_manifests(text: bytes) -> bool:
    """Return whether a text that may not be readable has an `apiVersion` at the beginning of a line, or in JSON."""
    return re.search(_STATED, text) is not None


def validate_documents(
    documents: Iterable[Document],
    minor: str = fields.DEFAULT,
    checks: Checks = NOTHING_SAID,
    is_apart: Callable[[Any], bool] = lambda _: False,
) -> ValidatedStream:
    """Return the verdict on every object of some documents, except for those that the caller handles."""
    documents = list(documents)
    checks = with_objects(checks, (document.root for document in documents))
    problems: list[Problem] = []
    number = 0
    in_part: list[str] = []
    others: list[str] = []
    apart: list[Map] = []
    objects: list[Any] = []
    is_source = False
    for document in documents:
        is_source |= _transforms(document.root)
        roots, wrong = unfold_list(document, minor)
        problems += wrong
        for root in roots:
            if is_apart(root):
                apart.append(root)
                continue
            objects.append(root)
            said = validate_and_lint(root, minor, checks, document.length)
            problems += said
            if is_unvalidated(root, minor, checks):
                others.append(str(root["kind"]))
                continue
            number += 1
            if is_partly_validated(said):
                in_part.append(str(root["kind"]))
    return ValidatedStream(problems, number, in_part, others, apart, objects, is_source)


def is_unvalidated(root: Any, minor: str, checks: Checks) -> bool:
    """Return whether an object counts as one of a kind that dsgen does not know, with the definitions in `checks`."""
    definitions = checks.definitions
    return identify(root, minor).is_other and not (definitions and definitions.validates(root, minor))


def is_partly_validated(said: Iterable[Problem]) -> bool:
    """Return whether the problems of an object say that some of it was not validated."""
    return any(each.code in IN_PART for each in said)


def is_of_kustomize(root: Any) -> bool:
    """Return whether a document is a file of Kustomize, not an object."""
    return str(as_map(root).get("apiVersion")).startswith(KUSTOMIZE)


def _transforms(root: Any) -> bool:
    """Return whether a document is a file of Kustomize that does more than list resources."""
    return is_of_kustomize(root) and not as_map(root).keys() <= LISTS_ONLY


def unfold_list(document: Document, minor: str = fields.DEFAULT) -> tuple[list[Any], list[Problem]]:
    """Return the objects of a document, and what is wrong with its text, or with the list that it is.

    A document with nothing in it has none, as for `kubectl`; nor has a file of Kustomize's. A list (`List`, or of a kind,
    `DaemonSetList`) has its items; those that do not say what they are, are of the list's kind.
    """
    root, problems = document.root, document.problems
    if root is None or isinstance(root, Null):
        return [], problems
    if not isinstance(root, Map):
        return [root], problems
    if is_of_kustomize(root):
        return [], problems
    kind, items = root.get("kind"), root.get("items")
    if not isinstance(kind, str) or not kind.endswith("List") or not isinstance(items, (List, Null)):
        return [root], problems
    inside = items if isinstance(items, List) else List()
    fault = _fault_of_list(root, minor)
    # For an item of the list's kind, the same is reported anyway.
    if fault and not any(map(_says_nothing, inside)):
        problems = [*problems, fault_problem(root, fault)]
    return [_item(item, root) for item in inside], problems


def _fault_of_list(root: Map, minor: str) -> DecodeError | None:
    fault = identify(root, minor).fault
    if fault is None or fault.code is NO_KIND:
        return fault
    from dsgen.kubernetes.schema import api_resources

    return api_resources.fault_of_list(str(root["apiVersion"]), str(root["kind"]), minor)


def _says_nothing(item: Any) -> bool:
    return isinstance(item, Map) and not item.get("apiVersion") and not item.get("kind")


def _item(item: Any, within: Map) -> Any:
    """Return an item of a list, with its kind, if only the list has it."""
    kind = str(within["kind"]).removesuffix("List")
    if not _says_nothing(item) or not kind or "apiVersion" not in within:
        return item
    header = {"apiVersion": within["apiVersion"], "kind": Text.at(kind, origin_of(within["kind"]))}
    own = {key: value for key, value in item.items() if key not in header}
    return Map({**header, **own}, origin_of(item))
