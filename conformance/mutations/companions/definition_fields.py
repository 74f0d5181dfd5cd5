"""CustomResourceDefinitions: selectable fields, and the form of rules in CEL."""

from conformance.case import Json
from conformance.mutations.companions.definition_schemas import FREE, STRING, field, of, one, version
from conformance.mutations.row import Pool, at, changes, row, updates

VERSIONS = "spec.versions"
PARTS = of(
    STRING, {"type": "integer"}, {"type": "boolean"}, {"type": "number"}, {"type": "array", "items": STRING}, of(STRING)
)
WHOLE: Json = {
    "type": "object",
    "properties": {
        "spec": PARTS,
        "metadata": {"type": "object", "properties": {"name": STRING}},
        "free": {"type": "object", "additionalProperties": STRING},
        "open": {"type": "object", "additionalProperties": True},
        "a b": STRING,
        "é'": STRING,
        "kind": STRING,
    },
}
PATHS = Pool(
    [".spec.a", ".spec.b", ".spec.c", ".spec.f.a", ".free.x", ".kind", ".a b"],
    ["", "spec.a", ".spec", ".spec.d", ".spec.e", ".spec.z", ".", "..", ".spec.", ".spec.a.", ".metadata.name", ".metadata", ".spec['a']", ".free['a']", "$.spec.a", ".spec.a.b", ".open.x", ".spec..a", ".spec.e[0]", "a", "['spec']",
     ".é'", ".'a'", " .spec.a", ".spec.f", ".free", ".free.x.y", ".open", ".metadata.labels", None],
)  # fmt: skip
row("selectable-path", VERSIONS, PATHS, lambda path: [version(WHOLE, selectableFields=[{"jsonPath": path}])], weight=3)
row(
    "selectable-path-second",
    VERSIONS,
    PATHS,
    lambda path: [
        version(WHOLE),
        {
            **version({**WHOLE, "description": "b"}, selectableFields=[{"jsonPath": path}]),
            "name": "v2",
            "storage": False,
        },
    ],
    weight=2,
)
changes(
    "selectable-twice",
    [one(WHOLE, selectableFields=[{"jsonPath": path} for path in paths]) for paths in ((".spec.a", ".spec.b"), (".free.a", ".free.b"), ())],
    [one(WHOLE, selectableFields=[{"jsonPath": path} for path in paths]) for paths in ((".spec.a", ".spec.a"), (".free.a", ".free.a", ".free.a"), (".spec.d", ".spec.d"), ("", ""), (".spec.z", ".spec.z"), (".metadata.name", ".metadata.name"))],
    weight=2,
)  # fmt: skip
row(
    "selectable-count",
    VERSIONS,
    Pool([8, 1, 7], [9, 10]),
    lambda count: [version(WHOLE, selectableFields=[{"jsonPath": f".free.x{index}"} for index in range(count)])],
)
SELECTED = [{"jsonPath": ".spec.a"}]
SECOND: Json = {**version(WHOLE), "name": "v2", "storage": False}
changes(
    "selectable-schema",
    [{VERSIONS: [version(WHOLE, selectableFields=SELECTED), {**SECOND, "selectableFields": SELECTED}]}, {VERSIONS: [version({**WHOLE, "description": "b"}, selectableFields=SELECTED), SECOND]}],
    [{VERSIONS: [version(WHOLE, selectableFields=SELECTED), SECOND]}, {VERSIONS: [version({**WHOLE, "description": "b"}, selectableFields=SELECTED), {**SECOND, "selectableFields": SELECTED}]},
     {VERSIONS: [{"name": "v1", "served": True, "storage": True, "selectableFields": SELECTED}]}, one({**of(STRING), "$schema": "x"}, selectableFields=[{"jsonPath": ""}])],
    weight=2,
)  # fmt: skip
MANY = [{"jsonPath": f".free.x{index}"} for index in range(9)]
updates(
    "update-selectable",
    [at(VERSIONS, [version(WHOLE, selectableFields=MANY)], [version({**WHOLE, "title": "a"}, selectableFields=MANY)]), at(VERSIONS, [version(WHOLE, selectableFields=MANY)], [version(WHOLE, selectableFields=MANY[:8])]),
     at(VERSIONS, [version({**WHOLE, "title": "a"}, selectableFields=MANY), SECOND], [version({**WHOLE, "title": "b"}, selectableFields=MANY), SECOND])],
    [at(VERSIONS, [version(WHOLE, selectableFields=old)], [version(WHOLE, selectableFields=MANY)]) for old in (MANY[:8], [*MANY, {"jsonPath": ".free.y"}], MANY[::-1], [])]
    + [at(VERSIONS, [version({**WHOLE, "title": "a"}, selectableFields=MANY), SECOND], [{**SECOND, "storage": True, "selectableFields": MANY}, {**version({**WHOLE, "title": "b"}), "storage": False}])],
    weight=2,
)  # fmt: skip


