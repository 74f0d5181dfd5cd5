"""Defaults that a manifest sets: a layer sets them again where the profile has another value."""

from __future__ import annotations

from typing import Any

from dsgen.tree import List, Map, Null, Value


def with_stated(layer: Map, base: Map, stated: Map) -> Map:
    """Return a layer over `base`, with the defaults that the manifest sets, instead of the nulls for them.

    Layer and base are long forms of a profile, or parts of one; `stated` are the fields of the manifest there.
    """
    items = ((key, _value(value, base.get(key), stated.get(key))) for key, value in layer.items())
    return layer.with_items(items)


def _value(value: Value, below: Value | None, stated: Any) -> Value:
    if isinstance(value, Null):
        return _default(below, stated) or value
    if not isinstance(value, Map) or not isinstance(below, Map):
        return value
    if isinstance(stated, List) and below.type[:1] == "<":
        name = below.type[1:].partition(":")[0]
        stated = Map((str(each[name]), each) for each in stated if isinstance(each, Map) and name in each)
    return with_stated(value, below, stated) if isinstance(stated, Map) else value


def _default(below: Value | None, stated: Any) -> Value | None:
    """Return what a manifest sets where a layer below has another value; None if it does not set all of it."""
    if not isinstance(below, Map):
        return None if isinstance(below, (List, Null)) or isinstance(stated, (Map, List, Null)) else stated
    if not isinstance(stated, Map):
        return None
    result = below.with_items()
    for key, value in below.items():
        own = _default(value, stated.get(key))
        if own is None:
            return None
        result[key] = own
    return result
