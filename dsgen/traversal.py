"""Traversal of trees: values by path, their origins, and everything in a tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dsgen.origin import Origin, ShippedLine, TemplateLine
from dsgen.tree import List, Map, Path, Value, origin_of


def locate(root: Value, path: Iterable[str | int], at_key: bool = False) -> Origin | None:
    """Return the best origin for `path` in the tree `root`.

    That is the origin of the value there, or of its key if the value begins on a later line. If it is missing, or was added by
    dsgen, it is the origin of the nearest ancestor that has one, or else of the first part of that which has one. A template's line
    is returned only if there is none of a profile.
    """
    trail: list[tuple[Value, Value, str | int]] = []
    value, found = root, True
    for step in path:
        below = _child(value, step)
        if below is None:
            found = False
            break
        trail.append((below, value, step))
        value = below
    own, key_origin = origin_of(value), _key_origin(*trail[-1][1:]) if trail else None
    # For an object that a shipped template generates as a whole, the first value from elsewhere in it.
    if found and own is not None and (key_origin is not None or not isinstance(own, ShippedLine)):
        if key_origin is None:
            return own
        later = isinstance(value, (Map, List)) and key_origin.file == own.file and key_origin.line < own.line
        stated = isinstance(own, TemplateLine) and not isinstance(key_origin, TemplateLine)
        blamed = at_key and not isinstance(key_origin, ShippedLine)
        return key_origin if blamed or later or stated else own
    fallback: Origin | None = None
    for origin in _origins(root, trail):
        if not isinstance(origin, TemplateLine):
            return origin
        fallback = fallback or origin
    return fallback


def _key_origin(parent: Value, step: str | int) -> Origin | None:
    return origin_of(parent.key(str(step))) if isinstance(parent, Map) else None


def _origins(root: Value, trail: list[tuple[Value, Value, str | int]]) -> Iterator[Origin]:
    """Yield the origins of values and of their keys, the last first, each followed by what is in it."""
    for value, parent, step in reversed(trail):
        yield from filter(None, (origin_of(value), _key_origin(parent, step)))
        yield from _inside(value)
    yield from filter(None, (origin_of(root),))
    yield from _inside(root)


def value_at(root: Value | None, path: Iterable[str | int]) -> Value | None:
    """Return the value at `path` in the tree `root`, or None if there is none."""
    for step in path:
        root = _child(root, step)
    return root


def _child(node: Value | None, step: str | int) -> Value | None:
    if isinstance(node, dict) and isinstance(step, str):
        return node.get(step)
    if isinstance(node, list) and isinstance(step, int) and 0 <= step < len(node):
        return node[step]
    return None


def children(node: Value | None) -> Iterable[tuple[str | int, Value]]:
    """Return the items of a map or list with their keys or indexes, in order; nothing for any other value."""
    if isinstance(node, dict):
        return node.items()
    return enumerate(node) if isinstance(node, list) else ()


def is_within(path: Path, places: Iterable[Path]) -> bool:
    """Return whether a path leads to one of some places, or into it."""
    return any(path[: len(place)] == place for place in places)


def values_in(node: Value | None) -> Iterable[Value]:
    """Return the values of a map or list, in order; nothing for any other value."""
    if isinstance(node, dict):
        return node.values()
    return node if isinstance(node, list) else ()


def _inside(value: Value) -> Iterator[Origin]:
    """Yield the origins of everything inside `value`, in order: keys before their values."""
    for part in children(value):
        for origin in map(origin_of, part):
            if origin is not None:
                yield origin
        yield from _inside(part[1])


def keys(root: Value) -> set[str]:
    """Return every key of every map in the tree."""
    found: set[str] = set()
    _collect_keys(root, found)
    return found


def _collect_keys(value: Any, found: set[str]) -> None:
    if type(value) is Map:
        found.update(value)
        value = value.values()
    for child in value:
        if type(child) is Map or type(child) is List:
            _collect_keys(child, found)


def count(root: Value) -> int:
    """Return the number of values in the tree."""
    found, waiting = 0, [root]
    while waiting:
        value = waiting.pop()
        found += 1
        waiting += values_in(value)
    return found


def paths(root: Value, above: Path = ()) -> Iterator[tuple[Origin, Path]]:
    """Yield the path of each value and each key in the tree, with its origin."""
    for step, value in children(root):
        path = (*above, step)
        for origin in (origin_of(value), origin_of(step)):
            if origin is not None:
                yield origin, path
        yield from paths(value, path)


def named_by(value: Value | None, key: str) -> Value | None:
    """Return what a map has under a key, or else the value itself, which is the short form of such a map."""
    return value.get(key) if isinstance(value, Map) else value
