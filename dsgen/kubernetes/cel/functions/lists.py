"""Functions of lists: those of Kubernetes (k8s.io/apiserver/pkg/cel/library), and one that a macro calls."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

from dsgen.kubernetes.cel.functions.values import Function, NoOverloadError, UnknownResultError, equal
from dsgen.kubernetes.schema.quantity import MAX_INT64, MIN_INT64


def _inserted(arguments: list[Any]) -> Any:
    """`cel.@mapInsert`, which the macros `transformMap` and `transformMapEntry` call."""
    target, *entry = arguments
    added = entry[0] if len(entry) == 1 else {entry[0]: entry[1]}
    again = next((key for key in added if key in target), None)
    if again is not None:
        raise ValueError(f"insert failed: key {again} already exists")
    return {**target, **added}


def _comparable(arguments: list[Any]) -> list[Any]:
    items = arguments[0]
    if not isinstance(items, list):
        raise NoOverloadError
    if any(isinstance(each, (datetime.datetime, datetime.timedelta)) for each in items):
        # Python's have no nanoseconds.
        raise UnknownResultError("the order of times")
    kinds = {"number" if _is_number(each) else type(each) for each in items}
    if len(kinds) > 1 or kinds & {dict, list, type(None)}:
        raise NoOverloadError
    if any(isinstance(each, float) and each != each for each in items):
        raise UnknownResultError("the order of a number that is none")
    return items


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_sorted(arguments: list[Any]) -> bool:
    items = _comparable(arguments)
    return all(a <= b for a, b in pairwise(items))


def _sum(arguments: list[Any]) -> Any:
    items = _comparable(arguments)
    if not all(map(_is_number, items)):
        raise NoOverloadError
    total: Any = 0
    for each in items:
        total += each
        if isinstance(total, int) and not MIN_INT64 <= total <= MAX_INT64:
            raise ValueError("integer overflow")
    return total


def _extreme(name: str, choose: Callable[[list[Any]], Any]) -> Function:
    def of(arguments: list[Any]) -> Any:
        items = _comparable(arguments)
        if not items:
            raise ValueError(f"{name} called on empty list")
        return choose(items)

    return of


def _index_of(arguments: list[Any]) -> int:
    target, item = arguments[:2]
    if isinstance(target, str) and isinstance(item, str):
        return _index_of_text(target, item, arguments[2] if len(arguments) > 2 else 0)
    if not isinstance(target, list) or len(arguments) > 2:
        raise NoOverloadError
    return next((index for index, each in enumerate(target) if equal(each, item)), -1)


def _last_index_of(arguments: list[Any]) -> int:
    target, item = arguments[:2]
    if isinstance(target, str) and isinstance(item, str):
        return _last_index_of_text(target, item, arguments[2] if len(arguments) > 2 else None)
    if not isinstance(target, list) or len(arguments) > 2:
        raise NoOverloadError
    return next((index for index in reversed(range(len(target))) if equal(target[index], item)), -1)


def _index_of_text(text: str, part: str, start: int) -> int:
    if start < 0:
        raise ValueError(f"index out of range: {start}")
    if not part:
        return start
    return text.find(part, start) if start < len(text) else -1


def _last_index_of_text(text: str, part: str, end: int | None) -> int:
    if end is not None and end < 0:
        raise ValueError(f"index out of range: {end}")
    if not part:
        return len(text) if end is None else end
    if end is not None and end >= len(text):
        return -1
    return text.rfind(part, 0, None if end is None else end + len(part))


def _includes(arguments: list[Any]) -> bool:
    target, item = arguments
    return any(equal(each, item) for each in target) if isinstance(target, list) else equal(target, item)


LISTS: Final[dict[str, Function]] = {
    "cel.@mapInsert": _inserted,
    "isSorted": _is_sorted,
    "sum": _sum,
    "min": _extreme("min", min),
    "max": _extreme("max", max),
    "indexOf": _index_of,
    "lastIndexOf": _last_index_of,
    "includes": _includes,
}