def ruled(**rule: Json) -> Json:
    """Return a change to a schema with a rule."""
    return field({**PARTS, "x-kubernetes-validations": [{"rule": "true"}, rule]})


changes(
    "rule-text",
    [ruled(rule=text) for text in ("true", " true ", "1 == 1")] + [ruled(rule="1 == 1", message="a")],
    [ruled(rule=text) for text in ("", " ", "\n", None)]
    + [ruled(), ruled(message="a"), field({**STRING, "x-kubernetes-validations": [None]})],
    weight=2,
)
changes(
    "rule-message",
    [ruled(rule="true", message=text) for text in ("a", " a ", "a\n", "", None)],
    [ruled(rule="true", message=text) for text in (" ", "\n", "a\nb", "a\rb")]
    + [
        ruled(rule="", message=" "),
        ruled(rule="true", messageExpression=" "),
        ruled(rule="true", messageExpression="\n"),
    ],
    weight=2,
)
row("rule-reason", VERSIONS, Pool(["FieldValueInvalid", "FieldValueForbidden", "FieldValueRequired", "FieldValueDuplicate", None], ["", "Invalid", "fieldValueInvalid", "FieldValueNotSupported"]),
    lambda reason: [version(of({**PARTS, "x-kubernetes-validations": [{"rule": "true", "reason": reason}]}))], weight=2)  # fmt: skip
FIELD_PATHS = Pool(
    [".a", ".f.a", ".f['a']", "['a']", "", None, ".f", ".e"],
    [" ", "a", ".", ".z", ".a.b", ".e[0]", ".f['a", ".f[a]", ".f['a'", ".f['a']b", "\n", ".a\n", ".f['\\x']", ".f['\\'']", ".f['']", ".['a']", ".f.'a'", "..a", "[", ".f[", ".f[']", ".f['a'].", "[]", ".f['a']['b']"],
)  # fmt: skip
row(
    "rule-field-path",
    VERSIONS,
    FIELD_PATHS,
    lambda path: [version(of({**PARTS, "x-kubernetes-validations": [{"rule": "true", "fieldPath": path}]}))],
    weight=3,
)
QUOTED: Json = {
    "type": "object",
    "properties": {
        "a.b": STRING,
        "'": STRING,
        "\\": STRING,
        "free": {"type": "object", "additionalProperties": STRING},
        "open": FREE,
    },
}
row(
    "rule-field-path-quoted",
    VERSIONS,
    Pool(["['a.b']", ".free['x']", ".free.x", "['\\'']", "['\\\\']", ".free['x.y']"], [".a.b", "['a'.'b']", ".open.x", ".open['x']", ".free.x.y", "['\\\\'']", ".free['x'", "['free']x"]),
    lambda path: [version(of({**QUOTED, "x-kubernetes-validations": [{"rule": "true", "fieldPath": path}]}))],
    weight=2,
)  # fmt: skip
