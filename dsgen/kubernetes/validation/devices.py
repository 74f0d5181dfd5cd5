"""Raw block devices, and that none is a mount as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.kubernetes.validation.volumes import why_missing

SOURCE = "pkg/apis/core/validation: ValidateVolumeDevices"
CLAIMS: Final = ("persistentVolumeClaim", "ephemeral")


@rule("missing-volume-device-field", "device", source=SOURCE)
def missing_volume_device_field(device: FieldRef) -> Iterator[FieldError]:
    """A device has the `name` of a volume, and a `devicePath`."""
    for name in ("name", "devicePath"):
        if not device.get(name, ""):
            yield device.required(name)


@rule("unknown-device-volume", "device", source=SOURCE)
def unknown_device_volume(device: FieldRef) -> Iterator[FieldError]:
    """A device's `name` is that of a volume of the pod. A volume that is itself refused counts as missing."""
    name = device.get("name", "")
    if name not in device.pod.volumes:
        yield device.error("NotFound", "name", why_missing(device.pod, name))


@rule("invalid-device-volume", "device", source=SOURCE)
def invalid_device_volume(device: FieldRef) -> Iterator[FieldError]:
    """A device's volume is a `persistentVolumeClaim` or `ephemeral`: no other source has a block device."""
    volume = device.pod.volumes.get(device.get("name", ""))
    if volume is not None and all(FieldRef(volume, None, ()).get(name) is None for name in CLAIMS):
        yield device.invalid("name", "the volume is neither a `persistentVolumeClaim` nor `ephemeral`")


@rule("invalid-device-path", "device", source=SOURCE)
def invalid_device_path(device: FieldRef) -> Iterator[FieldError]:
    """A `devicePath` has no element `..`."""
    for message in formats.no_backsteps(device.get("devicePath", "")):
        yield device.invalid("devicePath", message)


@rule("duplicate-volume-device", "container", source=SOURCE, when="volumeDevices")
def duplicate_volume_device(container: FieldRef) -> Iterator[FieldError]:
    """No two devices of a container have the same `name`, nor the same `devicePath`."""
    names: set[str] = set()
    paths: set[str] = set()
    for device in container.children("volumeDevices"):
        name, path = device.get("name", ""), device.get("devicePath", "")
        if name in names:
            yield device.invalid("name", f"another device is named {str(name)!r}")
        if path in paths:
            yield device.invalid("devicePath", f"another device has the path {str(path)!r}")
        if name:
            names.add(name)
        if not formats.no_backsteps(path):
            paths.add(path)


@rule("conflicting-mount-and-device", "container", source=SOURCE, when="volumeDevices")
def conflicting_mount_and_device(container: FieldRef) -> Iterator[FieldError]:
    """What is in `volumeDevices` of a container is not in its `volumeMounts`: neither the volume nor the path."""
    if not container.get("volumeDevices", ()) or not container.get("volumeMounts", ()):
        return
    # Of several mounts of one volume, the server compares the path of the last.
    mounts = {mount.get("name", ""): mount.get("mountPath", "") for mount in container.children("volumeMounts")}
    devices = {device.get("name", ""): device.get("devicePath", "") for device in container.children("volumeDevices")}
    for mount in container.children("volumeMounts"):
        if mount.get("name", "") in devices:
            yield mount.invalid("name", "the volume is in `volumeDevices` as well")
        if mount.get("mountPath", "") in devices.values():
            yield mount.invalid("mountPath", "the path is in `volumeDevices` as well")
    for device in container.children("volumeDevices"):
        if device.get("name", "") in mounts:
            yield device.invalid("name", "the volume is in `volumeMounts` as well")
        if device.get("devicePath", "") in mounts.values():
            yield device.invalid("devicePath", "the path is in `volumeMounts` as well")
