"""CustomResourceDefinitions: defaults, which must fit the schema that they are in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dsgen.kubernetes.schema.paths import field_path
from dsgen.kubernetes.validation.companions.definition_view import DefinitionView, SchemaRef, old_definition, parts
from dsgen.kubernetes.validation.rule import FieldError, rule
from dsgen.plain import plain
from dsgen.tree import Boolean, Path

SOURCE = "apiextensions-apiserver/pkg/apiserver/schema/defaulting: ValidateDefaults"


@rule("schema-default", source=SOURCE)
def unknown_default_field(schema: SchemaRef) -> Iterator[FieldError]:
    """A default must not have fields that its schema does not have."""
    if not _is_checked(schema):
        return
    unknown = _unknown(schema)
    old = old_definition(schema)
    if unknown and not (old and _has_unknown(old)):
        yield schema.invalid("default", f"has fields that are not in the schema: {', '.join(unknown)}")


@rule("schema-default", source=SOURCE)
def mismatched_default(schema: SchemaRef) -> Iterator[FieldError]:
    """A default must be valid by the schema that it is in: of its `type`, one of the `enum`, matching the `pattern`, with all `required` fields. An
    embedded object must have `apiVersion` and `kind`.
    """
    if not _is_checked(schema):
        return
    errors = _embedded_errors(schema) or list(_schema_errors(schema))
    for type, path, printed, message in errors:
        yield FieldError(type, f"{schema.printed}.default{printed}", message, (*schema.path, "default", *path))


def _is_checked(schema: SchemaRef) -> bool:
    """Return whether a default is checked by itself: those of metadata, the server puts into a whole object first."""
    return schema.role == "structure" and schema.follows and not schema.in_metadata


def _by_itself(schema: SchemaRef) -> Any:
    """Return the schema as values are checked by it. That of a whole custom resource is one of an object."""
    from dsgen.kubernetes.schema.custom.schema import Schema

    raw = _untyped(plain(schema.value))
    return Schema({**raw, "x-kubernetes-embedded-resource": True} if schema.is_root else raw)


def _untyped(raw: Any) -> Any:
    """Return a schema without `x-kubernetes-int-or-string`: the server does not check the types of such defaults."""
    if isinstance(raw, dict):
        return {key: _untyped(value) for key, value in raw.items() if key != "x-kubernetes-int-or-string"}
    return list(map(_untyped, raw)) if isinstance(raw, list) else raw


def _unknown(schema: SchemaRef) -> list[str]:
    from dsgen.kubernetes.schema.custom.decoding import faults_of_default

    faults = faults_of_default(schema.get("default"), _by_itself(schema), f"1.{schema.pod.minor}")
    return [field_path(fault.path) for fault in faults if fault.stage == "strict" and "metadata" not in fault.path]


def _has_unknown(old: DefinitionView) -> bool:
    nodes = (each for root, _ in old.schemas for each in parts(root))
    return any(each.get("default") is not None and _is_checked(each) and _unknown(each) for each in nodes)


Errors = list[tuple[Any, Path, str, str]]


def _embedded_errors(schema: SchemaRef) -> Errors:
    """Return what is wrong with the headers of objects inside a default."""
    from dsgen.kubernetes.schema.custom.decoding import faults_of_default
    from dsgen.kubernetes.schema.custom.embedded import embedded_objects

    default, known = schema.get("default"), _by_itself(schema)
    misfits = [fault for fault in faults_of_default(default, known, f"1.{schema.pod.minor}") if fault.stage == "decode"]
    if misfits:
        path = misfits[0].path
        path = path[: path.index("metadata") + 1] if "metadata" in path else path
        return [("Invalid", path, _below(field_path(path)), misfits[0].message)]
    objects = embedded_objects(default, known)
    return [each for path, field, object in objects for each in _object_errors(object, path, field, schema.pod.minor)]


def _object_errors(object: Any, path: Path, field: str, minor: int) -> Iterator[tuple[Any, Path, str, str]]:
    """Yield what is wrong with the header and the metadata of an object."""
    from dsgen.kubernetes.schema.custom.embedded import header_findings
    from dsgen.kubernetes.validation.embedded_metadata import embedded_metadata

    for each in header_findings(object, path, field):
        yield each.type, each.path, _below(each.field), each.message
    for _, error in embedded_metadata(object, path, field, f"1.{minor}"):
        yield error.type, error.path, _below(error.field), error.detail


def _below(field: str) -> str:
    """Return a path below another one as the server prints it."""
    return field if not field or field[0] in ".[" else f".{field}"


def _schema_errors(schema: SchemaRef) -> Iterator[tuple[Any, Path, str, str]]:
    from dsgen.kubernetes.schema.custom.checking import Checker

    found = Checker(schema.pod.minor).check(_kept(schema.get("default")), _by_itself(schema))
    mistyped = {each.field for each in found if each.type == "TypeInvalid"}
    for each in found:
        if each.type == "TypeInvalid" or each.field not in mistyped:
            # The server prints even an index behind a dot.
            yield each.type, each.path, each.field and f".{each.field}", each.message


def _kept(value: Any) -> Any:
    return Boolean.at(value, None) if isinstance(value, bool) else value
