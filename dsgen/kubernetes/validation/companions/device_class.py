"""DeviceClasses."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.validation import resource_names
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule


@rule(
    "DeviceClass.spec",
    source="pkg/apis/resource/validation: validateDeviceClassSpec",
    since="1.34",
    when="extendedResourceName",
)
def invalid_extended_resource_name(spec: FieldRef) -> Iterator[FieldError]:
    """The `extendedResourceName` of a DeviceClass must be the name of an extended resource, such as `example.com/gpu`."""
    name = spec.get("extendedResourceName")
    if name is not None and not resource_names.is_extended(name):
        yield spec.invalid(
            "extendedResourceName",
            f"must be the name of an extended resource, such as `example.com/gpu`, got {str(name)!r}",
        )
