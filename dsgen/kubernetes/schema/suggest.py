"""Suggestions for a field that Kubernetes does not have at its place."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.fields.versions import Words, minors_with, span
from dsgen.kubernetes.schema.paths import distance, field_path
from dsgen.kubernetes.schema.type_checks import accepts
from dsgen.problem import did_you_mean
from dsgen.tree import Path

NO_FIELD: Final = "Kubernetes has no such field here"
# Which versions have a field, in a sentence about one that does not.
_VERSIONS: Final[Words] = (
    "it was added in {first}",
    "the last version with it is {last}",
    "only {first} has it",
    "only {first} to {last} have it",
)
# Places that nobody writes by hand, and that are not suggested.
_NOT_MEANT = frozenset({"status", "managedFields", "ephemeralContainers", "ownerReferences"})


def unknown_field(table: fields.Table, kind: str, type: str, path: Path, name: str, value: Any) -> tuple[str, str]:
    """Return a message and a hint for the field `name` of the part of `type` at `path` in an object of `kind`."""
    known = table.types[type]
    minors = minors_with(type, name)
    if minors:
        found = f"Kubernetes {table.minor} has no such field here; {span(minors, _VERSIONS)}"
        return found, "select another version, or leave it out"
    spelt = next((field for field in known if field.lower() == name.lower()), "")
    if spelt:
        return NO_FIELD, f"did you mean `{spelt}`?"
    place = _elsewhere(table, kind, path, name, value)
    if place:
        return NO_FIELD, f"it belongs to `{place}`"
    return NO_FIELD, did_you_mean(name, known) or _some(known)


def _some(known: dict[str, str]) -> str:
    return f"known here: {', '.join(sorted(known))}" if len(known) <= 12 else ""


def _elsewhere(table: fields.Table, kind: str, path: Path, name: str, value: Any) -> str:
    """Return the nearest place of the manifest with a field of this name for such a value."""
    here = tuple(step for step in path if isinstance(step, str))
    places = [
        place
        for place in _places(kind, table.minor).get(name, ())
        if place[0] != here and accepts(table.types[place[1]][name], table.minor, value)
    ]
    if not places:
        return ""
    best = min((place[0] for place in places), key=lambda there: (distance(here, there), len(there)))
    return _written(best, path, name)


def _written(place: tuple[str, ...], path: Path, name: str) -> str:
    """Write a place with the indexes of the path that it shares."""
    steps: list[str | int] = []
    rest = list(path)
    lists = {"containers", "initContainers", "volumes", "ports", "env", "volumeMounts", "tolerations"}
    for step in place:
        steps.append(step)
        if rest and rest[0] == step:
            rest.pop(0)
            if rest and isinstance(rest[0], int):
                steps.append(rest.pop(0))
        else:
            rest.clear()
            if step in lists:
                steps.append(0)
    return field_path((*steps, name))


@cache
def _places(kind: str, minor: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Return, for each field name in an object of `kind`, the paths of the objects that have it, and their types."""
    table = fields.of(kind, minor)
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    queue: list[tuple[tuple[str, ...], str]] = [((), kind)]
    for place, type in queue:
        for name, below in table.types[type].items():
            found.setdefault(name, []).append((place, type))
            inner = below.strip("[]{}")
            if inner in table.types and inner != type and name not in _NOT_MEANT and len(place) < 9:
                queue.append(((*place, name), inner))
    return found
