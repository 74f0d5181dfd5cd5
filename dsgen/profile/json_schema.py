"""The JSON Schema (draft-07) of profiles and environments, generated from the schema, for editors.

It is laxer than dsgen in one way only: the spelling of numbers and quantities is left to dsgen.
"""

from __future__ import annotations

from typing import Any, Final

from dsgen import source
from dsgen.kubernetes.schema.fields.versions import versions
from dsgen.profile.key import Rules
from dsgen.profile.shorthand import SHORT_FORMS
from dsgen.profile.tables import fields_of, versions_of
from dsgen.profile.typed import FILE_MODES, NAMED
from dsgen.tree import plain

_SCALARS: Final[dict[str, list[str]]] = {
    "str": ["string", "number", "boolean", "null"],
    "Quantity": ["string", "number", "null"],
    "Time": ["string", "null"],
    "bytes": ["string", "null"],
    "bool": ["boolean", "null"],
    "int32": ["integer", "null"],
    "int64": ["integer", "null"],
    "IntOrString": ["integer", "string", "null"],
}


def notation(text: str) -> dict[str, Any]:
    """Return the schema for a notation of the field tables; types are referred to by name."""
    if text in _SCALARS:
        return {"type": _SCALARS[text]}
    if text == "any":
        return {}
    if text.startswith("["):
        return {"type": ["array", "null"], "items": notation(text[1:-1])}
    if text.startswith("{"):
        return {"type": ["object", "null"], "additionalProperties": notation(text[1:-1])}
    if text.startswith("<"):
        inner = notation(text[1:-1].partition(":")[2])
        return {
            "anyOf": [{"type": ["object", "null"], "additionalProperties": inner}, {"type": "array", "items": inner}]
        }
    return {"$ref": f"#/definitions/{text}"}


def json_schema(rules: Rules) -> dict[str, Any]:
    """Return the JSON Schema for profiles, or for environments."""
    definitions: dict[str, Any] = {}
    schema = _rules(rules)
    type = rules["meta"]["type"]
    _define(schema, definitions)
    required = {"anyOf": [{"required": ["name", "containers"]}, {"required": ["extends"]}]} if type == "profile" else {}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"dsgen {type}",
        **schema,
        "type": "object",
        **required,
        "definitions": dict(sorted(definitions.items())),
    }


def _rules(rules: Rules) -> dict[str, Any]:
    meta = rules["meta"]
    schema: dict[str, Any]
    if "kubernetes" in rules:
        schema = notation(rules["kubernetes"])
    elif "named" in rules:
        entry = _rules(rules["named"])
        by_name = {"type": ["object", "null"], "additionalProperties": entry}
        listed = {**entry, "properties": {"name": notation("str"), **entry["properties"]}, "required": ["name"]}
        free = meta["type"].startswith("{")
        schema = by_name if free else {"anyOf": [by_name, {"type": "array", "items": listed}]}
    elif "schema" in rules:
        properties = {name: _rules(entry) for name, entry in rules["schema"].items()}
        schema = {"type": ["object", "null"], "properties": properties, "additionalProperties": False}
        if "text" in rules:
            schema = {"anyOf": [notation("str"), schema]}
    else:
        schema = meta["json"]
    # Draft-07 ignores the siblings of a reference.
    schema = {"allOf": [schema]} if "$ref" in schema else dict(schema)
    only = versions_of(meta.get("field", ""))
    schema["description"] = f"{meta['description']} (Kubernetes {only})" if only else meta["description"]
    if "example" in meta:
        schema["examples"] = list(plain(source.read(meta["example"], "")[0]).values())  # type: ignore[attr-defined]
    return schema


def _define(schema: Any, definitions: dict[str, Any]) -> None:
    """Add a definition for each type that the schema refers to."""
    if isinstance(schema, list):
        for part in schema:
            _define(part, definitions)
    elif isinstance(schema, dict):
        reference = schema.get("$ref", "")
        name = reference.rpartition("/")[2]
        if reference and name not in definitions:
            definitions[name] = {}
            definitions[name] = _type(name)
            _define(definitions[name], definitions)
        for part in schema.values():
            _define(part, definitions)


def _type(name: str) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    short = SHORT_FORMS.get(name)
    for field, kind in {**fields_of(name), **(short.more if short else {})}.items():
        named = NAMED.get((name, field))
        if named:
            kind = f"<{named}:{'Mount' if field == 'volumeMounts' else kind[1:-1]}>"
        properties[field] = {"type": ["integer", "string", "null"]} if field in FILE_MODES else notation(kind)
        if only := versions(name, field):
            properties[field] = {"allOf": [properties[field]], "description": f"Kubernetes {only}"}
        if kind.startswith("["):
            properties[f"{field}+"] = notation(kind)
    schema = {"type": ["object", "null"], "properties": properties, "additionalProperties": False}
    if short is None or short.json is None:
        return schema
    return {"anyOf": [short.json, schema], "examples": [short.example]}
