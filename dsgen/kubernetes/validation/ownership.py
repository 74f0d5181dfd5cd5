"""Metadata that controllers set: owner references, finalizers, managed fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("finalizers", "managedFields", "ownerReferences")

OWNERS = "apimachinery/pkg/api/validation: ValidateOwnerReferences"
FINALIZERS = "apimachinery/pkg/api/validation: ValidateFinalizers"
MANAGED = "apimachinery/pkg/apis/meta/v1/validation: ValidateManagedFields"
OPERATIONS: Final = ("Apply", "Update")
STANDARD_FINALIZERS: Final = ("kubernetes", "orphan", "foregroundDeletion")


@rule("metadata", source=OWNERS, when="ownerReferences")
def invalid_owner_api_version(metadata: FieldRef) -> Iterator[FieldError]:
    """The `apiVersion` of an owner must be a version, or a group and a version: `v1`, `apps/v1`."""
    for owner in metadata.children("ownerReferences"):
        version = owner.get("apiVersion", "")
        if not version:
            yield _missing(metadata, owner, "apiVersion", "must be set: a version such as `apps/v1`")
        elif version.count("/") > 1 or not version.rpartition("/")[2]:
            yield _owner_error(metadata, owner, "apiVersion", f"{version!r} is not a valid version, such as `apps/v1`")


@rule("metadata", source=OWNERS, when="ownerReferences")
def missing_owner_field(metadata: FieldRef) -> Iterator[FieldError]:
    """The `kind`, `name` and `uid` of an owner must be set."""
    for owner in metadata.children("ownerReferences"):
        for name in ("kind", "name", "uid"):
            if not owner.get(name):
                yield _missing(metadata, owner, name, "must be set")


@rule("metadata", source=OWNERS, when="ownerReferences")
def forbidden_owner_kind(metadata: FieldRef) -> Iterator[FieldError]:
    """An Event must not be an owner."""
    for owner in metadata.children("ownerReferences"):
        if owner.get("kind") == "Event" and owner.get("apiVersion") in ("v1", "/v1"):
            yield _owner_error(metadata, owner, "", "an Event must not be an owner")


@rule("metadata", source=OWNERS, when="ownerReferences")
def conflicting_controllers(metadata: FieldRef) -> Iterator[FieldError]:
    """At most one owner can have `controller: true`. The server removes an owner that is listed twice, with a warning; list it once."""
    controllers = [owner for owner in metadata.children("ownerReferences") if owner.get("controller")]
    for owner in controllers[1:]:
        yield metadata.invalid(owner.step, "another owner is already the controller", field="ownerReferences")


def _missing(metadata: FieldRef, owner: FieldRef, name: str, detail: str) -> FieldError:
    return owner.required(name, detail) if metadata.pod.minor >= 37 else _owner_error(metadata, owner, name, detail)


def _owner_error(metadata: FieldRef, owner: FieldRef, below: str, detail: str) -> FieldError:
    """Return an error in an owner, which servers before 1.37 print without the index of the owner."""
    if metadata.pod.minor >= 37:
        return owner.invalid(below, detail)
    path = (*owner.step, below) if below else owner.step
    return metadata.invalid(path, detail, field=f"ownerReferences.{below}" if below else "ownerReferences")


@rule("metadata", source=FINALIZERS, when="finalizers")
def invalid_finalizer_name(metadata: FieldRef) -> Iterator[FieldError]:
    """A finalizer must be a qualified name: `example.com/cleanup`."""
    for index, name in enumerate(metadata.get("finalizers", ())):
        for message in formats.qualified_name(name):
            yield metadata.invalid(("finalizers", index), message, field="finalizers")


@rule("metadata", source="pkg/apis/core/validation: ValidateFinalizerName", when="finalizers")
def unknown_finalizer(metadata: FieldRef) -> Iterator[FieldError]:
    """
    A finalizer without a prefix must be one of Kubernetes' own: `kubernetes`, `orphan`, `foregroundDeletion`. On custom
    resources, others only cause a warning (`unprefixed-finalizer`); on Leases, webhooks, admission policies, APIServices and
    CustomResourceDefinitions, nothing is said of them.
    """
    kind = metadata.pod.kind
    for index, detail in _unprefixed(metadata) if not (kind.custom or kind.any_finalizer) else ():
        yield metadata.invalid(("finalizers", index), detail)


@rule(
    "metadata",
    source="k8s.io/apiextensions-apiserver/pkg/registry/customresource: validateKubeFinalizerName",
    when="finalizers",
    severity="warning",
)
def unprefixed_finalizer(metadata: FieldRef) -> Iterator[FieldError]:
    """The finalizers of a custom resource should have a prefix: `example.com/cleanup`."""
    for index, detail in _unprefixed(metadata) if metadata.pod.kind.custom else ():
        yield metadata.warning(("finalizers", index), detail, field="finalizers")


def _unprefixed(metadata: FieldRef) -> Iterator[tuple[int, str]]:
    for index, name in enumerate(metadata.get("finalizers", ())):
        if "/" not in name and name not in STANDARD_FINALIZERS:
            yield index, f"{name!r} is not one of Kubernetes' own, and has no prefix"


@rule("metadata", source=FINALIZERS, when="finalizers")
def conflicting_finalizers(metadata: FieldRef) -> Iterator[FieldError]:
    """`orphan` and `foregroundDeletion` must not both be finalizers."""
    if {"orphan", "foregroundDeletion"} <= set(metadata.get("finalizers", ())):
        yield metadata.invalid("finalizers", "`orphan` and `foregroundDeletion` must not both be finalizers")


@rule("metadata", source=MANAGED, when="managedFields")
def invalid_managed_fields_operation(metadata: FieldRef) -> Iterator[FieldError]:
    """The `operation` of a managed field must be `Apply` or `Update`."""
    for entry in metadata.children("managedFields"):
        operation = entry.get("operation", "")
        if operation in OPERATIONS:
            continue
        error = entry.not_supported("operation", operation, OPERATIONS)
        if metadata.pod.minor < 37:
            yield entry.invalid("operation", error.detail)
        else:
            yield error if operation else entry.required("operation", "must be set: `Apply` or `Update`")


@rule("metadata", source=MANAGED, when="managedFields")
def invalid_managed_fields_type(metadata: FieldRef) -> Iterator[FieldError]:
    """The `fieldsType` of a managed field must be `FieldsV1` or empty."""
    for entry in metadata.children("managedFields"):
        kind = entry.get("fieldsType", "")
        if kind not in ("", "FieldsV1"):
            yield entry.invalid("fieldsType", f"must be `FieldsV1`, got {kind!r}")


@rule("metadata", source=MANAGED, when="managedFields")
def too_long_managed_fields_name(metadata: FieldRef) -> Iterator[FieldError]:
    """The `manager` of fields must have at most 128 characters, a `subresource` at most 256."""
    for entry in metadata.children("managedFields"):
        for name, limit in (("manager", 128), ("subresource", 256)):
            for message in formats.too_long(entry.get(name, ""), limit):
                yield entry.error("TooLong", name, message)


@rule("metadata", source=MANAGED, when="managedFields")
def invalid_managed_fields_manager(metadata: FieldRef) -> Iterator[FieldError]:
    """The `manager` of fields must be printable."""
    for entry in metadata.children("managedFields"):
        if not entry.get("manager", "").isprintable():
            yield entry.invalid("manager", "contains characters that are not printable")
