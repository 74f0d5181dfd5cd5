"""CustomResourceDefinitions: their names, group and scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats, urls
from dsgen.kubernetes.validation.companions.definition_view import DefinitionView, definition_of, old_definition
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.traversal import value_at

SOURCE = "apiextensions-apiserver/pkg/apis/apiextensions/validation: ValidateCustomResourceDefinition"
SPEC = "apiextensions-apiserver/pkg/apis/apiextensions/validation: validateCustomResourceDefinitionSpec"
NAMES = "apiextensions-apiserver/pkg/apis/apiextensions/validation: ValidateCustomResourceDefinitionNames"
UPDATE = "apiextensions-apiserver/pkg/apis/apiextensions/validation: validateCustomResourceDefinitionSpecUpdate"
SCOPES: Final = ("Cluster", "Namespaced")
APPROVED: Final = "api-approved.kubernetes.io"
PROTECTED: Final = ("k8s.io", "kubernetes.io")


@rule("CustomResourceDefinition", source=SOURCE)
def mismatched_definition_name(definition: FieldRef) -> Iterator[FieldError]:
    """The name of a CustomResourceDefinition must be the plural of its kind, a dot and its group: `agents.example.com`. So it cannot be generated."""
    if definition.pod.old is not None:
        return
    spec, metadata = definition.value.map("spec"), definition.value.map("metadata")
    wanted = f"{spec.map('names').get('plural') or ''}.{spec.get('group') or ''}"
    name, prefix = (str(metadata.get(field) or "") for field in ("name", "generateName"))
    if (name or prefix) and name != wanted:
        yield definition.invalid(("metadata", "name"), f"must be `spec.names.plural` and `spec.group`: `{wanted}`")
    if prefix and prefix != wanted:
        yield definition.invalid(("metadata", "generateName"), f"must not be set: the name must be `{wanted}`")


@rule("CustomResourceDefinition.spec", source=SPEC)
def invalid_definition_group(spec: FieldRef) -> Iterator[FieldError]:
    """The `group` of a CustomResourceDefinition must be a domain with at least one dot, such as `example.com`."""
    group = spec.get("group", "")
    if not group:
        yield spec.required("group", "must be a domain, such as `example.com`")
    elif wrong := formats.dns_subdomain(group):
        yield spec.invalid("group", wrong[0])
    elif "." not in group:
        yield spec.invalid("group", f"must be a domain with at least one dot, got {str(group)!r}")


@rule("CustomResourceDefinition.spec", source=SPEC)
def invalid_definition_scope(spec: FieldRef) -> Iterator[FieldError]:
    """The `scope` of a CustomResourceDefinition must be `Namespaced` or `Cluster`."""
    scope = spec.get("scope", "")
    if not scope:
        yield spec.required("scope", "must be `Namespaced` or `Cluster`")
    elif scope not in SCOPES:
        yield spec.not_supported("scope", scope, SCOPES)


@rule("CustomResourceDefinition.spec", source=SPEC)
def missing_definition_name(spec: FieldRef) -> Iterator[FieldError]:
    """The `names` of a CustomResourceDefinition must have `kind` and `plural`. `singular` and `listKind` have defaults."""
    names = spec.value.map("names")
    for field in ("plural", "singular", "kind", "listKind"):
        if not names.get(field):
            yield spec.required(("names", field))


@rule("CustomResourceDefinition", source=NAMES)
def invalid_definition_name(definition: FieldRef) -> Iterator[FieldError]:
    """The `names` of a CustomResourceDefinition, its short names and categories must be DNS labels that begin with a letter; a kind may have
    upper-case letters too. `kind` and `listKind` must differ.
    """
    for names in _names(definition):
        for field in ("plural", "singular", "kind", "listKind"):
            name = names.get(field, "")
            spelt = formats.lower_case(name) if field in ("kind", "listKind") else name
            yield from names.invalid_each(field, formats.letter_label(spelt) if name else ())
        for field in ("shortNames", "categories"):
            for index, name in enumerate(names.get(field, ())):
                yield from names.invalid_each((field, index), formats.letter_label(name))
        if names.get("kind", "") and names.get("kind") == names.get("listKind"):
            yield names.invalid("listKind", "must differ from `kind`")


def _names(definition: FieldRef) -> Iterator[FieldRef]:
    """Yield the names, and in an update those that the old object has been given."""
    own = definition.child("spec", "names")
    if own is not None:
        yield own
    old = definition.pod.old
    given = old.root.value.map("status").child("acceptedNames") if old is not None else None
    if given is not None:
        yield FieldRef(given, definition, ("status", "acceptedNames"))


@rule(
    "CustomResourceDefinition", source="apiextensions-apiserver/pkg/apis/apiextensions/validation: validateAPIApproval"
)
def missing_api_approval(definition: FieldRef) -> Iterator[FieldError]:
    """The groups `k8s.io`, `kubernetes.io` and those below belong to Kubernetes. A CustomResourceDefinition in one of them must have the annotation
    `api-approved.kubernetes.io`: the URL of its approval, or a text that begins with `unapproved`.
    """
    group = str(definition.value.map("spec").get("group") or "")
    if not any(group == own or group.endswith(f".{own}") for own in PROTECTED):
        return
    state = _approval(definition)
    old = definition.pod.old
    if state in ("approved", "unapproved") or (old is not None and _approval(old.root) == state):
        return
    path, printed = ("metadata", "annotations", APPROVED), f"metadata.annotations[{APPROVED}]"
    detail = (
        f"must be the URL of the approval, or begin with `unapproved`, since the group {group} belongs to Kubernetes"
    )
    yield definition.error("Required" if state == "missing" else "Invalid", path, detail, field=printed)


def _approval(definition: FieldRef) -> str:
    stated = str(definition.value.map("metadata", "annotations").get(APPROVED) or "")
    if not stated:
        return "missing"
    if stated.startswith("unapproved"):
        return "unapproved"
    found = urls.parse_without_fragment(stated, definition.pod.minor)
    return "approved" if not isinstance(found, str) and found.host and found.scheme else "invalid"


@rule("CustomResourceDefinition-update", source=UPDATE, immutable=True)
def changed_definition_name(definition: FieldRef) -> Iterator[FieldError]:
    """The `group` and plural of a CustomResourceDefinition cannot be changed, nor its `scope` and kind once the server has accepted its names
    (condition `Established`). To change them, delete it and all its objects.
    """
    new, old = definition_of(definition), old_definition(definition)
    assert old is not None
    fields = [("group",), ("names", "plural")]
    fields += [("scope",), ("names", "kind")] if is_established(old) else []
    for field in fields:
        if _at(new, field) != _at(old, field):
            yield definition.invalid(("spec", *field), f"cannot be changed; it was {str(_at(old, field))!r}")


def _at(definition: DefinitionView, field: tuple[str, ...]) -> str:
    return str(value_at(definition.spec.value, field) or "")


def is_established(definition: DefinitionView) -> bool:
    """Return whether the server has accepted the names of an old definition, and so serves its kind."""
    conditions = definition.root.value.map("status").maps("conditions")
    return any(each.get("type") == "Established" and each.get("status") == "True" for each in conditions)


@rule(
    "CustomResourceDefinition",
    source="apiextensions-apiserver/pkg/apis/apiextensions/validation: validatePreserveUnknownFields",
)
def forbidden_preserve_unknown_fields(definition: FieldRef) -> Iterator[FieldError]:
    """`spec.preserveUnknownFields` must not be true, except in old definitions. Set `x-kubernetes-preserve-unknown-fields` in the schema instead."""
    old = old_definition(definition)
    if definition_of(definition).keeps_unknown and not (old and old.keeps_unknown):
        path = ("spec", "preserveUnknownFields")
        yield definition.invalid(
            path, "must be false: set `x-kubernetes-preserve-unknown-fields` in the schema instead"
        )
