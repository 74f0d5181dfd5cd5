"""The JSON types of values, and which types of a schema they fit."""

from __future__ import annotations

from typing import Any

from dsgen.kubernetes.schema.custom.numbers import MOST_EXACT, number_of
from dsgen.tree import Boolean, List, Map


def type_of(value: Any) -> str:
    """Return the JSON type of a value as the server has it."""
    if type(value) is Map:
        return "object"
    if type(value) is List:
        return "array"
    if isinstance(value, (bool, Boolean)):
        return "boolean"
    if isinstance(value, str):
        return "string"
    return "integer" if isinstance(number_of(value), int) else "number"


def fits_types(kind: str, value: Any, types: tuple[str, ...], format: str) -> bool:
    """Return whether a value of the type `kind` passes for one of the `types` of a schema with a `format`."""
    is_whole = kind == "number" and float(value).is_integer() and abs(value) <= MOST_EXACT
    fits = kind in types or (is_whole and "integer" in types) or (kind == "integer" and "number" in types)
    if kind in ("string", "array"):
        # As the server has it: any text or list passes for a string with a format, which is checked for texts only.
        return fits or bool(format and not {"integer", "number"} & set(types))
    return fits
