"""The JSON Schema (draft-07) of profiles and environments, generated from the schema, for editors.

Editors offer examples as values, so those that are maps or lists are in the description. The schema is laxer than dsgen: the spelling of numbers and quantities is left to dsgen, and nothing is required, since a parent such as
`_house.yaml` needs neither a name nor containers. It is stricter in one way: empty text for a word that has a default is an error.
"""

from __future__ import annotations

from typing import Any, Final

from dsgen import source
from dsgen.kubernetes.schema.fields.versions import versions
from dsgen.plain import plain
from dsgen.profile.key import Rules, described_fields, described_types
from dsgen.profile.shorthand import SHORT_FORMS
from dsgen.profile.tables import fields_of, readable, type_name, versions_of
from dsgen.profile.typed import FILE_MODES, NAMED
from dsgen.profile.words import words_of

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
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"dsgen {type}",
        **schema,
        "type": "object",
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
        name = {**notation("str"), "description": "The name of the entry."}
        listed = {**entry, "properties": {"name": name, **entry["properties"]}, "required": ["name"]}
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
    words = words_of(*_owner(meta.get("field", "")))
    if words and rules.get("kubernetes") == "str":
        schema = {"enum": [*words, None]}
    schema = {"allOf": [schema]} if "$ref" in schema else dict(schema)
    only = versions_of(meta.get("field", ""))
    schema["description"] = f"{meta['description']} (Kubernetes {only})" if only else meta["description"]
    if "example" in meta:
        found = list(plain(source.read(meta["example"], "")[0]).values())  # type: ignore[attr-defined]
        if any(isinstance(each, (dict, list)) for each in found):
            schema["description"] += f" Example: `{meta['example']}`"
        else:
            schema["examples"] = found
    return schema


def _owner(field: str) -> tuple[str, str]:
    """Return the type that has the field of a path of a DaemonSet, and its name there."""
    above, _, name = field.rpartition(".")
    return {"spec.template.spec": "PodSpec", "spec.template.spec.containers[]": "Container"}.get(above, ""), name


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
    about = described_types().get(name, {}).get("", "")
    for field, kind in {**fields_of(name), **(short.more if short else {})}.items():
        named = NAMED.get((name, field))
        if named:
            kind = f"<{named}:{'Mount' if field == 'volumeMounts' else kind[1:-1]}>"
        properties[field] = _field(name, field, kind)
        if kind.startswith("["):
            more = {"description": f"Appends to `{field}` of the layers below."}
            properties[f"{field}+"] = {**_field(name, field, kind), **more}
    schema = {"type": ["object", "null"], "properties": properties, "additionalProperties": False}
    described = {"description": about} if about else {}
    if short is None or short.json is None:
        return {**schema, **described}
    example: dict[str, Any] = {**described, "examples": [short.example]}
    if short.example[0] in "{[":
        example = {"description": f"{about} Example: `{short.example}`".strip()}
    return {**example, "anyOf": [short.json, schema]}


def _field(type: str, field: str, kind: str) -> dict[str, Any]:
    """Return the schema for a field of one of Kubernetes' types, with its description."""
    schema: dict[str, Any] = {"type": ["integer", "string", "null"]} if field in FILE_MODES else notation(kind)
    words = words_of(type, field)
    if words and kind == "[str]":
        schema = {**schema, "items": {"enum": list(words)}}
    elif words:
        schema = {"enum": [*words, None]}
    only = versions(type, field)
    about = f"{_about(type, field, kind)}{f' (Kubernetes {only})' if only else ''}"
    # Draft-07 ignores the siblings of a reference.
    return {"allOf": [schema], "description": about} if "$ref" in schema else {**schema, "description": about}


def _about(type: str, field: str, kind: str) -> str:
    """Return the description of a field: its own, that of its type, or what kind of value it takes."""
    described = described_types()
    own = described.get(type, {}).get(field) or described_fields().get(type, {}).get(field, ("",))[0]
    if not own and type in ("Mount", "EphemeralContainer"):
        inherited = ("VolumeMount", "Volume") if type == "Mount" else ("Container",)
        own = next((described[each][field] for each in inherited if field in described[each]), "")
        own = own or described_fields().get(inherited[-1], {}).get(field, ("",))[0]
    of_type = described.get(kind.strip("[]"), {}).get("", "")
    return own or of_type or f"`{field}` of {readable(type)}: {type_name(kind)}."
