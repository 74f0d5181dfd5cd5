"""Ephemeral containers. A pod template must not have any; these rules report what else is wrong with one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.paths import PROBES
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("ephemeralContainers", "targetContainerName")

SOURCE = "pkg/apis/core/validation: validateEphemeralContainers"
FORBIDDEN: Final = (
    *("ports", *PROBES, "lifecycle"),
    *("resizePolicy", "restartPolicy", "restartPolicyRules"),
)


@rule("container", source="pkg/apis/core/validation: validateContainerOnlyForPod")
def invalid_ephemeral_container_image(container: FieldRef) -> Iterator[FieldError]:
    """The image of an ephemeral container must not have white space around it."""
    if container.scope == "ephemeralContainers":
        yield from container.invalid_each("image", formats.unpadded(container.get("image", "")))


@rule("container", source=SOURCE, when="targetContainerName")
def unknown_ephemeral_container_target(container: FieldRef) -> Iterator[FieldError]:
    """`targetContainerName` must be the name of a container or init container of the pod."""
    target = container.get("targetContainerName", "") if container.scope == "ephemeralContainers" else ""
    others = (*container.pod.containers("containers"), *container.pod.containers("initContainers")) if target else ()
    if target and all(other.get("name", "") != target for other in others):
        yield container.error("NotFound", "targetContainerName", f"the pod has no container {target!r}")


@rule("container", source=SOURCE)
def forbidden_ephemeral_container_field(container: FieldRef) -> Iterator[FieldError]:
    """An ephemeral container must not have ports, resources, probes, a lifecycle, a resize policy or a restart policy."""
    if container.scope != "ephemeralContainers":
        return
    resources = container.child("resources")
    names = (name for name in FORBIDDEN if container.get(name) is not None)
    stated = resources is not None and any(resources.get(name) is not None for name in resources.value)
    for name in (*names, *(["resources"] if stated else [])):
        yield container.forbidden(name, "is not allowed in an ephemeral container")


@rule("container", source=SOURCE)
def forbidden_ephemeral_container_sub_path(container: FieldRef) -> Iterator[FieldError]:
    """An ephemeral container must mount whole volumes, without `subPath` and `subPathExpr`."""
    for mount in container.children("volumeMounts") if container.scope == "ephemeralContainers" else ():
        for name in ("subPath", "subPathExpr"):
            if mount.get(name, ""):
                yield mount.forbidden(name, "is not allowed in an ephemeral container")
