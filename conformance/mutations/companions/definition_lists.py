"""CustomResourceDefinitions: lists and maps in schemas."""

from conformance.case import Json
from conformance.mutations.companions.definition_schemas import STRING, field, of, version
from conformance.mutations.row import at, changes, updates

LIST, MAP, KEYS = "x-kubernetes-list-type", "x-kubernetes-map-type", "x-kubernetes-list-map-keys"
ITEM: Json = {**of(STRING, {"type": "integer"}), "required": ["a", "b"]}
MAPPED: Json = {"type": "array", LIST: "map", KEYS: ["a"], "items": ITEM}
VERSIONS = "spec.versions"
changes(
    "map-type",
    [field({"type": "object", MAP: kind}) for kind in ("atomic", "granular", None)],
    [field({"type": "object", MAP: kind}) for kind in ("", "set", "Atomic")] + [field({**base, MAP: kind}) for base in (STRING, {"x-kubernetes-int-or-string": True}, {"type": ""}) for kind in ("atomic", "x", "granular")],
    weight=2,
)  # fmt: skip
changes(
    "list-type",
    [field({"type": "array", "items": STRING, LIST: kind}) for kind in ("atomic", "set", None)] + [field(MAPPED)],
    [field({"type": "array", "items": STRING, LIST: kind}) for kind in ("", "Set", "granular")] + [field({**base, LIST: kind}) for base in (STRING, {"x-kubernetes-int-or-string": True}, {"type": "object"}) for kind in ("atomic", "set", "x", "map")],
    weight=2,
)  # fmt: skip
INNER: Json = {"type": "array", "items": STRING}
changes(
    "set-items",
    [field({"type": "array", LIST: "set", "items": items}) for items in (STRING, {"type": "object", MAP: "atomic"}, INNER, {**INNER, LIST: "atomic"}, {"type": "integer"})]
    + [field({"type": "array", LIST: "atomic", "items": {"type": "object"}}), field({"type": "array", LIST: "atomic", "items": {**INNER, LIST: "set"}})],
    [field({"type": "array", LIST: "set", "items": items}) for items in ({"type": "object"}, {"type": "object", MAP: "granular"}, {**INNER, LIST: "set"}, {"type": "object", MAP: ""}, {**INNER, LIST: ""}, {**MAPPED})],
    weight=3,
)  # fmt: skip
changes(
    "list-map-keys",
    [field(MAPPED), field({**MAPPED, KEYS: ["a", "b"]}), field({"type": "array", "items": STRING, KEYS: []})],
    [field({**MAPPED, LIST: kind}) for kind in (None, "set", "atomic", "")] + [field({**MAPPED, KEYS: keys}) for keys in ([], None, ["a", "a"], ["z"], ["a", "z", "z"], [""], ["a", "b", "a", "a"])]
    + [field({**STRING, KEYS: ["a"]}), field({**of(STRING), KEYS: ["a"]})],
    weight=3,
)  # fmt: skip
changes(
    "list-map-items",
    [field({**MAPPED, "items": {**ITEM, "properties": {"a": {"type": kind}, "b": {"type": "array", "items": STRING}}}}) for kind in ("string", "integer", "boolean", "number")],
    [field({**MAPPED, "items": items}) for items in (None, STRING, {"type": ""}, [ITEM], [], INNER, {"type": "object"}, {"x-kubernetes-preserve-unknown-fields": True})]
    + [field({**MAPPED, "items": {**ITEM, "properties": {"a": part}}}) for part in ({"type": "object"}, INNER, {})],
    weight=2,
)  # fmt: skip
changes(
    "list-nullable",
    [field({"type": "array", LIST: "atomic", "items": {**STRING, "nullable": True}}), field({**MAPPED, "items": {**ITEM, "nullable": False}})],
    [field({"type": "array", LIST: "set", "items": {**STRING, "nullable": True}}), field({**MAPPED, "items": {**ITEM, "nullable": True}}), field({**MAPPED, "items": {**ITEM, "properties": {"a": {**STRING, "nullable": True}}}})],
)  # fmt: skip
changes(
    "list-map-required",
    [field({**MAPPED, "items": {**ITEM, "required": required, "properties": {"a": {**STRING, "default": default}}}}) for required, default in ((["a"], None), ([], "x"), (None, ""), (["a"], "x"))],
    [field({**MAPPED, KEYS: keys, "items": {**ITEM, "required": required}}) for required in ([], None, ["b"]) for keys in (["a"], ["a", "b"])],
    weight=2,
)  # fmt: skip


def turned(old: Json, new: Json) -> tuple[Json, Json]:
    """Return an update of the schema of a field."""
    return at(VERSIONS, [version(of(old))], [version(of(new))])


SET: Json = {"type": "array", LIST: "set", "items": {"type": "object"}}
OPTIONAL: Json = {**MAPPED, "items": {**ITEM, "required": []}}
updates(
    "update-set-items",
    [
        turned(SET, SET),
        turned(SET, {**SET, "items": {"type": "object", MAP: "granular"}}),
        turned({**SET, "items": {**INNER, LIST: "set"}}, SET),
    ],
    [
        turned(STRING, SET),
        turned({**SET, "items": {"type": "object", MAP: "atomic"}}, SET),
        turned(SET, {**SET, LIST: "x"}),
    ],
    weight=2,
)
updates(
    "update-list-items",
    [turned(OPTIONAL, OPTIONAL), turned({**MAPPED, "items": {**ITEM, "nullable": True}}, OPTIONAL), turned({"type": "array", LIST: "set", "items": {**STRING, "nullable": True}}, OPTIONAL)],
    [turned(MAPPED, OPTIONAL), turned(STRING, {**MAPPED, "items": {**ITEM, "nullable": True}}), turned(OPTIONAL, {**OPTIONAL, KEYS: ["z"]})],
    weight=2,
)  # fmt: skip
updates(
    "update-set-warning",
    [turned({**SET, "items": {"type": "object", MAP: "atomic"}}, {**SET, "items": items}) for items in ({"type": "object", MAP: "atomic"}, INNER, STRING)] + [turned(STRING, {**SET, "items": INNER})],
    [],
)  # fmt: skip
