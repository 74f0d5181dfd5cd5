"""CustomResourceDefinitions: structural schemas."""

from conformance.case import Json
from conformance.mutations.companions.definition_schemas import EMBEDDED, FREE, STRING, both, field, of, one
from conformance.mutations.row import changes, each_of

ARRAY: Json = {"type": "array", "items": STRING}
OPTIONS: Json = ("allOf", "anyOf", "oneOf")


def nested(value: Json) -> list[Json]:
    """Return the ways to say `value` of a string, under each of the words that join schemas."""
    return [
        *({name: [value]} for name in OPTIONS),
        {"not": value},
        {"allOf": [{"anyOf": [value]}]},
        {"oneOf": [{"not": value}]},
    ]


def each(value: Json, **base: Json) -> list[Json]:
    """Return changes to a schema with a field of which `value` is said."""
    return [field({**(base or STRING), **option}) for option in nested(value)]


changes(
    "structure-items",
    [field(ARRAY), field({**FREE, "type": "array", "items": {"x-kubernetes-int-or-string": True}})],
    [field({"type": "array"}), field({"type": "array", "items": None}), field({"type": "array", "items": []}), field({"type": "array", "items": {"type": "array"}}), field({"type": "array", "items": {}}), field({"type": "array", "items": [STRING]})],
    weight=2,
)  # fmt: skip
changes(
    "structure-type",
    [field(FREE), field({"x-kubernetes-preserve-unknown-fields": True}), field({"x-kubernetes-int-or-string": True}), one({"x-kubernetes-preserve-unknown-fields": True})],
    [field({}), field(None), field({"type": ""}), field({"type": "array", "items": {"type": None}}), field({"type": "object", "additionalProperties": {}}), one({}), one({"properties": {"a": STRING}}),
     *(one({"type": kind}) for kind in ("string", "array", "x")), field({"properties": {"a": STRING}}), *both(of(STRING), of({}))],
    weight=3,
)  # fmt: skip
changes(
    "structure-additional",
    [field({"type": "object", "additionalProperties": value}) for value in (True, False, STRING)] + each({"additionalProperties": False}, type="object"),
    [one({"type": "object", "additionalProperties": value}) for value in (True, False, STRING)] + [field({**EMBEDDED, "properties": {}, "additionalProperties": value}) for value in (True, False, STRING)]
    + [change for value in each_of(True, STRING) for change in each({"additionalProperties": value}, type="object")],
    weight=3,
)  # fmt: skip
EXTENDED: Json = {"x-kubernetes-preserve-unknown-fields": True, "x-kubernetes-embedded-resource": True}
changes(
    "structure-int-or-string",
    [field({"x-kubernetes-int-or-string": True, **more}) for more in ({}, {"anyOf": [{"type": "integer"}, {"type": "string"}]}, {"allOf": [{"anyOf": [{"type": "integer"}, {"type": "string"}]}, {"maxLength": 5}]}, {"pattern": "a"}, {"x-kubernetes-embedded-resource": False})]
    + [field({"x-kubernetes-int-or-string": False, "type": "string"}), field({**STRING, "anyOf": [{"type": "integer"}, {"type": "string"}]})],
    [field({"x-kubernetes-int-or-string": True, name: value}) for name, value in EXTENDED.items()] + [field({"x-kubernetes-int-or-string": True, **EXTENDED})]
    + [field({"x-kubernetes-int-or-string": True, **more}) for more in (
        {"anyOf": [{"type": "string"}, {"type": "integer"}]}, {"anyOf": [{"type": "integer"}]}, {"anyOf": [{"type": "integer"}, {"type": "string", "maxLength": 5}]}, {"oneOf": [{"type": "integer"}, {"type": "string"}]},
        {"anyOf": [{"type": "integer"}, {"type": "string"}, {}]}, {"allOf": [{}, {"anyOf": [{"type": "integer"}, {"type": "string"}]}]}, {"allOf": [{"allOf": [{"anyOf": [{"type": "integer"}, {"type": "string"}]}]}]},
        {"anyOf": [{"type": "integer", "required": []}, {"type": "string"}]}, {"anyOf": [{"type": "integer", "properties": {}}, {"type": "string"}]}, {"not": {"anyOf": [{"type": "integer"}, {"type": "string"}]}})]
    + [field({"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer", "enum": [], "nullable": False, "additionalProperties": False}, {"type": "string", "description": ""}]})],
    weight=4,
)  # fmt: skip


def described(metadata: Json, *, inside: bool = False) -> Json:
    """Return a change to a schema that says something of metadata, at its root or in an embedded object."""
    schema = {"type": "object", "properties": {"metadata": metadata}}
    return field({**schema, "x-kubernetes-embedded-resource": True}) if inside else one(schema)


NAMED: Json = {"type": "object", "properties": {"name": {**STRING, "maxLength": 5}}}
MORE: Json = each_of({"description": "a"}, {"title": "a"}, {"nullable": True}, {"required": ["name"]}, {"required": []}, {"maxProperties": 1}, {"additionalProperties": False}, {"x-kubernetes-preserve-unknown-fields": True},
        {"x-kubernetes-map-type": "atomic"}, {"enum": [{}]}, {"not": {"required": ["a"]}}, {"externalDocs": {}}, {"example": 1}, {"x-kubernetes-list-map-keys": []}, {"properties": {"labels": {"type": "object"}}},
        {"properties": {"name": STRING, "labels": {"type": "object"}}}, {"anyOf": [{"required": ["name"]}]})  # fmt: skip
