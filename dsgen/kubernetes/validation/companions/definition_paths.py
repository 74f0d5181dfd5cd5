"""Paths in custom resources, as selectable fields and rules have them (k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel: ValidFieldPath)."""

from __future__ import annotations

import re
from typing import Final

from dsgen.record import Record
from dsgen.tree import Map

_TOKEN: Final = re.compile(r"'(?:.*?[^\\])?'|'.*|[.\[\]]|[^.\[\]]+", re.DOTALL)
# What is after a backslash in a quoted name, and what it means.
ESCAPES: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "'": "'", "\\": "\\"}


class NamedFields(Record):
    """The fields that a path names, and the schema of the last; None if anything is allowed there."""

    fields: tuple[str, ...]
    schema: Map | None


def follow(path: str, schema: Map, *, with_brackets: bool) -> NamedFields | str:
    """Return where a path such as `.spec.size` leads to in a schema, or what is wrong with it. Names in brackets may be not allowed."""
    tokens = iter(_TOKEN.findall(path))
    fields: list[str] = []
    place: Map | None = schema
    for token in tokens:
        if token == "[":
            if not with_brackets:
                return "must not have brackets"
            quoted = next(tokens, "")
            if len(quoted) < 2 or quoted[0] != "'" or quoted[-1] != "'":
                return "must have a name in single quotes in the brackets"
            if re.search(r"\\(?![abfnrtv'\\])", re.sub(r"\\\\", "", quoted[1:-1])):
                return "has an escape that does not exist"
            name = re.sub(r"\\(.)", lambda found: ESCAPES[found[1]], quoted[1:-1])
        elif token == ".":
            name = next(tokens, "")
            if not name:
                return "ends in a dot"
        else:
            return f"must begin with a dot, and have a dot before each name, got {token!r}"
        below = _below(place, name)
        if isinstance(below, str):
            return below
        place = below.schema
        fields.append(name)
        if token == "[" and next(tokens, "") != "]":
            return "has a `[` without `]`"
    return NamedFields(tuple(fields), place)


def _below(schema: Map | None, name: str) -> NamedFields | str:
    properties = schema.map("properties") if schema is not None else Map()
    if properties:
        if name not in properties:
            return f"there is no field {name!r} in the schema"
        return NamedFields((name,), properties.map(name))
    if schema is not None and schema.is_set("additionalProperties"):
        return NamedFields((name,), schema.child("additionalProperties"))
    return f"there is no field {name!r} in the schema"
