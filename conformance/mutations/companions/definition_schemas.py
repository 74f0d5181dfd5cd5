"""CustomResourceDefinitions: whole schemas, and what no part of one can have."""

from conformance.case import Json
from conformance.mutations.row import Pool, at, changes, each_of, row, updates

VERSIONS = "spec.versions"
FORMATS = (
    "date-time",
    "datetime",
    "uri",
    "uuid",
    "byte",
    "ipv4",
    "k8s-short-name",
    "k8s-long-name",
    "duration",
    "password",
    "date",
)


def version(schema: Json, **more: Json) -> Json:
    """Return a version with a schema."""
    return {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}, **more}


def of(*properties: Json, **more: Json) -> Json:
    """Return a schema of an object with fields called a, b and so on."""
    return {"type": "object", "properties": dict(zip("abcdef", properties, strict=False)), **more}


def one(schema: Json, **more: Json) -> Json:
    """Return a change to one version with this schema; to two that share it, if `more` says so."""
    return {VERSIONS: [version(schema, **more)]}


def field(*properties: Json) -> Json:
    """Return a change to a version with a schema of an object with these fields."""
    return one(of(*properties))


def both(good: Json, bad: Json) -> list[Json]:
    """Return changes to two versions, of which the first or the second has the bad schema."""
    other = {**version(good), "name": "v2", "storage": False}
    return [
        {VERSIONS: [version(bad), other]},
        {VERSIONS: [version(good), {**other, "schema": {"openAPIV3Schema": bad}}]},
    ]


