"""Environment variables from a file in a volume: `valueFrom.fileKeyRef`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("fileKeyRef",)

SOURCE = "pkg/apis/core/validation: validateFileKeySelector"
VOLUMES = "pkg/apis/core/validation: validateFileKeyRefVolumes"


FILE_KEY_REF = Fields("container.env.valueFrom.fileKeyRef", "`fileKeyRef`", SOURCE)
FILE_KEY_REF.has_format("invalid-file-key-ref-key", "key", formats.env_name, required=True)
FILE_KEY_REF.has_format("invalid-file-key-ref-volume-name", "volumeName", formats.dns_label, required=True)


@rule("container.env.valueFrom.fileKeyRef", source=VOLUMES)
def unknown_file_key_ref_volume(ref: FieldRef) -> Iterator[FieldError]:
    """`fileKeyRef.volumeName` must be the name of a volume of the pod."""
    name = ref.get("volumeName", "")
    if _volume(ref, name) is None:
        yield ref.error("NotFound", "volumeName", f"the pod has no volume {name!r}")


@rule("container.env.valueFrom.fileKeyRef", source=VOLUMES)
def invalid_file_key_ref_volume_type(ref: FieldRef) -> Iterator[FieldError]:
    """The volume of a `fileKeyRef` must be an `emptyDir`."""
    volume = _volume(ref, ref.get("volumeName", ""))
    if volume is not None and volume.get("emptyDir") is None:
        yield ref.invalid("volumeName", "the volume must be an `emptyDir`")


FILE_KEY_REF.has_format("invalid-file-key-ref-path", "path", formats.no_backsteps, required=True)


def _volume(ref: FieldRef, name: str) -> FieldRef | None:
    # The last volume of that name counts, valid or not.
    found = [volume for volume in ref.pod.node.children("volumes") if volume.get("name", "") == name]
    return found[-1] if found else None
