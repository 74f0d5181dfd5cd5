"""Which fields of an object in a cluster who has set: from `managedFields`, and from the annotation of client-side apply.

A set of fields is a tree of steps: `f:NAME` for a field, a tuple of keys and values for an item of a list that is merged by keys, and a
text that begins with `v:` for a value of a set. `.` is below an item that itself, not only a part of it, is in the set.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from dsgen.kubernetes.lint.apply import LAST_APPLIED
from dsgen.plain import plain
from dsgen.record import Record
from dsgen.tree import Map, as_map

Fields: TypeAlias = dict[Any, Any]
ITSELF: Final = "."
# The manager that client-side `kubectl apply` is.
CLIENT_SIDE_APPLY: Final = "kubectl-client-side-apply"


class Manager(Record):
    """A manager of fields, whether it applies server-side, and what it has set."""

    name: str
    applies: bool
    fields: Fields


def managers(root: Map) -> list[Manager]:
    """Return the managers that have set fields of an object, but not those of its status or another subresource."""
    return [
        Manager(str(each.get("manager", "")), each.get("operation") == "Apply", _parsed(each.map("fieldsV1")))
        for each in root.map("metadata").maps("managedFields")
        if not each.get("subresource")
    ]


def last_applied(root: Map) -> dict[str, Any] | None:
    """Return what client-side apply noted that it applied last, or None if it noted nothing."""
    try:
        found = json.loads(str(root.map("metadata", "annotations")[LAST_APPLIED]))
    except (KeyError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _parsed(stated: Mapping[str, Any]) -> Fields:
    return {
        found: _parsed(below) if isinstance(below, Mapping) else {}
        for step, below in stated.items()
        if (found := _step(str(step)))
    }


def _step(step: str) -> Any:
    """Return a step of `fieldsV1` as it is in a set of fields; an empty text for one that is not used."""
    if step[:2] not in ("k:", "v:"):
        return str(step) if step == ITSELF or step[:2] == "f:" else ""
    try:
        value = json.loads(step[2:])
    except ValueError:
        return ""
    if step[:2] == "v:":
        return of_value(value)
    return by_keys(value, value) or "" if isinstance(value, dict) else ""


def by_keys(item: Mapping[str, Any], keys: Iterable[str]) -> tuple[tuple[str, Any], ...] | None:
    """Return the step of an item of a list that is merged by keys; None if a key's value is not a scalar."""
    found = {key: plain(item[key]) for key in keys if item.get(key) is not None}
    return None if any(isinstance(each, (dict, list)) for each in found.values()) else tuple(sorted(found.items()))


def of_value(value: object) -> str:
    """Return the step of a value of a set."""
    return f"v:{json.dumps(plain(value))}"


def union(*sets: Fields) -> Fields:
    """Return the fields that are in any of some sets."""
    result: Fields = {}
    for each in sets:
        for step, below in each.items():
            result[step] = union(result[step], below) if step in result else below
    return result


def overlap(fields: Fields, root: Any) -> int:
    """Return how many of the fields with names are in an object."""
    return sum(1 for _ in _both(fields, root))


def _both(fields: Fields, value: Any) -> Iterator[str]:
    for step, below in fields.items():
        if isinstance(step, str) and step[2:] in as_map(value):
            yield step
            yield from _both(below, value[step[2:]])