STRING: Json = {"type": "string"}
STATUS: Json = {"status": {}}
FREE: Json = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
ROOT: Json = (
    ("enum", [{}]), ("enum", []), ("maxProperties", 0), ("minProperties", 1), ("allOf", []), ("allOf", [{}]), ("oneOf", [{"required": ["a"]}]), ("anyOf", []), ("not", {}),
    ("x-kubernetes-map-type", "granular"), ("x-kubernetes-list-map-keys", []), ("default", None), ("nullable", True), ("x-kubernetes-int-or-string", True), ("x-kubernetes-embedded-resource", True),
    ("dependencies", {}), ("definitions", {}), ("patternProperties", {}), ("$ref", ""), ("additionalProperties", False),
)  # fmt: skip
FINE: Json = (
    ("description", "a"), ("title", "a"), ("format", "a"), ("required", ["a"]), ("maximum", 1), ("minItems", 1), ("pattern", "a"), ("externalDocs", {"url": "a"}), ("example", {"a": 1}), ("nullable", False),
    ("x-kubernetes-preserve-unknown-fields", True), ("x-kubernetes-validations", []), ("uniqueItems", False), ("id", ""), ("x-kubernetes-embedded-resource", False), ("multipleOf", 1), ("$schema", ""), ("enum", None),
)  # fmt: skip
changes(
    "root-with-status",
    [one({**of(STRING), name: value}, subresources=STATUS) for name, value in FINE],
    [
        one({**of(STRING), name: value}, subresources=resources)
        for name, value in ROOT
        for resources in each_of(STATUS, STATUS, {})
    ],
    weight=3,
)
changes(
    "root-type-with-status",
    [one({**FREE, "type": "object"}, subresources=STATUS)],
    [one({"type": kind}, subresources=STATUS) for kind in ("", "array", "x", "string", "null")]
    + [one({"type": "x", "$schema": "a"}, subresources=STATUS), one({"id": "a", "type": "x"}, subresources=STATUS)],
)
changes(
    "status-of-one-version",
    [{VERSIONS: [version(of(STRING)), {**version({**of(STRING), "minProperties": 1}), "name": "v2", "storage": False}]}],
    [{VERSIONS: [version(of(STRING), subresources=STATUS), {**version({**of(STRING), "minProperties": 1}), "name": "v2", "storage": False}]},
     {VERSIONS: [version({**of(STRING), "minProperties": 1}), {**version({**of(STRING), "minProperties": 1}, subresources=STATUS), "name": "v2", "storage": False}]},
     {VERSIONS: [version(of(STRING), subresources=STATUS), {**version({**of(STRING), "minProperties": 1}, subresources=STATUS), "name": "v2", "storage": False}]},
     {VERSIONS: [version(of(STRING), subresources=STATUS), {**version({**of(STRING), "minProperties": 1}), "storage": False}]}],
)  # fmt: skip
row("root-nullable", VERSIONS, Pool([False, None], [True]), lambda value: [version({**of(STRING), "nullable": value})])
changes(
    "schema-of-json",
    [one({**of(STRING), "$schema": value}) for value in ("", None)],
    [one({**of(STRING), "$schema": "a"}), *both(of(STRING), of({**STRING, "$schema": "a"}))],
)
row(
    "schema-type",
    VERSIONS,
    Pool(["string", "number", "integer", "boolean", "object"], ["String", "null", "text", "array ", "date", "any"]),
    lambda kind: [version(of({"type": kind}))],
    weight=2,
)
changes(
    "schema-type-second",
    both(of(STRING), of({"type": "integer"})),
    [*both(of(STRING), of({"type": "x"})), *both(of(STRING), of({"type": "null"}))],
)
NEVER = {
    "additionalItems": (True, False, {"type": "string"}, {}), "definitions": ({"a": STRING}, {"a": {"type": "x"}}), "dependencies": ({}, {"a": ["b"]}, {"a": {"type": "x"}}, {"a": "b"}),
    "id": ("a",), "$ref": ("a", "", "#/a"), "patternProperties": ({"a": STRING}, {"a": {"type": "x"}}), "uniqueItems": (True,), "items": ([STRING], [{"type": "x"}, {}], [None]),
}  # fmt: skip
NOTHING: Json = {"additionalItems": (None,), "definitions": ({}, None), "id": ("", None), "$ref": (None,), "patternProperties": ({},), "uniqueItems": (False, None), "items": ([], None)}  # fmt: skip
changes(
    "schema-field",
    [field({**STRING, name: value}) for name, values in NOTHING.items() for value in values],
    [field({**FREE, name: value}) for name, values in NEVER.items() for value in values] + [field({**FREE, "not": {name: value}}) for name, values in NEVER.items() for value in values],
    weight=4,
)  # fmt: skip
META: Json = {"type": "object", "properties": {"name": STRING}}
EMBEDDED: Json = {"type": "object", "x-kubernetes-embedded-resource": True, "properties": {"a": STRING}}
HELD: Json = {
    "type": "object",
    "properties": {"labels": {"type": "object", "additionalProperties": {**STRING, "default": "a"}}},
}
changes(
    "default-in-metadata",
    [one({"type": "object", "properties": {"spec": of(FREE), name: {"type": kind}}}) for name, kind in (("kind", "string"), ("apiVersion", "string"), ("metadata", "object"))],
    [one({"type": "object", "properties": {name: {"type": kind, "default": value}}}) for name, kind, value in (("kind", "string", "A"), ("apiVersion", "string", "v1"), ("metadata", "object", {}))]
    + [one({"type": "object", "properties": {"metadata": {**META, "properties": {"name": {**STRING, "default": "a"}}}}}), field({**EMBEDDED, "properties": {"metadata": HELD}})],
    weight=2,
)  # fmt: skip
changes(
    "embedded-in-metadata",
    [field(EMBEDDED), field({"type": "array", "items": EMBEDDED}), field({**EMBEDDED, "properties": {"spec": EMBEDDED}})],
    [field({**EMBEDDED, "properties": {"metadata": EMBEDDED}}), field({**EMBEDDED, "properties": {"metadata": of(of(EMBEDDED))}}), one({"type": "object", "properties": {"metadata": EMBEDDED}})],
)  # fmt: skip
changes(
    "schema-additional",
    [field({"type": "object", "additionalProperties": value}) for value in (True, False, STRING, None)] + [field({**of(STRING), "additionalProperties": True})],
    [field({**of(STRING), "additionalProperties": value}) for value in each_of(False, STRING, FREE)] + [field({"type": "object", "additionalProperties": value}) for value in each_of({}, {"type": "x"}, "a", 1, [])]
    + [one({"type": "object", "additionalProperties": value}) for value in (True, False, STRING)],
    weight=2,
)  # fmt: skip
row(
    "preserve-unknown",
    VERSIONS,
    Pool([True, None], [False]),
    lambda value: [version(of({"type": "object", "x-kubernetes-preserve-unknown-fields": value}))],
)
row(
    "preserve-unknown-root",
    VERSIONS,
    Pool([True, None], [False]),
    lambda value: [version({"type": "object", "x-kubernetes-preserve-unknown-fields": value})],
)
changes(
    "schema-format",
    [field({"type": kind, "format": text}) for kind, texts in (("string", FORMATS), ("integer", ("int32", "int64")), ("number", ("float", "double"))) for text in texts]
    + [field({"type": kind, "format": text}) for kind, text in (("string", "x"), ("string", "int32"), ("integer", "date"), ("number", "int32"), ("object", "uri"), ("boolean", "a"), ("string", "Uri"), ("integer", "double"), ("string", "k8s-name"))]
    + [field({**STRING, "anyOf": [{"format": "x"}]}), field({"type": "array", "items": {**STRING, "format": "x"}}), one({**FREE, "format": "a"})],
    [],
    weight=3,
)  # fmt: skip
changes(
    "inner-schema",
    [field({"type": "array", "items": items}) for items in (STRING, {**STRING, "unknown": 1, "Type": "x"}, {**STRING, "maxLength": 5})]
    + [field({"type": "object", "additionalProperties": {**STRING, "x": {}}})],
    [field({"type": "array", "items": items}) for items in ({**STRING, "maxLength": "5"}, {"type": 5}, {**STRING, "required": "a"}, {"type": "array", "items": {"type": []}}, 5, "ab", True, [], [{"type": 5}], {"TYPE": "string"})]
    + [field({"type": "object", "additionalProperties": {"type": 5}}), field({"type": "object", "additionalProperties": {**STRING, "enum": "a"}})],
    weight=3,
)  # fmt: skip
PRESERVED = {"spec.preserveUnknownFields": True}


