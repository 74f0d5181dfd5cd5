"""VolumeAttributesClasses. The limits of their parameters are those of StorageClasses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.plain import plain

SOURCE = "pkg/apis/storage/validation: ValidateVolumeAttributesClass"
UPDATE = "pkg/apis/storage/validation: ValidateVolumeAttributesClassUpdate"
# The minor version that deprecates an older version of the kind (api/storage: APILifecycleDeprecated).
DEPRECATED_SINCE: Final = {"storage.k8s.io/v1alpha1": 32, "storage.k8s.io/v1beta1": 34}


@rule("VolumeAttributesClass", source=SOURCE)
def invalid_volume_attributes_driver(attributes: FieldRef) -> Iterator[FieldError]:
    """The `driverName` of a VolumeAttributesClass must be set, and be a qualified name, such as `ebs.csi.aws.com`."""
    name = attributes.get("driverName", "")
    if not name:
        yield attributes.required("driverName", "must be set: the name of a CSI driver, such as `ebs.csi.aws.com`")
    else:
        yield from attributes.invalid_each("driverName", formats.qualified_name(formats.lower_case(name)))


@rule("VolumeAttributesClass", source=SOURCE)
def missing_volume_attributes(attributes: FieldRef) -> Iterator[FieldError]:
    """The `parameters` of a VolumeAttributesClass must have at least one entry."""
    if not attributes.value.map("parameters"):
        yield attributes.required("parameters", "must have at least one entry")


@rule("VolumeAttributesClass-update", source=UPDATE, immutable=True)
def changed_volume_attributes(attributes: FieldRef) -> Iterator[FieldError]:
    """The `driverName` and `parameters` of a VolumeAttributesClass cannot be changed. To use others, create another class."""
    detail = "cannot be changed: create a VolumeAttributesClass with another name"
    old = attributes.pod.old.root
    if attributes.get("driverName", "") != old.get("driverName", ""):
        yield attributes.forbidden("driverName", detail)
    if plain(attributes.get("parameters")) != plain(old.get("parameters")):
        yield attributes.forbidden("parameters", detail)


@rule("VolumeAttributesClass", source="api/storage: APILifecycleDeprecated", until="1.36", severity="warning")
def deprecated_volume_attributes_api_version(attributes: FieldRef) -> Iterator[FieldError]:
    """The versions `storage.k8s.io/v1alpha1` and, since 1.34, `v1beta1` of VolumeAttributesClass are deprecated. Use `v1`."""
    version = attributes.get("apiVersion", "")
    if attributes.pod.minor >= DEPRECATED_SINCE.get(version, attributes.pod.minor + 1):
        wanted = (
            "storage.k8s.io/v1"
            if attributes.pod.minor >= DEPRECATED_SINCE["storage.k8s.io/v1beta1"]
            else "storage.k8s.io/v1beta1"
        )
        yield attributes.warning(
            "kind", f"`{version}` is deprecated since 1.{DEPRECATED_SINCE[version]}: use `{wanted}`"
        )
