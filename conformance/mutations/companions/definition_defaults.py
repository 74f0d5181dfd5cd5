"""CustomResourceDefinitions: defaults."""

from conformance.case import Json
from conformance.mutations.companions.definition_schemas import EMBEDDED, FREE, STRING, both, field, of, one, version
from conformance.mutations.row import at, changes, updates

NESTED: Json = {**of(STRING, of({"type": "integer"})), "required": ["a"]}
FITTING: Json = (
    (STRING, "a"), (STRING, ""), ({**STRING, "enum": ["a", "b"]}, "b"), ({**STRING, "maxLength": 1}, "a"), ({**STRING, "pattern": "^a"}, "ab"), ({**STRING, "format": "date"}, "2026-01-31"), ({"type": "integer"}, 5),
    ({"type": "integer", "minimum": 5}, 5), ({"type": "number"}, 1.5), ({"type": "boolean"}, False), ({**STRING, "nullable": True}, None), ({"type": "array", "items": STRING}, []), ({"type": "array", "items": STRING}, ["a"]),
    (NESTED, {"a": "x"}), (NESTED, {"a": "x", "b": {"a": 1}}), (FREE, {"a": [1]}), ({"x-kubernetes-int-or-string": True}, 5), ({"x-kubernetes-int-or-string": True}, "5"), ({"type": "object", "additionalProperties": STRING}, {"a": "b"}),
    (EMBEDDED, {"apiVersion": "v1", "kind": "A", "a": "b"}), (EMBEDDED, {"apiVersion": "v1", "kind": "A", "metadata": {"name": "a"}}), ({"type": "object", "additionalProperties": True}, {"a": {}}), ({"type": "number"}, 5),
)  # fmt: skip
MISFIT: Json = (
    (STRING, 5), (STRING, {}), (STRING, []), (STRING, False), ({**STRING, "enum": ["a", "b"]}, "c"), ({**STRING, "maxLength": 1}, "ab"), ({**STRING, "minLength": 1}, ""), ({**STRING, "pattern": "^a"}, "ba"), ({"type": "integer"}, 1.5),
    ({"type": "integer"}, "5"), ({"type": "integer", "minimum": 5}, 4), ({"type": "integer", "maximum": 5, "exclusiveMaximum": True}, 5), ({"type": "boolean"}, "true"), ({"type": "boolean"}, 0), ({"type": "array", "items": STRING}, [5]),
    ({"type": "array", "items": STRING}, {}), ({"type": "array", "items": STRING, "minItems": 1}, []), ({"type": "array", "items": STRING, "maxItems": 1}, ["a", "b"]), (NESTED, {}), (NESTED, {"a": 5}), (NESTED, {"a": "x", "b": {"a": "x"}}),
    (NESTED, {"a": "x", "z": 1}), (NESTED, {"a": "x", "b": {"z": 1}}), (NESTED, []), ({"x-kubernetes-int-or-string": True}, 1.5), ({"x-kubernetes-int-or-string": True}, {}), ({"type": "object", "additionalProperties": STRING}, {"a": 5}),
    (EMBEDDED, {"a": "b"}), (EMBEDDED, {"apiVersion": "v1", "a": "b"}), (EMBEDDED, {"apiVersion": 5, "kind": "A"}), (EMBEDDED, {"apiVersion": "v1", "kind": "a b"}), (EMBEDDED, {"apiVersion": "", "kind": "A"}), (EMBEDDED, {"apiVersion": "a/b/c", "kind": "A"}),
    (EMBEDDED, {"apiVersion": "v1", "kind": "A", "metadata": 5}), (EMBEDDED, {"apiVersion": "v1", "kind": "A", "z": 5}), ({**STRING, "allOf": [{"minLength": 5}]}, "a"), ({**STRING, "not": {"enum": ["a"]}}, "a"), ({**STRING, "format": "date"}, "x"),
    ({"type": "object", "maxProperties": 0, "additionalProperties": True}, {"a": 1}), ({"type": "object", "additionalProperties": False}, {"a": 1}), ({"type": "object"}, {"a": 1}),
)  # fmt: skip


def _with(pair: Json) -> Json:
    schema, default = pair
    return {**schema, "default": default}


changes(
    "default",
    [field(_with(pair)) for pair in FITTING],
    [field(_with(pair)) for pair in MISFIT],
    weight=6,
)
changes(
    "default-inside",
    [field(of(_with(pair))) for pair in FITTING[:6]] + [field({"type": "array", "items": _with(pair)}) for pair in FITTING[:6]],
    [field(of(_with(pair))) for pair in MISFIT[:8]] + [field({"type": "array", "items": _with(pair)}) for pair in MISFIT[:8]] + [field({"type": "object", "additionalProperties": of(_with(pair))}) for pair in MISFIT[:8]],
    weight=2,
)  # fmt: skip
changes(
    "default-at-root",
    [one({**of(STRING), "default": {"apiVersion": "v1", "kind": "A", "a": "b"}})],
    [one({**of(STRING), "default": value}) for value in ({}, {"a": "b"}, {"apiVersion": "v1", "kind": "A", "a": 5}, {"apiVersion": "v1", "kind": "A", "z": 5}, {"kind": "A"}, 5, "a")]
    + both(of(STRING), of({**STRING, "default": 5})),
)  # fmt: skip
changes(
    "default-beside-faults",
    [field({**STRING, "default": "a"})],
    [
        field({**STRING, "default": 5}, {}),
        field({**STRING, "default": 5}, {"type": "x"}),
        field({"type": "x", "default": 5}),
    ],
)
LOOSE = of({**NESTED, "default": {"a": "x", "z": 1}})
TIGHT = of({**NESTED, "default": {"a": "x"}})
updates(
    "update-default",
    [at("spec.versions", [version(old)], [version(new)]) for old, new in ((LOOSE, LOOSE), (LOOSE, of({**NESTED, "default": {"a": "x", "y": 1}})), (LOOSE, TIGHT), (TIGHT, TIGHT))],
    [at("spec.versions", [version(old)], [version(new)]) for old, new in ((TIGHT, LOOSE), (of(STRING), LOOSE), (LOOSE, of({**NESTED, "default": {"z": 1}})))],
    weight=2,
)  # fmt: skip
