"""Environment variables that are read from a file of a volume: `valueFrom.fileKeyRef`."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: validateFileKeySelector"
VOLUMES = "pkg/apis/core/validation: validateFileKeyRefVolumes"


@rule("invalid-file-key-ref-key", "file-key-ref", source=SOURCE)
def invalid_file_key_ref_key(ref: FieldRef) -> Iterator[FieldError]:
    """`fileKeyRef` has the `key` of a variable in the file: printable ASCII without `=`."""
    key = ref.get("key", "")
    if not key:
        yield ref.required("key")
    for message in formats.env_name(key) if key else ():
        yield ref.invalid("key", message)


@rule("invalid-file-key-ref-volume-name", "file-key-ref", source=SOURCE)
def invalid_file_key_ref_volume_name(ref: FieldRef) -> Iterator[FieldError]:
    """`fileKeyRef` has the `volumeName` of a volume: a DNS label."""
    name = ref.get("volumeName", "")
    if not name:
        yield ref.required("volumeName")
    for message in formats.dns_label(name) if name else ():
        yield ref.invalid("volumeName", message)


@rule("unknown-file-key-ref-volume", "file-key-ref", source=VOLUMES)
def unknown_file_key_ref_volume(ref: FieldRef) -> Iterator[FieldError]:
    """`fileKeyRef.volumeName` names a volume of the pod."""
    name = ref.get("volumeName", "")
    if _volume(ref, name) is None:
        yield ref.error("NotFound", "volumeName", f"the pod has no volume {name!r}")


@rule("invalid-file-key-ref-volume-type", "file-key-ref", source=VOLUMES)
def invalid_file_key_ref_volume_type(ref: FieldRef) -> Iterator[FieldError]:
    """`fileKeyRef` reads from an `emptyDir` volume only."""
    volume = _volume(ref, ref.get("volumeName", ""))
    if volume is not None and volume.get("emptyDir") is None:
        yield ref.invalid("volumeName", "the volume is no `emptyDir`")


@rule("invalid-file-key-ref-path", "file-key-ref", source=SOURCE)
def invalid_file_key_ref_path(ref: FieldRef) -> Iterator[FieldError]:
    """`fileKeyRef` has the `path` of a file in the volume, without `..`."""
    path = ref.get("path", "")
    if not path:
        yield ref.required("path")
    for message in formats.no_backsteps(path):
        yield ref.invalid("path", message)


def _volume(ref: FieldRef, name: str) -> FieldRef | None:
    # The last volume of that name counts, valid or not.
    found = [volume for volume in ref.pod.node.children("volumes") if volume.get("name", "") == name]
    return found[-1] if found else None
