"""CustomResourceDefinitions: their schemas as a whole, and what none of their parts can have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from dsgen.kubernetes.validation.companions.definition_view import (
    TYPES,
    DefinitionView,
    SchemaRef,
    definition_of,
    is_convertible,
    is_set,
    old_definition,
    parts,
)
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import List, Map

SPEC = "apiextensions-apiserver/pkg/apis/apiextensions/validation: validateCustomResourceDefinitionSpec"
WHOLE = "apiextensions-apiserver/pkg/apis/apiextensions/validation: validateCustomResourceDefinitionValidation"
SCHEMA = "apiextensions-apiserver/pkg/apis/apiextensions/validation: ValidateCustomResourceDefinitionOpenAPISchema"
STANDARD = "apiextensions-apiserver/pkg/apis/apiextensions/validation: specStandardValidatorV3"
FORMATS = "apiextensions-apiserver/pkg/registry/customresourcedefinition: getUnrecognizedFormatsInSchema"
# What a schema of objects with a status must not have at its root.
NOT_WITH_STATUS: Final = (
    *("id", "$schema", "$ref", "default", "enum", "maxProperties", "minProperties", "allOf", "oneOf", "anyOf", "not"),
    *("additionalProperties", "patternProperties", "dependencies", "additionalItems", "definitions", "nullable"),
    *("x-kubernetes-embedded-resource", "x-kubernetes-int-or-string", "x-kubernetes-list-map-keys"),
    *("x-kubernetes-list-type", "x-kubernetes-map-type"),
)
NEVER: Final = ("additionalItems", "definitions", "dependencies", "id", "$ref", "patternProperties")
TEXT_FORMATS: Final = frozenset(
    [
        "bsonobjectid",
        "uri",
        "email",
        "hostname",
        "ipv4",
        "ipv6",
        "cidr",
        "mac",
        "uuid",
        "uuid3",
        "uuid4",
        "uuid5",
        "isbn",
        "isbn10",
        "isbn13",
        "creditcard",
        "ssn",
        "hexcolor",
        "rgbcolor",
        "byte",
        "password",
        "date",
        "duration",
        "datetime",
        "k8sshortname",
        "k8slongname",
    ]
)
ALL_FORMATS: Final = 36
# The formats of names came later than the warning about formats.
NAME_FORMATS: Final = ("k8slongname", "k8sshortname")
NAMES_SINCE: Final = 35
NUMBER_FORMATS: Final = {"integer": ("int32", "int64"), "number": ("float", "double")}
Visit = Callable[[str, FieldRef, bool], bool]


def visit(subject: Any, run: Visit) -> None:
    """Run the rules of schemas on each schema of a definition and each of its parts: `run` does so for a scope and a node, and returns whether
    there was an error, which it keeps if it should.

    The server goes on to the defaults if a schema is structural, and says that it cannot read it as one if nothing else is wrong.
    """
    definition = definition_of(subject.root)
    structural = _must_be_structural(definition, old_definition(subject.root), run)
    for node, version in definition.schemas:
        wrong = run(
            "definition-schema", FieldRef(node.value, node, (), scope=version.field, printed=node.printed), True
        )
        inside = list(parts(node))
        convertible = is_convertible(node)
        if structural and convertible:
            faulty = _any(run, "structure", (each for each in inside if each.role))
            if not faulty:
                faulty = _any(run, "schema-default", (each for each in inside if each.get("default") is not None))
            wrong |= faulty
        wrong |= _any(run, "schema", inside)
        if structural and not convertible and not wrong:
            run("unreadable-schema", node, True)


def _any(run: Visit, scope: str, nodes: Iterable[FieldRef]) -> bool:
    """Run the rules of a scope on all nodes, and return whether there was an error."""
    wrong = False
    for node in nodes:
        wrong |= run(scope, node, True)
    return wrong


def _must_be_structural(new: DefinitionView, old: DefinitionView | None, run: Visit) -> bool:
    """Return whether the schemas must be structural: always, unless an old definition that keeps unknown fields was not."""
    if old is None or not new.keeps_unknown or new.any_part(_extends):
        return True
    return all(
        is_convertible(node) and not any(run("structure", each, False) for each in parts(node) if each.role)
        for node, _ in old.schemas
    )


def _extends(schema: Map) -> bool:
    """Return whether a part of a schema has a default or one of Kubernetes' extensions."""
    names = (
        "default",
        "x-kubernetes-embedded-resource",
        "x-kubernetes-preserve-unknown-fields",
        "x-kubernetes-int-or-string",
        "x-kubernetes-list-type",
    )
    lists = ("x-kubernetes-list-map-keys", "x-kubernetes-validations")
    return any(is_set(schema, name) for name in names) or any(schema.get(name) for name in lists)


