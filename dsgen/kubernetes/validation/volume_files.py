"""The files of secret, configMap and downwardAPI volumes, on their own or projected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.errors import ErrorType
from dsgen.kubernetes.schema.words import FILE_VOLUMES
from dsgen.kubernetes.validation import downward_api
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("configMap", "downwardAPI", "projected", "secret", "defaultMode", "items")

KEY_TO_PATH = "pkg/apis/core/validation: validateKeyToPath"
DOWNWARD_FILE = "pkg/apis/core/validation: validateDownwardAPIVolumeFile"
MAX_FILE_MODE: Final = 0o777
DOWNWARD_FIELDS: Final = (
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
)


def wrong_mode(node: FieldRef, name: str) -> str:
    """Return what is wrong with the file mode in the field `name`; an empty string if it is valid or unset."""
    mode = node.get(name)
    if mode is None or 0 <= mode <= MAX_FILE_MODE:
        return ""
    written = f"{mode:d}"
    octal = f": write octal as 0{written}" if len(written) == 3 and set(written) <= set("01234567") else ""
    return f"must be between 0 and 0777 in octal (0 to 511), got {written}{octal}"


@rule("volume-source", source="pkg/apis/core/validation: validateVolumeSource")
def out_of_range_default_mode(source: FieldRef) -> Iterator[FieldError]:
    """
    The `defaultMode` of a secret, configMap, downwardAPI or projected volume must be a file mode: 0 to 0777 in octal,
    which is 0 to 511. YAML reads `0644` as octal, and `644` as the number 644.
    """
    if source.scope in FILE_VOLUMES and (message := wrong_mode(source, "defaultMode")):
        yield source.invalid("defaultMode", message)


@rule("key-to-path", source=KEY_TO_PATH)
def out_of_range_volume_item_mode(item: FieldRef) -> Iterator[FieldError]:
    """The `mode` of an item must be a file mode: 0 to 0777 in octal, which is 0 to 511."""
    if message := wrong_mode(item, "mode"):
        yield item.invalid("mode", message)


ITEM = Fields("key-to-path", "an item of a `secret` or `configMap` volume", KEY_TO_PATH)
ITEM.required("missing-volume-item-field", ("key", "path"), note="The key may be any text.")
ITEM.has_format("invalid-volume-item-path", "path", formats.local_unreserved_path)


@rule("downwardAPI.items", source=DOWNWARD_FILE)
def missing_downward_api_path(file: FieldRef) -> Iterator[FieldError]:
    """The `path` of a file in a downwardAPI volume must be set."""
    if not file.get("path", ""):
        yield at_volume(file, "Required", "path", "must be set")


@rule("downwardAPI.items", source=DOWNWARD_FILE)
def invalid_downward_api_path(file: FieldRef) -> Iterator[FieldError]:
    """The `path` of a downwardAPI file must be relative, without the element `..`, and must not begin with `..`."""
    for message in formats.local_unreserved_path(file.get("path", "")):
        yield at_volume(file, "Invalid", "path", message)


@rule("downwardAPI.items", source=DOWNWARD_FILE)
def out_of_range_downward_api_mode(file: FieldRef) -> Iterator[FieldError]:
    """The `mode` of a downwardAPI file must be a file mode: 0 to 0777 in octal, which is 0 to 511."""
    if message := wrong_mode(file, "mode"):
        yield at_volume(file, "Invalid", "mode", message)


@rule("downwardAPI.items", source=DOWNWARD_FILE)
def missing_downward_api_source(file: FieldRef) -> Iterator[FieldError]:
    """A file of a downwardAPI volume must have a `fieldRef` or a `resourceFieldRef`."""
    if file.get("fieldRef") is None and file.get("resourceFieldRef") is None:
        yield at_volume(file, "Required", "", "must have `fieldRef` or `resourceFieldRef`")


@rule("downwardAPI.items", source=DOWNWARD_FILE)
def conflicting_downward_api_sources(file: FieldRef) -> Iterator[FieldError]:
    """A file of a downwardAPI volume must not have both a `fieldRef` and a `resourceFieldRef`."""
    if file.get("fieldRef") is not None and file.get("resourceFieldRef") is not None:
        yield at_volume(file, "Invalid", "", "must not have both `fieldRef` and `resourceFieldRef`")


@rule("downwardAPI.items", source="pkg/apis/core/validation: validateObjectFieldSelector")
def invalid_downward_api_field_path(file: FieldRef) -> Iterator[FieldError]:
    """
    The `fieldRef.fieldPath` of a file must be `metadata.name`, `metadata.namespace`, `metadata.uid`, `metadata.labels`,
    `metadata.annotations`, or one label or annotation: `metadata.labels['app']`, with a valid key.
    """
    if ref := _reference(file, "fieldRef"):
        yield from downward_api.field_path_errors(ref, DOWNWARD_FIELDS)
        yield from downward_api.subscript_errors(ref)


@rule("downwardAPI.items", source="pkg/apis/core/validation: validateContainerResourceFieldSelector")
def invalid_downward_api_resource(file: FieldRef) -> Iterator[FieldError]:
    """
    The `resourceFieldRef` of a file must have a `containerName`, which need not exist, and a `resource`: `limits.` or
    `requests.` followed by `cpu`, `memory`, `ephemeral-storage` or `hugepages-SIZE`.
    """
    ref = _reference(file, "resourceFieldRef")
    if ref and file.get("fieldRef") is None:
        if not ref.get("containerName", ""):
            yield ref.required("containerName")
        else:
            yield from downward_api.resource_errors(ref)


@rule("downwardAPI.items", source="pkg/apis/core/validation: validateContainerResourceDivisor")
def invalid_downward_api_divisor(file: FieldRef) -> Iterator[FieldError]:
    """
    The `divisor` in a file's `resourceFieldRef` must be one unit of the resource: `1m` or `1` for cpu, and `1`, `1k`,
    `1Ki`, `1M`, `1Mi` and so on for the others.
    """
    ref = _reference(file, "resourceFieldRef")
    if ref and file.get("fieldRef") is None:
        yield from downward_api.divisor_errors(ref)


def at_volume(file: FieldRef, type: ErrorType, name: str, detail: str) -> FieldError:
    """Return an error in `file`; the server prints it at the volume, as if that had only one file."""
    assert file.up is not None
    return file.up.error(type, (*file.step, name) if name else file.step, detail, field=name)


def _reference(file: FieldRef, name: str) -> FieldRef | None:
    found = file.get(name)
    if found is None:
        return None
    assert file.up is not None
    return FieldRef(found, file, (name,), printed=f"{file.up.field}.{name}")
