"""The options of bind mounts: behind a gate that is off, so they are only validated if an old object has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

# The server drops these fields of a new object.
LOADED_FOR: Final = ()

SOURCE = "pkg/apis/core/validation: validateBindMountOptions"
OPTIONS: Final = ("nodev", "noexec", "nosuid")


@rule("container.volumeMounts", source=SOURCE, since="1.37", when="bindMountOptions")
def invalid_bind_mount_option(mount: FieldRef) -> Iterator[FieldError]:
    """Each of `bindMountOptions` must be `nodev`, `noexec` or `nosuid`."""
    for index, option in enumerate(mount.get("bindMountOptions", ())):
        if option not in OPTIONS:
            yield mount.not_supported(("bindMountOptions", index), option, OPTIONS)


Fields("container.volumeMounts", "a volume mount", SOURCE).unique(
    "duplicate-bind-mount-option", "bindMountOptions", since="1.37"
)


@rule(
    "container.volumeMounts",
    source="pkg/apis/core/validation: ValidateVolumeMounts",
    since="1.37",
    when="bindMountOptions",
)
def forbidden_bind_mount_options(mount: FieldRef) -> Iterator[FieldError]:
    """A mount of an `image` volume must not have `bindMountOptions`."""
    volume = mount.pod.volumes.get(mount.get("name", ""))
    if mount.get("bindMountOptions") and volume is not None and volume.map("image"):
        yield mount.invalid("bindMountOptions", "is not allowed for an `image` volume")
