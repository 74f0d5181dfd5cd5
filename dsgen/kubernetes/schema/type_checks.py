"""Checks compiled from the field tables: whether a value is of a type, yes or no, without a message."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import repeat
from typing import Any, Final

from dsgen.kubernetes.schema import fields, quantity, timestamp
from dsgen.tree import Boolean, List, Map, Null, Text, is_boolean, is_integer

# Returns whether a value is of a type, and adds the fields asked for that it sets to a set.
Check = Callable[[Any, set[str]], bool]


def accepts(type: str, minor: str, value: Any) -> bool:
    """Return whether a value is of `type` in `minor`, without any change."""
    return check_of(type, minor, frozenset())(value, set())


@cache
def check_of(type: str, minor: str, asked: frozenset[str]) -> Check:
    """Return the check of a type, compiled from its table; it adds those of the fields `asked` for that a value sets to a set."""
    return _compiled(type, fields.of(type, minor).types, asked, {})


def _compiled(type: str, types: dict[str, dict[str, str]], asked: frozenset[str], done: dict[str, Check]) -> Check:
    if type.startswith("["):
        return _list_check(_compiled(type[1:-1], types, asked, done))
    if type.startswith("{"):
        return _map_check(_compiled(type[1:-1], types, asked, done))
    if type in SCALAR_CHECKS:
        return SCALAR_CHECKS[type]
    if type not in done:
        done[type] = _object_check(type, types, asked, done)
    return done[type]


def _noting_check(name: str, of_field: Check) -> Check:
    def check(value: Any, stated: set[str]) -> bool:
        stated.add(name)
        return of_field(value, stated)

    return check


def _object_check(
    type_name: str, types: dict[str, dict[str, str]], asked: frozenset[str], done: dict[str, Check]
) -> Check:
    checks: dict[str, Check] = {}

    def of_fields() -> dict[str, Check]:
        found = {name: _compiled(below, types, asked, done) for name, below in types[type_name].items()}
        return {name: _noting_check(name, check) if name in asked else check for name, check in found.items()}

    def check(value: Any, stated: set[str]) -> bool:
        nonlocal checks
        if type(value) is not Map:
            return type(value) is Null
        # Few of the types of a table occur in an object.
        checks = checks or of_fields()
        for name, child in value.items():
            of_field = checks.get(name)
            if of_field is _is_text and type(child) is Text:
                continue  # the common case
            if of_field is None or not of_field(child, stated):
                return False
        return True

    return check


def _list_check(of_item: Check) -> Check:
    def check(value: Any, stated: set[str]) -> bool:
        if type(value) is not List:
            return type(value) is Null
        return Null not in map(type, value) and all(map(of_item, value, repeat(stated)))

    return check


def _map_check(of_value: Check) -> Check:
    def check(value: Any, stated: set[str]) -> bool:
        if type(value) is not Map:
            return type(value) is Null
        return Null not in map(type, value.values()) and all(map(of_value, value.values(), repeat(stated)))

    return check


def _is_text(value: Any, _: set[str]) -> bool:
    return isinstance(value, (str, Null))


def _is_boolean(value: Any, _: set[str]) -> bool:
    return isinstance(value, (Boolean, bool, Null))


def _is_int32(value: Any, _: set[str]) -> bool:
    return (is_integer(value) and -(2**31) <= value < 2**31) or type(value) is Null


def _is_int64(value: Any, _: set[str]) -> bool:
    return (is_integer(value) and quantity.MIN_INT64 <= value <= quantity.MAX_INT64) or type(value) is Null


def _is_double(value: Any, _: set[str]) -> bool:
    return (isinstance(value, (int, float)) and not is_boolean(value)) or type(value) is Null


def _is_quantity(value: Any, _: set[str]) -> bool:
    if is_boolean(value) or not isinstance(value, (str, int, float)):
        return type(value) is Null
    try:
        quantity.parse(value)
    except ValueError:
        return False
    return True


def _is_int_or_string(value: Any, stated: set[str]) -> bool:
    return isinstance(value, str) or _is_int32(value, stated)


def _is_time(value: Any, _: set[str]) -> bool:
    return timestamp.is_time(value) if isinstance(value, str) else type(value) is Null


def _is_micro_time(value: Any, _: set[str]) -> bool:
    return timestamp.is_micro_time(value) if isinstance(value, str) else type(value) is Null


def _is_bytes(value: Any, _: set[str]) -> bool:
    return not bytes_fault(value) if isinstance(value, str) else type(value) is Null


def _is_anything(value: Any, _: set[str]) -> bool:
    return True


SCALAR_CHECKS: Final[dict[str, Check]] = {
    "str": _is_text,
    "bool": _is_boolean,
    "int32": _is_int32,
    "int64": _is_int64,
    "double": _is_double,
    "bytes": _is_bytes,
    "Quantity": _is_quantity,
    "IntOrString": _is_int_or_string,
    "Time": _is_time,
    "MicroTime": _is_micro_time,
    "any": _is_anything,
}


def bytes_fault(value: str) -> str:
    """Return what is wrong with text that should be base64, or an empty string."""
    import base64

    try:
        base64.b64decode(value.replace("\n", "").replace("\r", ""), validate=True)
    except ValueError:
        return "the string is not valid base64"
    return ""
