"""CustomResourceDefinitions: the fields by which objects can be selected, and the rules in CEL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.companions.definition_paths import follow
from dsgen.kubernetes.validation.companions.definition_view import (
    DefinitionView,
    SchemaRef,
    as_kept,
    definition_of,
    is_convertible,
    old_definition,
)
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SELECTABLE = "apiextensions-apiserver/pkg/apis/apiextensions/validation: ValidateCustomResourceSelectableFields"
RULES = "apiextensions-apiserver/pkg/apis/apiextensions/validation: ValidateCustomResourceDefinitionOpenAPISchema"
SELECTABLE_TYPES: Final = ("boolean", "integer", "string")
MOST_SELECTABLE: Final = 8
REASONS: Final = ("FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired")
LINE_BREAK: Final = re.compile(r"[\n\r]")


@rule("CustomResourceDefinition", source=SELECTABLE)
def invalid_selectable_field(definition: FieldRef) -> Iterator[FieldError]:
    """A selectable field must have a `jsonPath`, which leads to a string, boolean or integer of the schema outside of `metadata`: `.spec.nodeName`."""
    for version, printed, fields in _selectable(definition):
        schema = _schema_of(definition_of(definition), version)
        if schema is None:
            yield FieldError("Invalid", printed, "requires a schema", (*version.path, "selectableFields"))
            continue
        convertible = is_convertible(schema)
        if not convertible:
            # The server names a field that there is not.
            wrong = printed.removesuffix("selectableFields") + "schema.openAPIV3Schema"
            yield FieldError("Invalid", wrong, "must be structural for selectable fields", schema.path)
        for each in fields:
            path = each.get("jsonPath", "")
            if not path:
                yield each.required("jsonPath", "must be a path such as `.spec.nodeName`")
            if not path or not convertible:
                continue
            found = follow(path, schema.value, with_brackets=False)
            if isinstance(found, str):
                yield each.invalid("jsonPath", f"{str(path)!r}: {found}")
                continue
            if found.fields[0] == "metadata":
                yield each.invalid("jsonPath", "must not be in `metadata`")
            if found.schema is None or found.schema.get("type") not in SELECTABLE_TYPES:
                yield each.invalid(
                    "jsonPath", f"must be a {', '.join(SELECTABLE_TYPES[:-1])} or {SELECTABLE_TYPES[-1]}"
                )


@rule("CustomResourceDefinition", source=SELECTABLE)
def duplicate_selectable_field(definition: FieldRef) -> Iterator[FieldError]:
    """The `jsonPath` of each selectable field must be unique, and there must be at most 8."""
    for version, printed, fields in _selectable(definition):
        schema = _schema_of(definition_of(definition), version)
        if schema is None or not is_convertible(schema):
            continue
        seen: set[tuple[str, ...]] = set()
        for each in fields:
            path = each.get("jsonPath", "")
            found = follow(path, schema.value, with_brackets=False) if path else ""
            if isinstance(found, str):
                continue
            if found.fields in seen:
                yield each.duplicate("jsonPath", f"another selectable field is {str(path)!r}")
            seen.add(found.fields)
        if len(seen) > MOST_SELECTABLE and not _keeps_selectable(definition, version):
            detail = f"must have at most {MOST_SELECTABLE} items, got {len(seen)}"
            yield FieldError("TooMany", printed, detail, (*version.path, "selectableFields"))


def _selectable(definition: FieldRef) -> Iterator[tuple[FieldRef, str, list[FieldRef]]]:
    """Yield each version with selectable fields, how they are printed, and each of them."""
    view = definition_of(definition)
    for version, printed in view.holders("selectableFields") if view.versions else ():
        fields = [
            each.printed_as(f"{printed}[{index}]") for index, each in enumerate(version.children("selectableFields"))
        ]
        if fields:
            yield version, printed, fields


def _schema_of(view: DefinitionView, version: FieldRef) -> SchemaRef | None:
    """Return the schema in which the server looks for the selectable fields: for those of one version, in that of this version only."""
    if view.shares["schema"] != view.shares["selectableFields"]:
        return None
    return next((node for node, holder in view.schemas if holder.field == version.field), None)


def _keeps_selectable(definition: FieldRef, version: FieldRef) -> bool:
    """Return whether an update keeps too many selectable fields."""
    old, new = old_definition(definition), definition_of(definition)
    if old is None or definition.pod.minor < 36:
        return False
    if new.shares["selectableFields"] != (bool(old.versions) and old.shares["selectableFields"]):
        return False
    before = old.versions[:1] if new.shares["selectableFields"] else old.versions
    name = version.get("name", "")
    return any(
        len(each.get("selectableFields", ())) > MOST_SELECTABLE
        and as_kept(each.get("selectableFields")) == as_kept(version.get("selectableFields"))
        for each in before
        if new.shares["selectableFields"] or each.get("name", "") == name
    )


@rule("schema", source=RULES, when="x-kubernetes-validations")
def invalid_schema_rule(schema: SchemaRef) -> Iterator[FieldError]:
    """Each of the `x-kubernetes-validations` must have a `rule`, an expression in CEL. Its `message` must be one line, and must be set if the rule has
    several; a `messageExpression` must not be blank.
    """
    for each in schema.children("x-kubernetes-validations"):
        text, message = (_stripped(each, name) for name in ("rule", "message"))
        if not text:
            yield each.required("rule", "must be an expression in CEL")
        elif each.get("message", "") and not message:
            yield each.invalid("message", "must not be blank")
        elif LINE_BREAK.search(message):
            yield each.invalid("message", "must not have line breaks")
        elif LINE_BREAK.search(text) and not message:
            yield each.required("message", "must be set, since the rule has line breaks")
        if each.get("messageExpression", "") and not _stripped(each, "messageExpression"):
            yield each.required("messageExpression", "must not be blank")


def _stripped(node: FieldRef, name: str) -> str:
    return str(node.get(name, "")).strip(formats.WHITE_SPACE)


@rule("schema", source=RULES, when="x-kubernetes-validations")
def invalid_schema_rule_reason(schema: SchemaRef) -> Iterator[FieldError]:
    """The `reason` of a rule must be `FieldValueInvalid` (the default), `FieldValueForbidden`, `FieldValueRequired` or `FieldValueDuplicate`."""
    for each in schema.children("x-kubernetes-validations"):
        reason = each.get("reason")
        if reason is not None and reason not in REASONS:
            yield each.not_supported("reason", reason, REASONS)


@rule("schema", source=RULES, when="x-kubernetes-validations")
def invalid_schema_rule_field_path(schema: SchemaRef) -> Iterator[FieldError]:
    """The `fieldPath` of a rule must be the path of a field of this part of the schema, such as `.spec.size` or `.labels['example.com/tier']`."""
    convertible = (
        is_convertible(schema)
        if any(each.get("fieldPath") for each in schema.children("x-kubernetes-validations"))
        else False
    )
    for each in schema.children("x-kubernetes-validations"):
        path = each.get("fieldPath", "")
        if not path:
            continue
        if formats.is_blank(path):
            yield each.invalid("fieldPath", "must not be blank")
        if LINE_BREAK.search(path):
            yield each.invalid("fieldPath", "must not have line breaks")
        found = follow(path, schema.value, with_brackets=True) if convertible else ""
        if isinstance(found, str) and found:
            yield each.invalid("fieldPath", f"{str(path)!r}: {found}")
