"""Numbers as the API server has them after decoding JSON."""

from __future__ import annotations

from typing import Any, Final

from dsgen.kubernetes.schema.quantity import MAX_INT64, MIN_INT64, json_number
from dsgen.plain import plain
from dsgen.tree import is_boolean

# Go's swag: a float that is as good as a whole number.
MOST_EXACT: Final = 2**53 - 1


def number_of(value: float) -> int | float:
    """Return a number of YAML as the server's: whole if it has neither fraction nor exponent in JSON and fits into 64 bits."""
    if isinstance(value, float):
        text = json_number(value)
        if not text.lstrip("-").isdecimal():
            return float(value)
        value = int(text)
    return int(value) if MIN_INT64 <= value <= MAX_INT64 else float(value)


def json_data(value: object) -> Any:
    """Return a tree as plain data, with numbers as the server has them."""
    if isinstance(value, dict):
        return {str.__str__(key): json_data(child) for key, child in value.items()}
    if isinstance(value, list):
        return list(map(json_data, value))
    return number_of(value) if isinstance(value, (int, float)) and not is_boolean(value) else plain(value)
