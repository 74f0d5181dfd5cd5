"""The differences between two objects, field by field, with Kubernetes' semantics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.record import Record
from dsgen.tree import List, Map, Path, maps_in

# Field → the key that identifies the items of its list.
KEYS: Final[dict[str, tuple[str, ...]]] = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "env": ("name",),
    "volumes": ("name",),
    "imagePullSecrets": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "ports": ("containerPort", "port", "protocol"),
    "hostAliases": ("ip",),
}


class Change(Record):
    """A field that differs; None means unset. If only the order of a list differs, both are lists of its keys.

    `field` names the items of lists by their key, as in `containers[agent].image`; `path` has their indexes: those in the old list, or in the
    new one for new items.
    """

    field: str
    old: Any
    new: Any
    path: Path = ()


def changes(old: Map, new: Map) -> list[Change]:
    """Return what differs between two objects in the form in which they are stored."""
    return list(_changes(old, new, "", ()))


def _changes(old: Any, new: Any, field: str, path: Path) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, Map) and isinstance(new, Map):
        for key in dict.fromkeys((*old, *new)):
            yield from _changes(old.get(key), new.get(key), _below(field, key), (*path, str(key)))
        return
    before, after = _keyed(old, path), _keyed(new, path)
    if before is None or after is None:
        yield Change(field, old, new, path)
        return
    places = {name: place for keyed in (after, before) for place, name in enumerate(keyed)}
    for name in dict.fromkeys((*before, *after)):
        yield from _changes(before.get(name), after.get(name), f"{field}[{name}]", (*path, places[name]))
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield Change(field, list(before), list(after), path)


def _keyed(value: Any, path: Path) -> dict[str, Map] | None:
    """Return the items of a list by their key, or None if it is not such a list."""
    names = KEYS.get(str(path[-1])) if path else None
    if names is None or not isinstance(value, List):
        return None
    entries = maps_in(value)
    keyed = {"/".join(str(each[name]) for name in names if name in each): each for each in entries}
    return keyed if len(keyed) == len(value) else None


def _below(field: str, key: str) -> str:
    if "." in key or "/" in key:
        return f"{field}[{key}]"
    return f"{field}.{key}" if field else key
