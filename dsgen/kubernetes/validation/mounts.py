"""Volume mounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.errors import ErrorType
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, not_one_of, repeated, rule
from dsgen.kubernetes.validation.volumes import why_missing

LOADED_FOR: Final = ("volumeMounts",)

SOURCE = "pkg/apis/core/validation: ValidateVolumeMounts"
PROPAGATION = "pkg/apis/core/validation: validateMountPropagation"
RECURSIVE = "pkg/apis/core/validation: validateMountRecursiveReadOnly"
MOUNT_PROPAGATIONS: Final = ("Bidirectional", "HostToContainer", "None")
RECURSIVE_READ_ONLY: Final = ("Disabled", "IfPossible", "Enabled")


MOUNT = Fields("container.volumeMounts", "a mount", SOURCE)
MOUNT.required("missing-mount-name", "name")


@rule("container.volumeMounts", source=SOURCE)
def unknown_mounted_volume(mount: FieldRef) -> Iterator[FieldError]:
    """The `name` of a mount must be that of a volume of the pod. An invalid volume counts as missing."""
    name = mount.get("name", "")
    if name not in mount.pod.volumes:
        yield mount.error("NotFound", "name", why_missing(mount.pod, name))


MOUNT.required("missing-mount-path", "mountPath", note="The server accepts a relative path.")


@rule("container", source=SOURCE, when="volumeMounts")
def duplicate_mount_path(container: FieldRef) -> Iterator[FieldError]:
    """The `mountPath` of each mount must be unique in the container. Paths are compared as text: `/a` and `/a/` differ."""
    for mount, path in repeated(container.children("volumeMounts"), "mountPath"):
        yield mount.invalid("mountPath", f"another mount has the path {str(path)!r}")


@rule("container.volumeMounts", source=SOURCE)
def invalid_sub_path(mount: FieldRef) -> Iterator[FieldError]:
    """`subPath` and `subPathExpr` must be relative paths without `..`."""
    for name in ("subPath", "subPathExpr"):
        for message in formats.local_path(mount.get(name, "")) if name in mount.value else ():
            yield _without_index(mount, "Invalid", name, message)


@rule("container.volumeMounts", source=SOURCE, when="subPathExpr")
def conflicting_sub_paths(mount: FieldRef) -> Iterator[FieldError]:
    """A mount must not have both `subPath` and `subPathExpr`."""
    if mount.get("subPath", "") and mount.get("subPathExpr", ""):
        yield mount.invalid("subPathExpr", "is not allowed together with `subPath`")


@rule("container.volumeMounts", source=PROPAGATION, when="mountPropagation")
def invalid_mount_propagation(mount: FieldRef) -> Iterator[FieldError]:
    """`mountPropagation` must be `None`, `HostToContainer` or `Bidirectional`."""
    mode = mount.get("mountPropagation")
    if mode is not None and mode not in MOUNT_PROPAGATIONS:
        yield _without_index(mount, "NotSupported", "mountPropagation", not_one_of(mode, MOUNT_PROPAGATIONS))


@rule("container.volumeMounts", source=PROPAGATION, when="mountPropagation")
def forbidden_mount_propagation(mount: FieldRef) -> Iterator[FieldError]:
    """`mountPropagation: Bidirectional` requires `privileged: true` in the container's own `securityContext`."""
    if mount.get("mountPropagation") == "Bidirectional" and mount.up is not None:
        security = mount.up.child("securityContext")
        if security is None or not security.get("privileged", False):
            message = "`Bidirectional` requires `privileged: true` in the container's `securityContext`"
            yield _without_index(mount, "Forbidden", "mountPropagation", message)


@rule("container.volumeMounts", source=RECURSIVE, when="recursiveReadOnly")
def invalid_recursive_read_only(mount: FieldRef) -> Iterator[FieldError]:
    """`recursiveReadOnly` must be `Disabled`, `IfPossible` or `Enabled`."""
    mode = mount.get("recursiveReadOnly")
    if mode is not None and mode not in RECURSIVE_READ_ONLY:
        yield _without_index(mount, "NotSupported", "recursiveReadOnly", not_one_of(mode, RECURSIVE_READ_ONLY))


@rule("container.volumeMounts", source=RECURSIVE, when="recursiveReadOnly")
def conflicting_recursive_read_only(mount: FieldRef) -> Iterator[FieldError]:
    """`recursiveReadOnly: Enabled` or `IfPossible` requires `readOnly: true`, and `mountPropagation` must be unset or
    `None`.
    """
    if mount.get("recursiveReadOnly") in ("Enabled", "IfPossible"):
        if not mount.get("readOnly", False):
            yield _without_index(mount, "Forbidden", "recursiveReadOnly", "requires `readOnly: true`")
        if mount.get("mountPropagation", "None") != "None":
            message = "requires `mountPropagation` to be unset or `None`"
            yield _without_index(mount, "Forbidden", "recursiveReadOnly", message)


def _without_index(mount: FieldRef, type: ErrorType, name: str, detail: str) -> FieldError:
    """Return an error in the field `name` of `mount`; the server prints it without the index of the mount."""
    assert mount.up is not None
    return mount.up.error(type, (*mount.step, name), detail, field=f"volumeMounts.{name}")
