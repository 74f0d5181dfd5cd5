"""What happens to a container when its resources are changed in place: `resizePolicy`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: validateResizePolicy"
RESOURCES: Final = ("cpu", "memory")
RESTART_POLICIES: Final = ("NotRequired", "RestartContainer")


@rule("duplicate-resize-policy", "container", source=SOURCE, when="resizePolicy")
def duplicate_resize_policy(container: FieldRef) -> Iterator[FieldError]:
    """`resizePolicy` names each resource once."""
    taken: set[str] = set()
    for policy in container.children("resizePolicy"):
        name = policy.get("resourceName", "")
        if name in taken:
            yield policy.duplicate((), f"{name!r} has a policy above")
        taken.add(name)


@rule("invalid-resize-resource-name", "container", source=SOURCE, when="resizePolicy")
def invalid_resize_resource_name(container: FieldRef) -> Iterator[FieldError]:
    """`resizePolicy[].resourceName` is `cpu` or `memory`."""
    yield from _words(container, "resourceName", RESOURCES)


@rule("invalid-resize-restart-policy", "container", source=SOURCE, when="resizePolicy")
def invalid_resize_restart_policy(container: FieldRef) -> Iterator[FieldError]:
    """`resizePolicy[].restartPolicy` is `NotRequired` or `RestartContainer`."""
    yield from _words(container, "restartPolicy", RESTART_POLICIES)


@rule("conflicting-resize-restart-policy", "container", source=SOURCE, when="resizePolicy")
def conflicting_resize_restart_policy(container: FieldRef) -> Iterator[FieldError]:
    """In a pod that is never restarted (`restartPolicy: Never`), a resize cannot restart a container either."""
    if container.pod.node.get("restartPolicy") != "Never":
        return
    for policy in container.children("resizePolicy"):
        if policy.get("restartPolicy", "") != "NotRequired":
            below = (*policy.step, "restartPolicy")
            yield container.error(
                "Invalid", below, "must be `NotRequired`: the pod never restarts", field="resizePolicy"
            )


@rule(
    "forbidden-init-container-resize-restart",
    "container",
    source="pkg/apis/core/validation: validateInitContainers",
    since="1.36",
    when="resizePolicy",
    ratcheting=True,
)
def forbidden_init_container_resize_restart(container: FieldRef) -> Iterator[FieldError]:
    """A resize restarts no init container but a sidecar (`restartPolicy: Always`)."""
    if container.scope != "initContainers" or container.get("restartPolicy") == "Always":
        return
    for policy in container.children("resizePolicy"):
        if policy.get("restartPolicy") == "RestartContainer":
            yield policy.invalid(
                "restartPolicy", "an init container that is no sidecar cannot be restarted by a resize"
            )


def _words(container: FieldRef, name: str, allowed: tuple[str, ...]) -> Iterator[FieldError]:
    # The server names the whole list.
    for policy in container.children("resizePolicy"):
        word = policy.get(name, "")
        below = (*policy.step, name)
        if not word:
            yield container.required(below, field="resizePolicy")
        elif word not in allowed:
            yield container.not_supported(below, word, allowed, field="resizePolicy")
