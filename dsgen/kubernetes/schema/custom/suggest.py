"""Suggestions for a field that a CustomResourceDefinition does not have at its place."""

from __future__ import annotations

from collections import deque
from typing import Final

from dsgen.kubernetes.schema.custom.schema import Schema
from dsgen.kubernetes.schema.paths import distance, field_path
from dsgen.problem import did_you_mean
from dsgen.tree import Path

# How many parts of a schema are looked through for a field, and how many fields are listed.
_MOST: Final = 2_000
_LISTED: Final = 12


def unknown_field(root: Schema, here: Schema, path: Path, name: str) -> str:
    """Return a hint for the field `name` at `path`, where the schema of an object is `here`, or an empty string."""
    known = here.properties
    spelt = next((field for field in known if field.lower() == name.lower()), "")
    if spelt:
        return f"did you mean `{spelt}`?"
    near = did_you_mean(name, known)
    if near:
        return near
    place = _elsewhere(root, path, name)
    if place:
        return f"it belongs to `{place}`"
    return f"known here: {', '.join(sorted(known))}" if 0 < len(known) <= _LISTED else ""


def _elsewhere(root: Schema, path: Path, name: str) -> str:
    """Return the nearest place with a field of this name."""
    best: tuple[int, str] | None = None
    todo: deque[tuple[Path, Schema]] = deque([((), root)])
    for _ in range(_MOST):
        if not todo:
            break
        place, schema = todo.popleft()
        if name in schema.properties and place != path:
            found = distance(path, place), field_path((*place, name))
            best = found if best is None or found[0] < best[0] else best
        for field, below in schema.properties.items():
            if place or field not in ("metadata", "status"):
                todo.append(((*place, field), below))
        if schema.items is not None:
            # An item that the path goes through, or the first.
            known = path[: len(place)] == place and len(path) > len(place) and isinstance(path[len(place)], int)
            todo.append(((*place, path[len(place)] if known else 0), schema.items))
    return best[1] if best else ""
