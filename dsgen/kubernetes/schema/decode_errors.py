"""Reads a tree that does not fit: what is wrong, and what is left without it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from dsgen.kubernetes.schema import fields, quantity
from dsgen.kubernetes.schema.errors import (
    INVALID_BASE64,
    INVALID_FIELD_TYPE,
    INVALID_QUANTITY,
    INVALID_TIME,
    OUT_OF_RANGE,
    UNKNOWN_FIELD,
    DecodeError,
    Stage,
)
from dsgen.kubernetes.schema.type_checks import accepts, bytes_fault
from dsgen.problem import SUGGESTIONS, Code
from dsgen.source import describe
from dsgen.tree import Boolean, Float, Integer, List, Map, Null, Path, Text, is_boolean, is_integer, origin_of, spelling

TYPES: Final = {
    "str": "a string",
    "bool": "true or false",
    "int32": "a whole number",
    "int64": "a whole number",
    "double": "a number",
    "bytes": "a base64 string",
    "Quantity": "a quantity, such as `100m` or `128Mi`",
    "IntOrString": "a whole number or a string",
    "Time": "a time, such as `2026-01-31T12:00:00Z`",
    "MicroTime": "a time with six digits for the microseconds, such as `2026-01-31T12:00:00.000000Z`",
}

# The fields of a Secret that contain its values, or may contain a copy of them, as annotations do.
SECRET_FIELDS: Final = ("data", "stringData", "metadata")


def _is_byte(value: Any) -> bool:
    whole = is_integer(value) or (isinstance(value, Float) and value.is_integer())
    return (whole and 0 <= value <= 255) or type(value) is Null


def _base64(items: Any) -> str:
    """Return a list of numbers in base64: the server reads it as bytes, though that is hardly intended."""
    import base64

    return base64.b64encode(bytes(0 if isinstance(item, Null) else int(item) for item in items)).decode()


class Mismatch(Exception):
    """The value is not of its type, and is left out."""


class ErrorCollector:
    """Reads a tree that the check rejects: describes the errors, and returns a tree that fits."""

    # The stage that rejects a value of the wrong type.
    stage: Stage = "decode"

    def __init__(self, kind: str, minor: str) -> None:
        self.kind = kind
        self.table = fields.of(kind, minor)
        self.faults: list[DecodeError] = []

    def read(self, type: str, value: Any, path: Path) -> Any:
        """Return `value` as one of `type`. Raises Mismatch, with a fault, if it does not fit."""
        if isinstance(value, Null) or type == "any":
            return value
        if type.startswith("["):
            return self._list(type[1:-1], value, path)
        if type.startswith("{"):
            return self._map(type[1:-1], value, path)
        if type in fields.SCALARS:
            return self._scalar(type, value, path)
        return self._object(type, value, path)

    def _object(self, type: str, value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            raise self._wrong(path, "a map", value)
        result = Map((), origin_of(value), getattr(value, "type", ""))
        known = self.table.types[type]
        for name, child in value.items():
            if name not in known:
                from dsgen.kubernetes.schema import suggest  # only mistakes need it

                message, hint = suggest.NO_FIELD, ""
                if len(self.faults) < SUGGESTIONS:
                    message, hint = suggest.unknown_field(self.table, self.kind, type, path, name, child)
                self.faults.append(DecodeError(UNKNOWN_FIELD, "strict", (*path, name), message, hint))
                continue
            self._add(result, name, known[name], child, path)
        return result

    def _add(self, result: Map, name: str, type: str, child: Any, path: Path) -> None:
        with suppress(Mismatch):
            result[name] = self.read(type, child, (*path, name))

    def _list(self, type: str, value: Any, path: Path) -> Any:
        if not isinstance(value, list):
            hint = f"write a list: `- {value}`" if isinstance(value, str) and value and "\n" not in value else ""
            raise self._wrong(path, "a list", value, hint)
        result = List((), origin_of(value))
        for index, item in enumerate(value):
            try:
                result.append(self._item(type, item, (*path, index)))
            except Mismatch:
                # The items after it keep their indexes, and so their paths.
                result.append(zero(type, item))
        return result

    def _item(self, type: str, item: Any, path: Path) -> Any:
        return zero(type, item) if isinstance(item, Null) else self.read(type, item, path)

    def _map(self, type: str, value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            raise self._wrong(path, "a map", value)
        result = Map((), origin_of(value))
        for name, child in value.items():
            if isinstance(child, Null):
                result[name] = zero(type, child)
            else:
                self._add(result, name, type, child, path)
        return result

    def _scalar(self, type: str, value: Any, path: Path) -> Any:
        if type in ("int32", "int64") or (type == "IntOrString" and not isinstance(value, str)):
            return self._number(type, value, path)
        if accepts(type, self.table.minor, value):
            return value
        if type == "bytes" and isinstance(value, list) and all(map(_is_byte, value)):
            return Text.at(_base64(value), origin_of(value))
        if type == "Quantity" and isinstance(value, (str, int, float)) and not is_boolean(value):
            raise self._fault(INVALID_QUANTITY, path, f"{str(value)!r} is not a valid quantity", _quantity_hint(value))
        if type in ("Time", "MicroTime") and isinstance(value, str):
            example = "2026-01-31T12:00:00Z" if type == "Time" else "2026-01-31T12:00:00.000000Z"
            raise self._fault(INVALID_TIME, path, f"{str(value)!r} is not a valid time", f"write it as `{example}`")
        if type == "bytes" and isinstance(value, str):
            raise self._fault(INVALID_BASE64, path, bytes_fault(value))
        hint = f"quote it: `'{spelling(value)}'`" if type == "str" and isinstance(value, (int, float)) else ""
        if type == "bool" and isinstance(value, str):
            hint = "write `true` or `false`, without quotes"
        raise self._wrong(path, TYPES[type], value, hint)

    def _number(self, type: str, value: Any, path: Path) -> Any:
        if isinstance(value, Float) and value.is_integer() and abs(value) < 1e21:
            value = Integer.at(int(quantity.json_number(value)), value.origin, value.text)
        if not is_integer(value):
            text = str(value) if isinstance(value, str) else ""
            hint = f"write `{text}` without quotes" if text.strip("-").isdecimal() else ""
            raise self._wrong(path, TYPES[type], value, hint)
        bits = 64 if type == "int64" else 32
        if not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
            raise self._fault(OUT_OF_RANGE, path, f"{int(value)} does not fit into {bits} bits")
        return value

    def _wrong(self, path: Path, wanted: str, value: Any, hint: str = "") -> Mismatch:
        if self.kind == "Secret" and path[0] in SECRET_FIELDS:
            # Nothing of a value is printed.
            hint = hint.partition(" it: ")[0] and "quote the value"
            return self._fault(INVALID_FIELD_TYPE, path, f"must be {wanted}, got {_kind_of(value)}", hint)
        return self._fault(INVALID_FIELD_TYPE, path, f"must be {wanted}, got {described(value)}", hint)

    def _fault(self, kind: Code, path: Path, message: str, hint: str = "") -> Mismatch:
        self.faults.append(DecodeError(kind, self.stage, path, message, hint))
        return Mismatch()


def described(value: Any) -> str:
    """Describe a value for a message, with its type if YAML has only the number or word."""
    if is_boolean(value):
        return f"the boolean {'true' if value else 'false'}"
    if isinstance(value, (int, float)):
        return f"the number {getattr(value, 'text', value)}"
    return describe(value)


def _kind_of(value: Any) -> str:
    """Describe a value without quoting it."""
    if is_boolean(value):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    return "a number" if isinstance(value, (int, float)) else describe(value)


def _quantity_hint(value: Any) -> str:
    try:
        quantity.parse(value)
    except ValueError as error:
        return str(error).partition(": ")[2] or "write it as `100m`, `0.5`, `2` or `128Mi`"
    return ""


def zero(type: str, value: Any) -> Any:
    """Return the value of a null inside a list or map."""
    origin = origin_of(value)
    if type in ("str", "bytes", "Time", "MicroTime"):
        return Text.at("", origin)
    if type == "bool":
        return Boolean.at(False, origin)
    if type in ("int32", "int64", "double", "IntOrString"):
        return Integer.at(0, origin)
    if type == "Quantity":
        return Text.at("0", origin)
    if type.startswith("["):
        return List((), origin)
    return Map((), origin)
