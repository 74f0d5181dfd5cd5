"""The parameters of StorageClasses and VolumeAttributesClasses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/storage/validation: validateParameters"
MAX_PARAMETERS: Final = 512
MAX_PARAMETERS_SIZE: Final = 256 * 1024


@rule("class-parameters", source=SOURCE, when="parameters")
def too_large_storage_class_parameters(owner: FieldRef) -> Iterator[FieldError]:
    """A StorageClass or VolumeAttributesClass must have at most 512 `parameters`, whose keys and values must not exceed 262144 bytes together."""
    parameters = owner.value.map("parameters")
    if len(parameters) > MAX_PARAMETERS:
        detail = f"must have at most {MAX_PARAMETERS} entries, got {len(parameters)}"
        yield owner.error("TooLong", "parameters", detail)
        return
    size = sum(formats.byte_length(text) for item in parameters.items() for text in map(str, item))
    if size > MAX_PARAMETERS_SIZE:
        detail = f"must have at most {MAX_PARAMETERS_SIZE} bytes in all keys and values, got {size}"
        yield owner.error("TooLong", "parameters", detail)


@rule("class-parameters", source=SOURCE, when="parameters")
def empty_storage_class_parameter(owner: FieldRef) -> Iterator[FieldError]:
    """The key of a parameter of a StorageClass or VolumeAttributesClass must not be empty."""
    parameters = owner.value.map("parameters")
    if "" in parameters and len(parameters) <= MAX_PARAMETERS:
        yield owner.invalid(("parameters", ""), "the key must not be empty", field="parameters")
