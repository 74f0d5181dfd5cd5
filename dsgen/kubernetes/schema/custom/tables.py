"""The schema of a custom kind as a field table: the types of its objects, and their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dsgen.record import Record

_SCALARS: Final = {"integer": "int64", "boolean": "bool", "string": "str", "number": "double"}


class CustomTypes(Record):
    """The fields of each type by name, as `dsgen.kubernetes.schema.fields` writes them, and the defaults of fields by type."""

    types: dict[str, dict[str, str]]
    defaults: dict[str, dict[str, Any]]


def types_of(kind: str, schema: Mapping[str, Any]) -> CustomTypes:
    """Return the types in the schema of a `kind`. They are called after it and their field; objects of the same shape are one type."""
    found = CustomTypes({}, {})
    _add(found, kind, kind, schema)
    return found


def _add(found: CustomTypes, kind: str, name: str, schema: Mapping[str, Any]) -> str:
    fields: dict[str, str] = {}
    for field, below in schema["properties"].items():
        is_metadata = name == kind and field == "metadata"
        fields[field] = "ObjectMeta" if is_metadata else _notation(found, kind, field, below)
    defaults = {field: below["default"] for field, below in schema["properties"].items() if "default" in below}
    for known, same in found.types.items():
        if same == fields and found.defaults.get(known, {}) == defaults:
            return known
    # A second shape of the same name gets a number.
    names = (name, *(f"{name}{number}" for number in range(2, len(found.types) + 3)))
    free = next(each for each in names if each not in found.types)
    found.types[free] = fields
    if defaults:
        found.defaults[free] = defaults
    return free


def _notation(found: CustomTypes, kind: str, field: str, schema: Mapping[str, Any]) -> str:
    if schema.get("x-kubernetes-int-or-string"):
        return "IntOrString"
    if schema["type"] == "array":
        return f"[{_notation(found, kind, field, schema['items'])}]"
    if schema["type"] == "object":
        if "additionalProperties" in schema:
            return f"{{{_notation(found, kind, field, schema['additionalProperties'])}}}"
        return _add(found, kind, f"{kind}{field[0].upper()}{field[1:]}", schema) if "properties" in schema else "any"
    return str({**_SCALARS, "integer": schema.get("format", "int64")}[schema["type"]])
