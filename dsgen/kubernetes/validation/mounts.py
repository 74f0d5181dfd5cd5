"""Volume mounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import ErrorType, FieldError, FieldRef, not_one_of, rule
from dsgen.kubernetes.validation.volumes import why_missing

SOURCE = "pkg/apis/core/validation: ValidateVolumeMounts"
PROPAGATION = "pkg/apis/core/validation: validateMountPropagation"
RECURSIVE = "pkg/apis/core/validation: validateMountRecursiveReadOnly"
MOUNT_PROPAGATIONS: Final = ("Bidirectional", "HostToContainer", "None")
RECURSIVE_READ_ONLY: Final = ("Disabled", "IfPossible", "Enabled")


@rule("missing-mount-name", "mount", source=SOURCE)
def missing_mount_name(mount: FieldRef) -> Iterator[FieldError]:
    """Each mount has a `name`: that of the volume."""
    if not mount.get("name", ""):
        yield mount.required("name")


@rule("unknown-mounted-volume", "mount", source=SOURCE)
def unknown_mounted_volume(mount: FieldRef) -> Iterator[FieldError]:
    """A mount's `name` is that of a volume of the pod. A volume that is itself refused counts as missing."""
    name = mount.get("name", "")
    if name not in mount.pod.volumes:
        yield mount.error("NotFound", "name", why_missing(mount.pod, name))


@rule("missing-mount-path", "mount", source=SOURCE)
def missing_mount_path(mount: FieldRef) -> Iterator[FieldError]:
    """Each mount has a `mountPath`. The server takes relative ones too."""
    if not mount.get("mountPath", ""):
        yield mount.required("mountPath")


@rule("duplicate-mount-path", "container", source=SOURCE, when="volumeMounts")
def duplicate_mount_path(container: FieldRef) -> Iterator[FieldError]:
    """No two mounts of a container have the same `mountPath`, as text: `/a` and `/a/` are two."""
    taken: set[str] = set()
    for mount in container.children("volumeMounts"):
        path = mount.get("mountPath", "")
        if path in taken:
            yield mount.invalid("mountPath", f"another mount has the path {str(path)!r}")
        taken.add(path)


@rule("invalid-sub-path", "mount", source=SOURCE)
def invalid_sub_path(mount: FieldRef) -> Iterator[FieldError]:
    """`subPath` and `subPathExpr` are relative paths without `..`."""
    for name in ("subPath", "subPathExpr"):
        for message in formats.local_path(mount.get(name, "")) if name in mount.value else ():
            yield _without_index(mount, "Invalid", name, message)


@rule("conflicting-sub-paths", "mount", source=SOURCE, when="subPathExpr")
def conflicting_sub_paths(mount: FieldRef) -> Iterator[FieldError]:
    """A mount has `subPath` or `subPathExpr`, not both."""
    if mount.get("subPath", "") and mount.get("subPathExpr", ""):
        yield mount.invalid("subPathExpr", "not beside `subPath`")


@rule("invalid-mount-propagation", "mount", source=PROPAGATION, when="mountPropagation")
def invalid_mount_propagation(mount: FieldRef) -> Iterator[FieldError]:
    """`mountPropagation` is `None`, `HostToContainer` or `Bidirectional`."""
    mode = mount.get("mountPropagation")
    if mode is not None and mode not in MOUNT_PROPAGATIONS:
        yield _without_index(mount, "NotSupported", "mountPropagation", not_one_of(mode, MOUNT_PROPAGATIONS))


@rule("forbidden-mount-propagation", "mount", source=PROPAGATION, when="mountPropagation")
def forbidden_mount_propagation(mount: FieldRef) -> Iterator[FieldError]:
    """`mountPropagation: Bidirectional` is for containers whose own `securityContext` says `privileged: true`."""
    if mount.get("mountPropagation") == "Bidirectional" and mount.up is not None:
        security = mount.up.child("securityContext")
        if security is None or not security.get("privileged", False):
            message = "`Bidirectional` needs `securityContext.privileged: true` of the container"
            yield _without_index(mount, "Forbidden", "mountPropagation", message)


@rule("invalid-recursive-read-only", "mount", source=RECURSIVE, when="recursiveReadOnly")
def invalid_recursive_read_only(mount: FieldRef) -> Iterator[FieldError]:
    """`recursiveReadOnly` is `Disabled`, `IfPossible` or `Enabled`."""
    mode = mount.get("recursiveReadOnly")
    if mode is not None and mode not in RECURSIVE_READ_ONLY:
        yield _without_index(mount, "NotSupported", "recursiveReadOnly", not_one_of(mode, RECURSIVE_READ_ONLY))


@rule("conflicting-recursive-read-only", "mount", source=RECURSIVE, when="recursiveReadOnly")
def conflicting_recursive_read_only(mount: FieldRef) -> Iterator[FieldError]:
    """`recursiveReadOnly: Enabled` or `IfPossible` needs `readOnly: true`, and no `mountPropagation` but `None`."""
    if mount.get("recursiveReadOnly") in ("Enabled", "IfPossible"):
        if not mount.get("readOnly", False):
            yield _without_index(mount, "Forbidden", "recursiveReadOnly", "needs `readOnly: true`")
        if mount.get("mountPropagation", "None") != "None":
            message = "not with `mountPropagation`, unless that is `None`"
            yield _without_index(mount, "Forbidden", "recursiveReadOnly", message)


def _without_index(mount: FieldRef, type: ErrorType, name: str, detail: str) -> FieldError:
    """Return an error in the field `name` of `mount`; the server prints it without saying which mount it is in."""
    assert mount.up is not None
    return mount.up.error(type, (*mount.step, name), detail, field=f"volumeMounts.{name}")
