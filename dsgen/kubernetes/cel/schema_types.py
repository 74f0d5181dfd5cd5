"""The types and values that expressions have of a schema (k8s.io/apiserver/pkg/cel/common: schemas.go and values.go)."""

from __future__ import annotations

import re
from typing import Any, Final

from dsgen.kubernetes.cel.names import escaped
from dsgen.kubernetes.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    Type,
    list_of,
    map_of,
    object_of,
)
from dsgen.kubernetes.schema.custom.schema import Schema
from dsgen.plain import plain
from dsgen.tree import List, Map, Null

_FORMATS: Final = {"byte": BYTES, "duration": DURATION, "date": TIMESTAMP, "date-time": TIMESTAMP}
_SIMPLE: Final = {"boolean": BOOL, "number": DOUBLE, "integer": INT}
_WORDS: Final = re.compile(r"\w+", re.ASCII)
_METADATA: Final = ("name", "generateName")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DURATION: Final = re.compile(r"(\d+(\.\d+)?(ns|us|ms|s|m|h))+", re.ASCII)


class UnknownValueError(Exception):
    """What the server takes a value for is not known."""


def words_of(*sources: str) -> frozenset[str]:
    """Return the words of expressions: no field with another name is selected."""
    return frozenset(word for source in sources for word in _WORDS.findall(source))


def type_of(schema: Schema, words: frozenset[str], *, is_root: bool = False) -> Type | None:
    """Return the type of a schema, with the fields that some words name, or None if expressions cannot use it."""
    if schema.raw.get("x-kubernetes-int-or-string"):
        return DYN
    kind = "object" if is_root else schema.type
    if kind == "array":
        items = None if schema.items is None else type_of(schema.items, words, is_root=schema.items.is_embedded)
        return None if items is None else list_of(items)
    if kind == "object":
        if schema.additional is not None:
            values = type_of(schema.additional, words, is_root=schema.additional.is_embedded)
            return None if values is None else map_of(values)
        fields: dict[str, Type] = {}
        for name, below in schema.properties.items():
            called = escaped(name)
            found = type_of(below, words, is_root=below.is_embedded) if called in words else None
            if found is not None:
                fields[called] = found
        if is_root:
            fields |= {"apiVersion": STRING, "kind": STRING}
            fields["metadata"] = object_of(dict.fromkeys(_METADATA, STRING))
        return object_of(fields)
    if kind == "string":
        return _FORMATS.get(schema.raw.get("format") or "", STRING)
    return _SIMPLE.get(kind)


def value_of(value: Any, schema: Schema, *, is_root: bool = False) -> Any:
    """Return a tree as expressions have it, as plain data. Raises UnknownValueError for a time that dsgen does not read."""
    if value is None or type(value) is Null:
        return None
    if type(value) is List and schema.items is not None:
        return [value_of(each, schema.items, is_root=schema.items.is_embedded) for each in value]
    if type(value) is Map:
        return _object(value, schema, is_root)
    known = plain(value)
    if schema.raw.get("x-kubernetes-int-or-string"):
        return int(known) if isinstance(known, float) else known
    if schema.type == "number" and isinstance(known, int) and not isinstance(known, bool):
        return float(known)
    if schema.type == "integer" and isinstance(known, float):
        return int(known)
    return _time(known, schema.raw.get("format") or "") if isinstance(known, str) else known


def _object(value: Map, schema: Schema, is_root: bool) -> dict[str, Any]:
    below = schema.additional
    if below is not None:
        return {str.__str__(name): value_of(each, below, is_root=below.is_embedded) for name, each in value.items()}
    found = {}
    for name, child in value.items():
        known, called = schema.properties.get(name), escaped(name)
        if is_root and name in ("apiVersion", "kind"):
            found[called] = plain(child)
        elif is_root and name == "metadata":
            stated = child if isinstance(child, dict) else {}
            found[called] = {each: plain(stated[each]) for each in _METADATA if each in stated}
        elif known is not None and called:
            found[called] = value_of(child, known, is_root=known.is_embedded)
    return found


def _time(text: str, format: str) -> str:
    if format == "date":
        if not _DATE.fullmatch(text):
            raise UnknownValueError(f"the date {text!r}")
        return f"{text}T00:00:00Z"
    if (format == "date-time" and not _TIME.fullmatch(text)) or (
        format == "duration" and not _DURATION.fullmatch(text)
    ):
        raise UnknownValueError(f"the {format} {text!r}")
    return text
