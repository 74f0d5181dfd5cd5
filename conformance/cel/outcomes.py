"""The outcome of an expression, of the server's and of dsgen's, in a form that can be compared."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import Any, Final

from dsgen.kubernetes.cel.expression import Expression, compiled
from dsgen.kubernetes.cel.outcomes import CompileError, Evaluated, Failed
from dsgen.kubernetes.cel.types import DYN
from dsgen.kubernetes.schema.fields import minor_number

_EXPONENT_FROM: Final = 1e21
# The library's names of types, where they are not the server's.
_TYPES: Final = {"null": "null_type"}


def theirs(answer: dict[str, Any]) -> tuple[str, Any]:
    """Return what the Go program says: the kind of outcome, and the value."""
    if "compile" in answer:
        return "does not compile", None
    if "error" in answer:
        return "fails", None
    return "value", _known(answer["value"])


def ours(source: str, data: Any, minor: str) -> tuple[str, Any]:
    """Return what dsgen says, or `unevaluated`."""
    found = compiled(source, {"self": DYN}, minor_number(minor))
    if isinstance(found, CompileError):
        return "does not compile", None
    outcome = found.evaluate({"self": data}) if isinstance(found, Expression) else found
    if isinstance(outcome, Failed):
        return "fails", None
    return ("value", _plain(outcome.value)) if isinstance(outcome, Evaluated) else ("unevaluated", outcome.reason)


def _plain(value: Any) -> Any:
    """Return a value as the Go program writes it. Python has no nanoseconds."""
    if isinstance(value, dict):
        opaque = any(str(key).startswith("\x01") for key in value)
        return "opaque" if opaque else {_key(key): _plain(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_plain(child) for child in value]
    if isinstance(value, datetime.datetime):
        return {"seconds": int(value.timestamp() // 1), "nanoseconds": value.microsecond * 1000}
    if isinstance(value, datetime.timedelta):
        microseconds = value // datetime.timedelta(microseconds=1)
        seconds = abs(microseconds) // 10**6 * (1 if microseconds > 0 else -1)
        return {"seconds": seconds, "nanoseconds": (microseconds - seconds * 10**6) * 1000}
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": value.hex()}
    if isinstance(value, float) and not math.isfinite(value):
        return {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}[str(value)]
    if isinstance(value, float):
        # JSON as Go writes it has no exponent in numbers of this size, and no fraction in whole ones.
        return int(Decimal(repr(value))) if value.is_integer() and abs(value) < _EXPONENT_FROM else value
    if isinstance(value, (str, int)) or value is None:
        return value
    name: str = value.name().lower().partition("<")[0]
    return _TYPES.get(name, name)


def _known(value: Any) -> Any:
    """Return a value of the server's without what Python does not know."""
    if isinstance(value, dict):
        if set(value) == {"seconds", "nanoseconds"}:
            return {**value, "nanoseconds": int(value["nanoseconds"] / 1000) * 1000}
        return {key: _known(child) for key, child in value.items()}
    return list(map(_known, value)) if isinstance(value, list) else value


def _key(key: Any) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)
