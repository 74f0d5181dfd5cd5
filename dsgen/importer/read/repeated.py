"""Objects that are several times in the input: once is enough, and with different content nobody knows which is meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dsgen.importer.read.objects import SourceObject
from dsgen.plain import is_alike
from dsgen.problem import Problem, code
from dsgen.tree import origin_of

DUPLICATE = code(
    "duplicate-input-object",
    "The input contains an object twice, with the same content. `dsgen import` leaves out the second one.",
    severity="note",
)
CONFLICTING = code(
    "conflicting-input-objects",
    """The input contains an object twice, with different content. `kubectl apply` would apply both, and keep what the last one sets.
    `dsgen import` does not guess which one you mean.""",
)
# Groups that had kinds of others before.
_FORMER: dict[str, str] = {"extensions": "apps"}


def repeated(given: Iterable[SourceObject]) -> Iterator[tuple[SourceObject, Problem]]:
    """Yield each object that is in the input before, and a problem about it."""
    first: dict[tuple[str, str, str, str], SourceObject] = {}
    for each in given:
        if not each.root.map("metadata").get("name"):
            continue
        group = str(each.root.get("apiVersion", "")).rpartition("/")[0]
        other = first.setdefault((_FORMER.get(group, group), each.kind, each.namespace, each.name), each)
        if other is not each:
            yield each, _problem(each, other)


def _problem(given: SourceObject, other: SourceObject) -> Problem:
    place = origin_of(other.root.get("kind"))
    where = f"at {place.file}:{place.line}" if place else "in the input"
    found = f"{given.kind} {given.name} is also {where}"
    at = origin_of(given.root.get("kind"))
    if is_alike(given.root, other.root):
        return DUPLICATE.at(at, f"{found}, so it is left out here")
    return CONFLICTING.at(at, f"{found}, with different content", hint="remove one of the two")
