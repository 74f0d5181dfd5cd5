"""Values as plain Python data, without origins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dsgen.tree import Text, Value, is_boolean


def plain(value: object) -> object:
    """Return `value` as plain Python data: str, int, float, bool, None, dict and list, without origins."""
    if type(value) is Text:  # most are
        return str.__str__(value)
    if isinstance(value, dict):
        return plain_map(value)
    if isinstance(value, list):
        return [plain(child) for child in value]
    if is_boolean(value):
        return bool(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, str):
        return str.__str__(value)
    return None


def plain_map(value: Mapping[str, Value]) -> dict[str, Any]:
    """Return a map as plain Python data."""
    return {str.__str__(key): plain(child) for key, child in value.items()}


def frozen(value: object) -> object:
    """Return a key for dicts that is equal for two values if and only if their plain data are equal."""
    if isinstance(value, dict):
        return frozenset((str.__str__(key), frozen(child)) for key, child in value.items())
    if isinstance(value, list):
        return tuple(map(frozen, value))
    return (bool, bool(value)) if is_boolean(value) else plain(value)


def is_alike(one: object, other: object) -> bool:
    """Return whether two values have the same plain data: it is faster than converting both. The order of keys does not matter."""
    if one is other:
        return True
    if isinstance(one, str):
        return isinstance(other, str) and one == other
    if isinstance(one, dict):
        if not isinstance(other, dict) or len(one) != len(other):
            return False
        return all(key in other and is_alike(child, other[key]) for key, child in one.items())
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(is_alike, one, other))
    value, wanted = plain(one), plain(other)
    return type(value) is type(wanted) and value == wanted