changes(
    "structure-metadata",
    [described(value, inside=inside) for inside in (False, True) for value in ({"type": "object"}, NAMED, {**NAMED, "properties": {}}, {**NAMED, "enum": []}, {"type": "object", "properties": {"generateName": STRING, "name": STRING}}, {**NAMED, "description": ""})]
    + [described({**NAMED, **more}, inside=True) for more in MORE[:8]],
    [described({**NAMED, **more}) for more in MORE] + [described({"type": kind}, inside=inside) for kind in ("string", "") for inside in (False, True)] + [described(None), described({})],
    weight=3,
)  # fmt: skip
changes(
    "structure-header",
    [field({**EMBEDDED, "properties": {name: STRING}}) for name in ("kind", "apiVersion")] + [field(of({"type": "integer"})), field({"type": "object", "properties": {"kind": {"type": "integer"}, "metadata": STRING}})],
    [change for name in ("kind", "apiVersion") for kind in ("integer", "") for change in (field({**EMBEDDED, "properties": {name: {"type": kind}}}), one({"type": "object", "properties": {name: {"type": kind}}}))],
    weight=2,
)  # fmt: skip
changes(
    "structure-embedded",
    [field(EMBEDDED), field({**FREE, "x-kubernetes-embedded-resource": True}), field({**EMBEDDED, "x-kubernetes-embedded-resource": False}), one({**of(STRING), "x-kubernetes-embedded-resource": True})],
    [field({**EMBEDDED, "properties": value}) for value in each_of({}, None)] + [field({**EMBEDDED, "type": kind}) for kind in ("string", "", None, "array")] + [field({**FREE, "x-kubernetes-embedded-resource": True, "type": kind}) for kind in ("", "string")],
    weight=2,
)  # fmt: skip
MISPLACED: Json = each_of(
    {"type": "string"}, {"default": "a"}, {"title": "a"}, {"description": "a"}, {"nullable": True}, {"x-kubernetes-preserve-unknown-fields": True}, {"x-kubernetes-embedded-resource": True}, {"x-kubernetes-int-or-string": True},
    {"x-kubernetes-list-type": "atomic"}, {"x-kubernetes-list-type": ""}, {"x-kubernetes-map-type": "atomic"}, {"x-kubernetes-list-map-keys": ["a"]}, {"x-kubernetes-validations": [{"rule": "true"}]}, {"properties": {"metadata": {}}},
)  # fmt: skip
ALLOWED: Json = each_of({"maxLength": 5}, {"enum": ["a"]}, {"format": "date"}, {"required": ["a"]}, {"title": ""}, {"nullable": False}, {"x-kubernetes-list-map-keys": []}, {"x-kubernetes-validations": []}, {"minimum": 1}, {"pattern": "a"}, {"externalDocs": {}}, {"example": 1}, {"default": None})  # fmt: skip
changes(
    "structure-misplaced",
    [change for value in ALLOWED for change in each(value)],
    [change for value in MISPLACED for change in each(value)] + [change for value in MISPLACED[:6] for change in each({"items": value}, **ARRAY)] + [change for value in MISPLACED[:6] for change in each({"properties": {"a": value}}, **of(STRING))],
    weight=5,
)  # fmt: skip
PATTERNS: Json = (
    "a",
    "^a+$",
    "[a-z]{1,5}",
    "(?i)a",
    "\\d+",
    "(?P<a>b)",
    "\\pL",
    "[[:alpha:]]",
    "a|b",
    "\\Qa\\E",
    "\\z",
    "(?:a)",
    "a{1000}",
    "(?s).",
    "\\x{10FFFF}",
    "",
)
BAD_PATTERNS: Json = (
    "(",
    "a**",
    "[",
    "(?=a)",
    "(?!a)",
    "(?<=a)",
    "\\1",
    "(a)\\1",
    "a{1001}",
    "*",
    "+a",
    "[z-a]",
    "\\",
    "a{2,1}",
    "(?<a",
    "\\Z",
    "(?>a)",
    "a++",
    "[[:x:]]",
    "\\8",
    "(?P=a)",
    ")",
    "a{1000}{1000}",
    "(?x)a",
    "\\u0041",
)
changes(
    "structure-pattern",
    [field({**STRING, "pattern": text}) for text in PATTERNS] + [change for text in PATTERNS[:3] for change in each({"pattern": text})],
    [field({**STRING, "pattern": text}) for text in BAD_PATTERNS] + [change for text in BAD_PATTERNS[:4] for change in each({"pattern": text})],
    weight=3,
)  # fmt: skip
DEEP: Json = {"properties": {"a": {"properties": {"b": {"required": ["c"]}}}}}
WIDE = of(of(STRING), ARRAY)


def joined(value: Json) -> list[Json]:
    """Return changes to a schema of which `value` is said at the root."""
    return [one({**WIDE, **option}) for option in nested(value)]


changes(
    "structure-complete",
    [change for value in each_of({"required": ["z"]}, {"properties": {"a": {"required": ["z"]}}}, {"properties": {"a": {"properties": {"a": {"maxLength": 1}}}}}, {"properties": {"b": {"items": {"maxLength": 1}}}}, {"properties": {}}) for change in joined(value)]
    + each({"properties": {"z": {}}}, type="object"),
    [change for value in each_of({"properties": {"z": {}}}, {"properties": {"z": None}}, DEEP, {"items": {}}, {"properties": {"a": {"items": {}}}}, {"properties": {"b": {"properties": {"z": {}}}}}, {"properties": {"b": {"items": {"properties": {"z": {}}}}}},
     {"properties": {"a": {"allOf": [{"properties": {"z": {}}}]}}}, {"properties": {"z": {}, "y": {}}}) for change in joined(value)],
    weight=4,
)  # fmt: skip
