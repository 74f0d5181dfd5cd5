"""StorageClasses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.node_labels import DEPRECATED
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule
from dsgen.plain import plain

SOURCE = "pkg/apis/storage/validation: ValidateStorageClass"
UPDATE = "pkg/apis/storage/validation: ValidateStorageClassUpdate"
TERM = "pkg/apis/core/validation: ValidateTopologySelectorTerm"
IMMUTABLE: Final = ("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode")


@rule("StorageClass", source=SOURCE)
def invalid_provisioner(storage_class: FieldRef) -> Iterator[FieldError]:
    """The `provisioner` of a StorageClass must be set, and be a qualified name, such as `ebs.csi.aws.com`."""
    name = storage_class.get("provisioner", "")
    if not name:
        yield storage_class.required("provisioner", "must be set: the name of a driver, such as `ebs.csi.aws.com`")
    for message in formats.qualified_name(formats.lower_case(name)) if name else ():
        yield storage_class.invalid("provisioner", message)


CLASS = Fields("StorageClass", "a StorageClass", SOURCE)
CLASS.one_of("invalid-reclaim-policy", "reclaimPolicy", ("Delete", "Retain"), default="Delete")
CLASS.one_of(
    "invalid-volume-binding-mode",
    "volumeBindingMode",
    ("Immediate", "WaitForFirstConsumer"),
    default="Immediate",
    empty=True,
)


@rule("StorageClass", source=SOURCE, when="allowedTopologies")
def duplicate_allowed_topology(storage_class: FieldRef) -> Iterator[FieldError]:
    """Each of the `allowedTopologies` must be different from those before it."""
    seen: list[Any] = [{}]  # the server compares each with an empty one, too
    for term in storage_class.children("allowedTopologies"):
        keys = {each.get("key", ""): set(each.get("values", ())) for each in term.children("matchLabelExpressions")}
        if keys in seen:
            yield term.duplicate("matchLabelExpressions", "must be different from the topologies before it")
        seen.append(keys)


@rule("StorageClass.allowedTopologies", source=TERM)
def duplicate_topology_key(term: FieldRef) -> Iterator[FieldError]:
    """The keys of the `matchLabelExpressions` of an allowed topology must be unique."""
    for expression, key in repeated(term.children("matchLabelExpressions"), "key"):
        yield expression.duplicate("key", f"another expression has the key {str(key)!r}")


EXPRESSION = Fields("StorageClass.allowedTopologies.matchLabelExpressions", "an allowed topology", TERM)
EXPRESSION.required("missing-topology-values", "values")
EXPRESSION.has_format("invalid-topology-key", "key", formats.label_key, missing=True)
EXPRESSION.unique("duplicate-topology-value", "values")


@rule(
    "StorageClass.allowedTopologies.matchLabelExpressions",
    source="pkg/api/storage: GetWarningsForStorageClass",
    severity="warning",
)
def deprecated_topology_label(expression: FieldRef) -> Iterator[FieldError]:
    """`allowedTopologies` should use current node labels: `topology.kubernetes.io/zone`, not
    `failure-domain.beta.kubernetes.io/zone`.
    """
    key = expression.get("key", "")
    if key in DEPRECATED:
        yield expression.warning("key", f"`{key}`: {DEPRECATED[key]}")


@rule("StorageClass-update", source=UPDATE, immutable=True)
def changed_storage_class(storage_class: FieldRef) -> Iterator[FieldError]:
    """The `provisioner`, `parameters`, `reclaimPolicy` and `volumeBindingMode` of a StorageClass cannot be changed. To change them,
    delete the StorageClass and create it again; its volumes stay.
    """
    both, is_older = (storage_class, storage_class.pod.old.root), storage_class.pod.minor < 36
    for name in IMMUTABLE:
        # Before 1.36, no parameters and an empty map of them are different.
        value, before = (plain(each.get(name)) for each in both)
        if not is_older:
            value, before = value or None, before or None
        if value != before:
            detail = "cannot be changed: delete the StorageClass first"
            forbids = name != "volumeBindingMode" and is_older
            yield storage_class.error("Forbidden" if forbids else "Invalid", name, detail)
