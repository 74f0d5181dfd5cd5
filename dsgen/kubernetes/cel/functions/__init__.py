"""Functions for expressions that the library does not have. Each takes its arguments as one list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final


def _inserted(arguments: list[Any]) -> Any:
    """`cel.@mapInsert`, which the macros `transformMap` and `transformMapEntry` call."""
    target, *entry = arguments
    added = entry[0] if len(entry) == 1 else {entry[0]: entry[1]}
    again = next((key for key in added if key in target), None)
    if again is not None:
        raise ValueError(f"insert failed: key {again} already exists")
    return {**target, **added}


# Name → the function; members have their target as the first argument. They raise ValueError with the server's message.
FUNCTIONS: Final[dict[str, Callable[[list[Any]], Any]]] = {"cel.@mapInsert": _inserted}
