"""JSON in a string, such as an annotation, as Go reads it into a struct: the case of keys does not matter, and unknown ones are skipped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dsgen.kubernetes.schema import quantity
from dsgen.tree import Integer, List, Map, Text

STRING: Final = "string"
INT32: Final = "int32"
QUANTITY: Final = "quantity"
# The fields of a struct, `[x]` for a list of x, and `{"*": x}` for a map.
Shape = Any


class _Number(str):
    """A number as it is written."""


def read(text: str, shape: Shape, place: Any) -> Any:
    """Return the value of a JSON text, every part of it at `place`.

    Raises ValueError if it does not fit the shape, or is not JSON.
    """
    import json  # for the few objects with such an annotation

    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_Number, parse_int=_Number)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return _fitted(value, shape, place)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not valid JSON")


def _fitted(value: Any, shape: Shape, place: Any) -> Any:
    """Return a value that fits, or None for null. Raises ValueError for any other."""
    if value is None:
        return None
    if isinstance(shape, list) and isinstance(value, list):
        items = (_fitted(item, shape[0], place) for item in value)
        return List([_zero(shape[0], place) if item is None else item for item in items], place)
    if isinstance(shape, dict) and isinstance(value, dict):
        return _fields(value, shape, place)
    if shape is INT32 and isinstance(value, _Number) and value.removeprefix("-").isdecimal():
        if -(2**31) <= int(value) < 2**31:
            return Integer.at(int(value), place)
    elif shape is QUANTITY and isinstance(value, str):
        quantity.parse(str(value))
        return Text.at(str(value), place)
    elif shape is STRING and isinstance(value, str) and not isinstance(value, _Number):
        return Text.at(value, place)
    raise ValueError(f"{value!r} has the wrong type")


def _zero(shape: Shape, place: Any) -> Any:
    return Map((), place) if isinstance(shape, dict) else Text.at("", place)


def _fields(value: Mapping[str, Any], shape: Mapping[str, Shape], place: Any) -> Map:
    names = {name.lower(): name for name in shape}
    result = Map((), place)
    for key, child in value.items():
        name = key if "*" in shape else names.get(key.lower())
        if name is None:
            continue
        found = _fitted(child, shape["*"] if "*" in shape else shape[name], place)
        if found is not None:
            result[Text.at(name, place)] = found
    return result
