"""Structural schemas: what a value is must be said outside of `allOf`, `anyOf`, `oneOf` and `not`, and inside only what it must be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.companions.definition_view import SchemaRef, is_set
from dsgen.kubernetes.validation.rule import FieldError, rule
from dsgen.tree import Map, as_map

SOURCE = "apiextensions-apiserver/pkg/apiserver/schema: validateStructuralInvariants"
NESTED = "apiextensions-apiserver/pkg/apiserver/schema: validateNestedValueValidation"
COMPLETE = "apiextensions-apiserver/pkg/apiserver/schema: validateStructuralCompleteness"
EMBEDDED: Final = "x-kubernetes-embedded-resource"
PRESERVE: Final = "x-kubernetes-preserve-unknown-fields"
INT_OR_STRING: Final = "x-kubernetes-int-or-string"
# What says what a value is.
STRUCTURE: Final = (
    *("type", "default", "title", "description", "nullable", PRESERVE, EMBEDDED, INT_OR_STRING),
    *("x-kubernetes-list-type", "x-kubernetes-map-type"),
)
LISTS: Final = ("x-kubernetes-list-map-keys", "x-kubernetes-validations")
OPTIONS: Final = ("allOf", "anyOf", "oneOf")
NAMES: Final = frozenset({"name", "generateName"})
# What may be said of the metadata at the root of a schema.
IN_METADATA: Final = ("type", "default", "properties")


def _has_items(schema: SchemaRef) -> bool:
    return schema.schema("items") is not None


@rule("structure", source=SOURCE, when="type")
def missing_schema_items(schema: SchemaRef) -> Iterator[FieldError]:
    """The schema of an `array` must say what its `items` are."""
    if schema.role == "structure" and schema.text("type") == "array" and not _has_items(schema):
        yield schema.required("items", "must be the schema of the items")


@rule("structure", source=SOURCE, when="additionalProperties")
def forbidden_additional_properties(schema: SchemaRef) -> Iterator[FieldError]:
    """`additionalProperties` are not allowed at the root of a schema, in an embedded object, and in `allOf`, `anyOf`, `oneOf` and `not`."""
    additional = schema.get("additionalProperties")
    if additional is None:
        return
    if schema.role == "values":
        if isinstance(additional, Map) or additional:
            yield schema.forbidden("additionalProperties", "must be set outside of `allOf`, `anyOf`, `oneOf` and `not`")
        return
    if schema.level == "root":
        yield schema.forbidden("additionalProperties", "is not allowed at the root")
    if schema.get(EMBEDDED):
        yield schema.forbidden("additionalProperties", f"is not allowed with `{EMBEDDED}`")


@rule("structure", source=SOURCE)
def missing_schema_type(schema: SchemaRef) -> Iterator[FieldError]:
    """Each part of a schema must have a `type`, unless it has `x-kubernetes-int-or-string` or `x-kubernetes-preserve-unknown-fields`. At the root and
    of an embedded object, it must be `object`.
    """
    if schema.role != "structure":
        return
    kind = schema.text("type")
    if schema.get(EMBEDDED) and kind != "object":
        yield schema.wrong_type("object", EMBEDDED)
    elif not kind and not schema.get(INT_OR_STRING) and not schema.get(PRESERVE):
        yield schema.required("type", "must be `object` at the root" if schema.is_root else "must be set")
    if schema.is_root and kind not in ("", "object"):
        yield schema.invalid("type", "must be `object` at the root")


@rule("structure", source="apiextensions-apiserver/pkg/apiserver/schema: validateExtensions", when=INT_OR_STRING)
def conflicting_int_or_string(schema: SchemaRef) -> Iterator[FieldError]:
    """A value with `x-kubernetes-int-or-string` has no fields: `x-kubernetes-preserve-unknown-fields` and `x-kubernetes-embedded-resource` are not
    allowed.
    """
    for name in (PRESERVE, EMBEDDED):
        if schema.role == "structure" and schema.get(INT_OR_STRING) and schema.get(name):
            yield schema.invalid(name, f"is not allowed with `{INT_OR_STRING}`")


@rule("structure", source=SOURCE, when="properties")
def invalid_metadata_schema(schema: SchemaRef) -> Iterator[FieldError]:
    """Kubernetes knows what `apiVersion`, `kind` and `metadata` are. A schema can leave them out; else the types are `string`, `string` and `object`.
    Of the metadata at the root, it can only say what `name` and `generateName` must be.
    """
    checked = schema.is_root or schema.get(EMBEDDED)
    if schema.role != "structure" or not isinstance(schema.value.get("properties"), Map):
        return
    for name, wanted in (("kind", "string"), ("apiVersion", "string"), ("metadata", "object")):
        stated = schema.properties.get(name)
        if checked and stated is not None and str(as_map(stated).get("type") or "") != wanted:
            yield schema.invalid(("properties", name, "type"), f"must be `{wanted}`", field=f"properties[{name}].type")
    metadata = schema.properties.get("metadata")
    if schema.is_root and metadata is not None and not _is_restricted(as_map(metadata)):
        path = ("properties", "metadata")
        yield schema.forbidden(
            path, "must not say more than what `name` and `generateName` must be", field="properties[metadata]"
        )


def _is_restricted(metadata: Map) -> bool:
    """Return whether a schema says nothing of metadata but of its names."""
    if not metadata.map("properties").keys() <= NAMES:
        return False
    empty = (*OPTIONS, "enum")
    return all(
        not is_set(metadata, name) or name in IN_METADATA or (name in empty and not value)
        for name, value in metadata.items()
    )


@rule("structure", source=SOURCE, when=EMBEDDED)
def missing_embedded_properties(schema: SchemaRef) -> Iterator[FieldError]:
    """An embedded object must have `properties`, or `x-kubernetes-preserve-unknown-fields`."""
    if schema.role == "structure" and schema.get(EMBEDDED) and not schema.get(PRESERVE) and not schema.properties:
        yield schema.required("properties", f"must be set, or `{PRESERVE}`")


@rule("structure", source="apiextensions-apiserver/pkg/apiserver/schema: validateValueValidation", when="pattern")
def invalid_schema_pattern(schema: SchemaRef) -> Iterator[FieldError]:
    """A `pattern` must be a regular expression of Go (RE2), which has no lookaround and no backreferences."""
    from dsgen.kubernetes.schema.custom.pattern_syntax import syntax_fault

    if wrong := syntax_fault(schema.text("pattern")):
        yield schema.invalid("pattern", f"is not a regular expression of Go: {wrong}")


@rule("structure", source=NESTED)
def misplaced_schema_structure(schema: SchemaRef) -> Iterator[FieldError]:
    """In `allOf`, `anyOf`, `oneOf` and `not`, a schema only says what a value must be. What it is (`type`, `default`, `description`, `nullable` and
    Kubernetes' extensions) must be said outside.
    """
    if schema.role != "values":
        return
    for name in STRUCTURE:
        if is_set(schema.value, name):
            yield schema.forbidden(name, "must be set outside of `allOf`, `anyOf`, `oneOf` and `not`")
    for name in LISTS:
        if schema.get(name):
            yield schema.forbidden(name, "must be set outside of `allOf`, `anyOf`, `oneOf` and `not`")
    if "metadata" in schema.properties:
        yield schema.forbidden(("properties", "metadata"), "is only allowed outside of `allOf`, `anyOf`, `oneOf` and `not`", field="properties[metadata]")  # fmt: skip


@rule("structure", source=COMPLETE)
def missing_schema_structure(schema: SchemaRef) -> Iterator[FieldError]:
    """What `allOf`, `anyOf`, `oneOf` and `not` at the root of a schema say of a field or of items, must be of something that the schema also has
    outside of them.
    """
    if not schema.is_root:
        return
    seen: set[str] = set()
    for missing in _missing(schema, schema.value, schema):
        if missing.field not in seen:
            seen.add(missing.field)
            yield missing


def _missing(schema: SchemaRef, values: Map, where: SchemaRef) -> Iterator[FieldError]:
    """Yield what some `values` say of parts that the `schema` does not have."""
    options = [each for name in OPTIONS for each in values.maps(name)]
    options += [values["not"]] if isinstance(values.get("not"), Map) else []  # type: ignore[list-item]
    for option in options:
        yield from _missing_in(schema, option, where)


def _missing_in(schema: SchemaRef, option: Map, where: SchemaRef) -> Iterator[FieldError]:
    yield from _missing(schema, option, where)
    if (items := option.child("items")) is not None:
        if (known := schema.schema("items")) is None:
            yield schema.required("items", "must be set outside of `allOf`, `anyOf`, `oneOf` and `not` too")
        else:
            yield from _missing_in(SchemaRef(known, schema, ("items",), f"{schema.printed}.items"), items, where)
    for name, below in option.map("properties").items():
        step, printed = ("properties", name), f"{schema.printed}.properties[{name}]"
        if name not in schema.properties:
            detail = "must be set outside of `allOf`, `anyOf`, `oneOf` and `not` too"
            yield FieldError("Required", printed, detail, (*schema.path, *step))
        else:
            yield from _missing_in(
                SchemaRef(as_map(schema.properties[name]), schema, step, printed), as_map(below), where
            )
