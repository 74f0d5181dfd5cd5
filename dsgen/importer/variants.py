"""Several DaemonSets of one agent as one profile: what all state, and a variant with the rest for each."""

from __future__ import annotations

from typing import Final

from dsgen.importer.extension import appends
from dsgen.resolve.layers import WHOLE, merge
from dsgen.tree import List, Map, Text, Value, origin_of, plain

# Made once and shared by all variants, so none states them.
COMPANIONS: Final = (
    "namespace",
    "serviceAccount",
    "configMaps",
    "priorityClass",
    "service",
    "podMonitor",
    "networkPolicy",
)


def split(wholes: list[Map]) -> tuple[Map, list[Map]]:
    """Return what all layers state, and for each what to merge over that; long forms all of them. What is in order stays so."""
    first = wholes[0]
    common = Map((), first.origin, first.type)
    rests = [Map((), whole.origin, whole.type) for whole in wholes]
    for key in dict.fromkeys(key for whole in wholes for key in whole):
        values = [whole.get(key) for whole in wholes]
        stated = [value for value in values if value is not None]
        if len(stated) == len(wholes):
            shared, left = _shared(first.type, key, stated)
        else:
            shared, left = None, []
        if shared is not None:
            common[key] = shared
        for rest, value, over in zip(rests, values, left or values, strict=True):
            appended = over is not value and isinstance(over, List)
            if over is not None:
                rest[Text.at(f"{key}+", origin_of(key)) if appended else key] = over
    if first.type[:1] == "<" and not _in_order(common, rests, wholes):
        return Map((), first.origin, first.type), wholes
    return common, rests


def _shared(type: str, key: str, values: list[Value]) -> tuple[Value | None, list[Value | None]]:
    """Return what values under one key have in common, and what each states over that."""
    first = values[0]
    if all(_ordered(value) == _ordered(first) for value in values):
        return first, [None] * len(values)
    if (type, key) in WHOLE:
        return None, []
    maps = [value for value in values if isinstance(value, Map)]
    if len(maps) == len(values):
        shared, rests = split(maps)
        return (shared, [rest or None for rest in rests]) if shared else (None, [])
    lists = [value for value in values if isinstance(value, List)]
    if len(lists) == len(values) and appends(type, key):
        length = 0
        while all(length < len(each) and plain(each[length]) == plain(lists[0][length]) for each in lists):
            length += 1
        if length:
            return List(lists[0][:length], lists[0].origin), [
                List(each[length:], each.origin) or None for each in lists
            ]
    return None, []


def _ordered(value: Value) -> object:
    """Return plain data, maps as pairs in their order."""
    if isinstance(value, Map):
        return [(key, _ordered(child)) for key, child in value.items()]
    return list(map(_ordered, value)) if isinstance(value, List) else plain(value)


def _in_order(common: Map, rests: list[Map], wholes: list[Map]) -> bool:
    """Tell whether each map by name keeps its order, which is that of the manifest."""
    merged = (merge(common, rest, lambda _: None) for rest in rests)
    return all(list(each) == list(whole) for each, whole in zip(merged, wholes, strict=True))