def kept(old: Json, new: Json) -> tuple[Json, Json]:
    """Return an update of a schema in a definition that keeps unknown fields."""
    return {**PRESERVED, **one(old)}, {**PRESERVED, **one(new)}


LOOSE: Json = {"type": "object", "properties": {"a": {}}}
updates(
    "update-structure",
    [kept(LOOSE, LOOSE), kept(LOOSE, of({}, {})), kept(of(STRING), of(STRING)), kept({}, {"properties": {"a": {"enum": [1]}}}), kept({"$schema": "a"}, {**of({}), "$schema": "b"})],
    [kept(of(STRING), LOOSE), kept(LOOSE, of({}, FREE)), kept(LOOSE, of({}, {**STRING, "default": "a"})), at(VERSIONS, [version(LOOSE)], [version(LOOSE)]), kept(LOOSE, of({}, {"x-kubernetes-int-or-string": True})),
     ({**PRESERVED, **one(LOOSE)}, {"spec.preserveUnknownFields": False, **one(LOOSE)}), kept(LOOSE, of({}, {"type": "array", "x-kubernetes-list-type": "atomic"})), kept(LOOSE, of({"type": "x"}))],
    weight=3,
)  # fmt: skip
updates(
    "update-schema-type",
    [at(VERSIONS, [version(of({"type": "x"}))], [version(of({"type": kind}))]) for kind in ("x", "y", "string")],
    [at(VERSIONS, [version(of(STRING))], [version(of({"type": kind}))]) for kind in ("x", "null")] + [at(VERSIONS, [version(of({"type": "x"}))], [version(of({"type": "null"}))])],
)  # fmt: skip
updates(
    "update-schema-format",
    [at(VERSIONS, [version(of({"type": one_kind, "format": old}))], [version(of({"type": kind, "format": new}))])
     for one_kind, old, kind, new in (("string", "x", "string", "x"), ("string", "x", "integer", "x"), ("string", "x", "string", "y"), ("integer", "uri", "string", "uri"), ("string", "uri", "integer", "uri"))],
    [],
)  # fmt: skip
changes(
    "unknown-default",
    [{**PRESERVED, **field(STRING)}],
    [{**PRESERVED, **field({**STRING, "default": "a"})}, {**PRESERVED, **field({})}],
)
