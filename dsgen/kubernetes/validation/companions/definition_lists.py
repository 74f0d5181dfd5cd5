"""Lists and maps in schemas: how the server merges them (`x-kubernetes-list-type`, `x-kubernetes-map-type`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.validation.companions.definition_view import SchemaRef, old_definition
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated_values, rule
from dsgen.tree import Map

SOURCE = "apiextensions-apiserver/pkg/apis/apiextensions/validation: ValidateCustomResourceDefinitionOpenAPISchema"
KEYS = "apiextensions-apiserver/pkg/apis/apiextensions/validation: validateMapListKeysMapSet"
SETS = "apiextensions-apiserver/pkg/registry/customresourcedefinition: getNonScalarListTypeSetWarnings"
LIST_TYPE: Final = "x-kubernetes-list-type"
MAP_TYPE: Final = "x-kubernetes-map-type"
MAP_KEYS: Final = "x-kubernetes-list-map-keys"
LIST_TYPES: Final = ("atomic", "set", "map")
MAP_TYPES: Final = ("atomic", "granular")


@rule("schema", source=SOURCE, when=MAP_TYPE)
def invalid_map_type(schema: SchemaRef) -> Iterator[FieldError]:
    """`x-kubernetes-map-type` must be `atomic` or `granular` (the default), and is only allowed for an `object`."""
    kind = schema.get(MAP_TYPE)
    if kind is None:
        return
    if schema.text("type") != "object":
        yield schema.wrong_type("object", MAP_TYPE)
    if kind not in MAP_TYPES:
        yield schema.not_supported(MAP_TYPE, kind, MAP_TYPES)


@rule("schema", source=SOURCE, when=LIST_TYPE)
def invalid_list_type(schema: SchemaRef) -> Iterator[FieldError]:
    """`x-kubernetes-list-type` must be `atomic` (the default), `set` or `map`, and is only allowed for an `array`."""
    kind = schema.get(LIST_TYPE)
    if kind is None:
        return
    if schema.text("type") != "array":
        yield schema.wrong_type("array", LIST_TYPE)
    if kind not in LIST_TYPES:
        yield schema.not_supported(LIST_TYPE, kind, LIST_TYPES)


@rule("schema", source=SOURCE, when=LIST_TYPE)
def invalid_set_items(schema: SchemaRef) -> Iterator[FieldError]:
    """The items of a set must be replaced as a whole: those that are objects must have `x-kubernetes-map-type: atomic`, those that are lists
    `x-kubernetes-list-type: atomic`, which is the default.
    """
    if schema.text("type") != "array":
        return
    field = _divisible(schema.value)
    old = old_definition(schema)
    if field and not (old and old.any_part(lambda each: bool(_divisible(each)))):
        yield schema.invalid(("items", field), "must be `atomic` for the items of a set")


def _divisible(schema: Map) -> str:
    """Return the field that a set has wrong, or an empty string."""
    items = schema.child("items")
    if schema.get(LIST_TYPE) != "set" or items is None:
        return ""
    item = FieldRef(items, None, ())
    if item.get("type") == "array" and item.get(LIST_TYPE) not in (None, "atomic"):
        return LIST_TYPE
    return MAP_TYPE if item.get("type") == "object" and item.get(MAP_TYPE) != "atomic" else ""


@rule("schema", source=SETS, since="1.37", when=LIST_TYPE, severity="warning")
def ineffective_set(schema: SchemaRef) -> Iterator[FieldError]:
    """A set of objects or of lists is not supported by server-side apply, nor by rules in CEL."""
    kind = _kind_of_items(schema.value)
    if not kind:
        return
    old = old_definition(schema)
    if not (old and old.any_part(lambda each: _kind_of_items(each) == kind)):
        yield schema.warning(LIST_TYPE, f"`set` has no effect for items of the type {kind}")


def _kind_of_items(schema: Map) -> str:
    kind = str(schema.map("items").get("type") or "")
    return kind if schema.get(LIST_TYPE) == "set" and kind in ("array", "object") else ""


@rule("schema", source=SOURCE, when=MAP_KEYS)
def forbidden_list_map_keys(schema: SchemaRef) -> Iterator[FieldError]:
    """`x-kubernetes-list-map-keys` requires `x-kubernetes-list-type: map`."""
    kind = schema.get(LIST_TYPE)
    if schema.get(MAP_KEYS) and kind is None:
        yield schema.required(LIST_TYPE, f"must be `map` for `{MAP_KEYS}`")
    elif schema.get(MAP_KEYS) and kind != "map":
        yield schema.invalid(LIST_TYPE, f"must be `map` for `{MAP_KEYS}`")


@rule("schema", source=SOURCE, when=LIST_TYPE)
def invalid_map_list(schema: SchemaRef) -> Iterator[FieldError]:
    """A list with `x-kubernetes-list-type: map` must have `x-kubernetes-list-map-keys`: unique names of fields of its items, which are objects. These
    fields must not be lists or objects.
    """
    if schema.get(LIST_TYPE) != "map":
        return
    keys, items = schema.get(MAP_KEYS, ()), schema.schema("items")
    if not keys:
        yield schema.required(MAP_KEYS, "must be the fields by which the items differ")
    if schema.get("items") is None:
        yield schema.required("items", "must be the schema of the items")
    elif items is None:
        yield schema.invalid("items", "must be one schema")
    elif items.get("type") != "object":
        yield schema.invalid(("items", "type"), "must be `object`, since the list is a map")
    else:
        yield from _key_errors(schema, keys, items.map("properties"))


def _key_errors(schema: SchemaRef, keys: Any, properties: Map) -> Iterator[FieldError]:
    again = dict(repeated_values(keys))
    for index, key in enumerate(keys):
        if key not in properties:
            yield schema.invalid((MAP_KEYS, index), f"the items have no field {str(key)!r}", field=MAP_KEYS)
        elif properties.map(key).get("type") in ("array", "object"):
            path = ("items", "properties", key, "type")
            yield schema.invalid(
                path, "must not be a list or an object, since it is a key", field=f"items.properties[{key}].type"
            )
        if index in again:
            yield schema.invalid((MAP_KEYS, index), f"{str(key)!r} is a duplicate", field=MAP_KEYS)


@rule("schema", source=KEYS, when=LIST_TYPE)
def invalid_list_items(schema: SchemaRef) -> Iterator[FieldError]:
    """The items of a set or a map, and the keys of a map, must not be `nullable`. Each key must be `required`, or have a default."""
    found = list(_item_errors(schema))
    old = old_definition(schema) if found else None
    if not (old and old.any_part(lambda each: any(_item_errors(FieldRef(each, None, ()))))):
        yield from found


def _item_errors(schema: FieldRef) -> Iterator[FieldError]:
    kind, items = schema.get(LIST_TYPE), schema.value.child("items")
    if kind not in ("set", "map") or items is None:
        return
    item = FieldRef(items, schema, ("items",))
    if item.get("nullable"):
        yield item.forbidden("nullable", f"must not be true, since the list is a {kind}")
    for key in schema.get(MAP_KEYS, ()) if kind == "map" else ():
        if key not in items.map("properties"):
            continue
        known = FieldRef(items.map("properties", key), None, ())
        path, printed = ("properties", key), f"properties[{key}]"
        if key not in item.get("required", ()) and known.get("default") is None:
            yield item.required(
                (*path, "default"),
                "must be set, or the field be `required`, since it is a key",
                field=f"{printed}.default",
            )
        if known.get("nullable"):
            yield item.forbidden(
                (*path, "nullable"), "must not be true, since it is a key", field=f"{printed}.nullable"
            )