@rule("CustomResourceDefinition", source=SPEC)
def missing_schema(definition: FieldRef) -> Iterator[FieldError]:
    """Each version of a CustomResourceDefinition must have a schema, `schema.openAPIV3Schema`."""
    view, old = definition_of(definition), old_definition(definition)
    without = [version for version in view.versions if version.child("schema", "openAPIV3Schema") is None]
    if old and any(version.child("schema", "openAPIV3Schema") is None for version in old.versions):
        # What old objects lack is only missed in a version whose fields would all be dropped.
        without = [version for version in without if version.get("served") and not view.keeps_unknown]
    for version in without:
        yield version.required(("schema", "openAPIV3Schema"), "must be the schema of the objects")


@rule("CustomResourceDefinition", source=SPEC)
def conflicting_preserve_unknown_fields(definition: FieldRef) -> Iterator[FieldError]:
    """A schema must not have defaults if `spec.preserveUnknownFields` is true."""
    view = definition_of(definition)
    if view.keeps_unknown and view.any_part(lambda schema: is_set(schema, "default")):
        yield definition.invalid(("spec", "preserveUnknownFields"), "must be false, since the schema has defaults")


@rule("definition-schema", source=WHOLE)
def forbidden_root_schema_field(schema: FieldRef) -> Iterator[FieldError]:
    """The schema of objects with the subresource `status` must be of the type `object` at its root, and only have `properties`, `required`,
    `description` and the like there: not `anyOf` or `default`, for instance. At no root, `nullable` can be true.
    """
    definition = definition_of(schema)
    version = next(each for _, each in definition.schemas if each.field == schema.scope)
    if definition.has_status(None if definition.shares["schema"] else version):
        found = [name for name in NOT_WITH_STATUS if is_set(schema.value, name)]
        kind = schema.get("type", "")
        if kind not in ("", "object") and not {"id", "$schema", "$ref"}.intersection(found):
            yield schema.invalid("type", "must be `object`, since there is a subresource `status`")
        elif found:
            yield schema.invalid((), f"`{found[0]}` is not allowed here, since there is a subresource `status`")
    if schema.get("nullable"):
        yield schema.forbidden("nullable", "must not be true at the root")


@rule("unreadable-schema", source="apiextensions-apiserver/pkg/apiserver/schema: validateUnsupportedFields")
def forbidden_schema_version(schema: SchemaRef) -> Iterator[FieldError]:
    """A schema must not say which version of JSON Schema it is in (`$schema`)."""
    yield schema.invalid((), "must not have `$schema`")


@rule("schema", source=STANDARD, when="type")
def invalid_schema_type(schema: SchemaRef) -> Iterator[FieldError]:
    """The `type` in a schema must be `array`, `boolean`, `integer`, `number`, `object` or `string`. For null, set `nullable`."""
    kind, old = schema.text("type"), old_definition(schema)
    if (
        kind
        and kind not in TYPES
        and not (old and old.any_part(lambda each: str(each.get("type") or "") not in ("", *TYPES)))
    ):
        yield schema.not_supported("type", kind, TYPES)
    if kind == "null":
        yield schema.forbidden("type", "must not be `null`: set `nullable` instead")


