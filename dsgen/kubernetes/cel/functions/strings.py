"""Functions of strings that the library has otherwise than Go (github.com/google/cel-go/ext: strings.go), and `int`."""

from __future__ import annotations

import re
from typing import Any, Final

from dsgen.kubernetes.cel.functions.values import Function, NoOverloadError, UnknownResultError, text_of
from dsgen.kubernetes.schema.quantity import MAX_INT64, MIN_INT64

_WHOLE: Final = re.compile(r"[+-]?[0-9]+", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)
# Hexadecimal numbers, and those that are infinite or none.
_UNUSUAL: Final = re.compile(r"[+-]?(0x.*|inf|infinity|nan)", re.IGNORECASE)
_DIRECTIVE: Final = re.compile(r"%(%|(\.[0-9]+)?(.)|)", re.DOTALL)


def _substring(arguments: list[Any]) -> str:
    text, start = text_of(arguments[0]), arguments[1]
    end = arguments[2] if len(arguments) > 2 else len(text)
    for index in (start, end):
        if not 0 <= index <= len(text):
            raise ValueError(f"index out of range: {index}")
    if end < start:
        raise ValueError(f"invalid substring range. start: {start}, end: {end}")
    return text[start:end]


def _split(arguments: list[Any]) -> list[str]:
    text, separator = text_of(arguments[0]), text_of(arguments[1])
    most = arguments[2] if len(arguments) > 2 else -1
    if most == 0:
        return []
    if separator:
        return text.split(separator, most - 1 if most > 0 else -1)
    return list(text) if most < 0 or len(text) <= most else [*text[: most - 1], text[most - 1 :]]


def _int(arguments: list[Any]) -> int:
    value = arguments[0]
    if isinstance(value, str):
        if not _WHOLE.fullmatch(value) or not MIN_INT64 <= int(value) <= MAX_INT64:
            raise ValueError("type conversion error from 'string' to 'int'")
        return int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise NoOverloadError
    if not MIN_INT64 <= value <= MAX_INT64 or (isinstance(value, float) and not MIN_INT64 < value < MAX_INT64):
        raise ValueError("integer overflow")
    return int(value)


def _double(arguments: list[Any]) -> float:
    value = arguments[0]
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise NoOverloadError
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        if _UNUSUAL.fullmatch(value) or "_" in value:
            raise UnknownResultError(f"the number {value!r}")
        raise ValueError("type conversion error from 'string' to 'double'")
    found = float(value)
    if found in (float("inf"), float("-inf")):
        raise UnknownResultError(f"the number {value!r}")
    return found


def _format(arguments: list[Any]) -> str:
    text, values = text_of(arguments[0]), list(arguments[1])

    def written(found: re.Match[str]) -> str:
        if found[1] == "%":
            return "%"
        if not values:
            raise ValueError("index out of range")
        value = values.pop(0)
        if found[2] or found[3] not in ("s", "d"):
            raise UnknownResultError(f"the format `{found[0]}`")
        if isinstance(value, bool) and found[3] == "s":
            return str(value).lower()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and found[3] == "s":
            return value
        if value is None and found[3] == "s":
            return "null"
        raise UnknownResultError(f"the format `{found[0]}` of such a value")

    return _DIRECTIVE.sub(written, text)


STRINGS: Final[dict[str, Function]] = {
    "substring": _substring,
    "split": _split,
    "format": _format,
    "int": _int,
    "double": _double,
}
