"""The parts of a claim for devices that the server validates.

From 1.35 on, it skips the items of a list that is too long, and both forms of a request that has both. Some rules are declared with the
fields of the API, and hold all the same (k8s.io/api/resource: +k8s:beta); they are enforced from 1.37 on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.semantics.device_requests import is_flat
from dsgen.kubernetes.validation.rule import FieldRef

MAX_ITEMS: Final = 32
MAX_FIRST_AVAILABLE: Final = 8
# The first minor that skips what follows from another error.
SKIPPING: Final = 35
# The first minor that enforces the declared rules.
DECLARED_SINCE: Final = 37


def is_declared(node: FieldRef) -> bool:
    """Return whether the server enforces the rules that are declared with the fields of the API."""
    return bool(node.pod.minor >= DECLARED_SINCE)


def is_kept(node: FieldRef) -> bool:
    """Return whether an update is only asked whether it changes the spec of a claim, which is immutable."""
    return node.pod.old is not None and node.pod.kind.name == "ResourceClaim" and node.pod.minor >= SKIPPING


def items(node: FieldRef, name: str, limit: int = MAX_ITEMS) -> Iterator[FieldRef]:
    """Yield the objects of a list that are validated."""
    if not _is_skipped(node, name, limit):
        yield from node.children(name)


def names(node: FieldRef, name: str) -> list[str]:
    """Return the texts of a list that are validated; null is an empty one."""
    return [] if _is_skipped(node, name, MAX_ITEMS) else [item or "" for item in node.get(name, ())]


def _is_skipped(node: FieldRef, name: str, limit: int) -> bool:
    return node.pod.minor >= SKIPPING and len(node.get(name, ())) > limit


def requests(claim: FieldRef) -> Iterator[FieldRef]:
    """Yield the requests of a claim, the object in `devices`."""
    if not is_kept(claim):
        yield from items(claim, "requests")


def has_both(request: FieldRef) -> bool:
    """Return whether a request has both forms, of which it must have one."""
    return request.child("exactly") is not None and bool(request.get("firstAvailable"))


def alternatives(request: FieldRef, declared: bool = False) -> Iterator[FieldRef]:
    """Yield what a request wants first; `declared` for a rule that is declared."""
    if is_validated(request, declared):
        yield from items(request, "firstAvailable", MAX_FIRST_AVAILABLE)


def exact(request: FieldRef, declared: bool = False) -> Iterator[FieldRef]:
    """Yield what a request wants exactly, if anything; `declared` for a rule that is declared.

    In the versions of the API in which its fields are those of the request, the server prints them so only for the declared rules.
    """
    found = request.child("exactly")
    if found is not None and is_validated(request, declared):
        if declared and is_declared(request) and is_flat(request.pod.root.value):
            found.printed = request.field
        yield found


def wanted(claim: FieldRef, declared: bool = False) -> Iterator[FieldRef]:
    """Yield everything that the requests of a claim ask for."""
    for request in requests(claim):
        yield from exact(request, declared)
        yield from alternatives(request, declared)


def is_validated(request: FieldRef, declared: bool) -> bool:
    """Return whether what a request wants is validated; `declared` for a rule that is declared."""
    return not has_both(request) or request.pod.minor < SKIPPING or (declared and is_declared(request))