@rule("schema", source=STANDARD)
def forbidden_schema_field(schema: SchemaRef) -> Iterator[FieldError]:
    """Some fields of JSON Schema are not allowed: `additionalItems`, `definitions`, `dependencies`, `id`, `$ref`, `patternProperties`, `uniqueItems`,
    and a list of `items`.
    """
    for name in NEVER:
        value = schema.get(name)
        if is_set(schema.value, name) and (value or name not in ("definitions", "patternProperties")):
            yield schema.forbidden(name, "is not supported")
    if isinstance(schema.get("items"), List) and schema.get("items"):
        yield schema.forbidden("items", "must be one schema, not a list")
    if schema.get("uniqueItems"):
        yield schema.forbidden("uniqueItems", "must not be true: use `x-kubernetes-list-type: set`")


@rule("schema", source=STANDARD, when="default")
def forbidden_schema_default(schema: SchemaRef) -> Iterator[FieldError]:
    """There are no defaults in the `metadata`, `kind` and `apiVersion` of a custom resource, and none in the `additionalProperties` of metadata."""
    if schema.get("default") is not None and not schema.may_default:
        yield schema.forbidden("default", "must not be set in metadata")


@rule("schema", source=STANDARD, when="x-kubernetes-embedded-resource")
def misplaced_embedded_resource(schema: SchemaRef) -> Iterator[FieldError]:
    """There is no embedded object (`x-kubernetes-embedded-resource`) in the metadata of another."""
    if schema.in_metadata and schema.get("x-kubernetes-embedded-resource"):
        yield schema.forbidden("x-kubernetes-embedded-resource", "must not be set in metadata")


@rule("schema", source=SCHEMA, when="additionalProperties")
def conflicting_additional_properties(schema: SchemaRef) -> Iterator[FieldError]:
    """An object has either known fields (`properties`) or any (`additionalProperties`), not both."""
    additional = schema.get("additionalProperties")
    if additional is not None and schema.properties and (isinstance(additional, Map) or not additional):
        yield schema.forbidden("additionalProperties", "is not allowed with `properties`")


@rule("schema", source=SCHEMA, when="x-kubernetes-preserve-unknown-fields")
def invalid_preserve_unknown_fields(schema: SchemaRef) -> Iterator[FieldError]:
    """`x-kubernetes-preserve-unknown-fields` must be true or left out."""
    value = schema.get("x-kubernetes-preserve-unknown-fields")
    if value is not None and not value:
        yield schema.invalid("x-kubernetes-preserve-unknown-fields", "must be true, or left out")


@rule("schema", source=FORMATS, since="1.34", when="format", severity="warning")
def unknown_schema_format(schema: SchemaRef) -> Iterator[FieldError]:
    """A `format` that Kubernetes does not know for this type has no effect."""
    name = schema.text("format")
    kind, minor = schema.text("type"), schema.pod.minor
    # Before 1.36, the server looks at the formats of texts only.
    if not name or (minor < ALL_FORMATS and kind != "string") or _is_known(schema.value, minor):
        return
    old = old_definition(schema)
    if not (old and old.any_part(lambda each: each.get("format") == name and not _is_known(each, minor))):
        yield schema.warning(
            "format", f"{name!r} is not a format of the type {schema.text('type') or 'string'}, and has no effect"
        )


def _is_known(schema: Map, minor: int) -> bool:
    name, kind = str(schema.get("format") or ""), str(schema.get("type") or "")
    if kind in ("", "string"):
        plain = name.replace("-", "")
        return plain in TEXT_FORMATS and (minor >= NAMES_SINCE or plain not in NAME_FORMATS)
    return name in NUMBER_FORMATS.get(kind, ())
