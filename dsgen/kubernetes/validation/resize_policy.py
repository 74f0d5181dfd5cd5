"""`resizePolicy`: what happens to a container when its resources are resized in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule

LOADED_FOR: Final = ("resizePolicy",)

SOURCE = "pkg/apis/core/validation: validateResizePolicy"
RESOURCES: Final = ("cpu", "memory")
RESTART_POLICIES: Final = ("NotRequired", "RestartContainer")


@rule("container", source=SOURCE, when="resizePolicy")
def duplicate_resize_policy(container: FieldRef) -> Iterator[FieldError]:
    """The resources in `resizePolicy` must be unique."""
    for policy, name in repeated(container.children("resizePolicy"), "resourceName"):
        yield policy.duplicate((), f"duplicate {name!r}")


@rule("container", source=SOURCE, when="resizePolicy")
def invalid_resize_resource_name(container: FieldRef) -> Iterator[FieldError]:
    """`resizePolicy[].resourceName` must be `cpu` or `memory`."""
    yield from _words(container, "resourceName", RESOURCES)


@rule("container", source=SOURCE, when="resizePolicy")
def invalid_resize_restart_policy(container: FieldRef) -> Iterator[FieldError]:
    """`resizePolicy[].restartPolicy` must be `NotRequired` or `RestartContainer`."""
    yield from _words(container, "restartPolicy", RESTART_POLICIES)


@rule("container", source=SOURCE, when="resizePolicy")
def conflicting_resize_restart_policy(container: FieldRef) -> Iterator[FieldError]:
    """In a pod with `restartPolicy: Never`, a resize must not restart a container."""
    if container.pod.node.get("restartPolicy") != "Never":
        return
    for policy in container.children("resizePolicy"):
        if policy.get("restartPolicy", "") != "NotRequired":
            below = (*policy.step, "restartPolicy")
            yield container.error(
                "Invalid", below, "must be `NotRequired`, because the pod never restarts", field="resizePolicy"
            )


@rule(
    "container",
    source="pkg/apis/core/validation: validateInitContainers",
    since="1.36",
    when="resizePolicy",
    ratcheting=True,
)
def forbidden_init_container_resize_restart(container: FieldRef) -> Iterator[FieldError]:
    """A resize must not restart an init container, unless it is a sidecar (`restartPolicy: Always`)."""
    if container.scope != "initContainers" or container.get("restartPolicy") == "Always":
        return
    for policy in container.children("resizePolicy"):
        if policy.get("restartPolicy") == "RestartContainer":
            yield policy.invalid("restartPolicy", "must be `NotRequired` in an init container that is not a sidecar")


def _words(container: FieldRef, name: str, allowed: tuple[str, ...]) -> Iterator[FieldError]:
    # The server prints the whole list.
    for policy in container.children("resizePolicy"):
        word = policy.get(name, "")
        below = (*policy.step, name)
        if not word:
            yield container.required(below, field="resizePolicy")
        elif word not in allowed:
            yield container.not_supported(below, word, allowed, field="resizePolicy")
