"""Raw block devices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.kubernetes.validation.volumes import why_missing

LOADED_FOR: Final = ("volumeDevices",)

SOURCE = "pkg/apis/core/validation: ValidateVolumeDevices"
CLAIMS: Final = ("persistentVolumeClaim", "ephemeral")


DEVICE = Fields("container.volumeDevices", "a device", SOURCE)
DEVICE.required("missing-volume-device-field", ("name", "devicePath"))


@rule("container.volumeDevices", source=SOURCE)
def unknown_device_volume(device: FieldRef) -> Iterator[FieldError]:
    """The `name` of a device must be that of a volume of the pod. An invalid volume counts as missing."""
    name = device.get("name", "")
    if name not in device.pod.volumes:
        yield device.error("NotFound", "name", why_missing(device.pod, name))


@rule("container.volumeDevices", source=SOURCE)
def invalid_device_volume(device: FieldRef) -> Iterator[FieldError]:
    """The volume of a device must be a `persistentVolumeClaim` or `ephemeral`. No other source has a block device."""
    volume = device.pod.volumes.get(device.get("name", ""))
    if volume is not None and all(FieldRef(volume, None, ()).get(name) is None for name in CLAIMS):
        yield device.invalid("name", "the volume must be a `persistentVolumeClaim` or `ephemeral`")


DEVICE.has_format("invalid-device-path", "devicePath", formats.no_backsteps)


@rule("container", source=SOURCE, when="volumeDevices")
def duplicate_volume_device(container: FieldRef) -> Iterator[FieldError]:
    """The `name` and the `devicePath` of each device must be unique in the container."""
    names: set[str] = set()
    paths: set[str] = set()
    for device in container.children("volumeDevices"):
        name, path = device.get("name", ""), device.get("devicePath", "")
        if name in names:
            yield device.invalid("name", f"another device has the name {str(name)!r}")
        if path in paths:
            yield device.invalid("devicePath", f"another device has the path {str(path)!r}")
        if name:
            names.add(name)
        if not formats.no_backsteps(path):
            paths.add(path)


@rule("container", source=SOURCE, when="volumeDevices")
def conflicting_mount_and_device(container: FieldRef) -> Iterator[FieldError]:
    """A volume or path must not be in both `volumeDevices` and `volumeMounts` of a container."""
    if not container.get("volumeDevices", ()) or not container.get("volumeMounts", ()):
        return
    # Of several mounts of one volume, the server compares the path of the last.
    mounts = {mount.get("name", ""): mount.get("mountPath", "") for mount in container.children("volumeMounts")}
    devices = {device.get("name", ""): device.get("devicePath", "") for device in container.children("volumeDevices")}
    for mount in container.children("volumeMounts"):
        if mount.get("name", "") in devices:
            yield mount.invalid("name", "the volume is in `volumeDevices` too")
        if mount.get("mountPath", "") in devices.values():
            yield mount.invalid("mountPath", "the path is in `volumeDevices` too")
    for device in container.children("volumeDevices"):
        if device.get("name", "") in mounts:
            yield device.invalid("name", "the volume is in `volumeMounts` too")
        if device.get("devicePath", "") in mounts.values():
            yield device.invalid("devicePath", "the path is in `volumeMounts` too")
