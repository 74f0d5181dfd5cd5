"""What all containers have: a name, an image and a few words from closed lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: validateContainerCommon"
PULL_POLICIES: Final = ("Always", "IfNotPresent", "Never")
TERMINATION_MESSAGE_POLICIES: Final = ("File", "FallbackToLogsOnError")


@rule("missing-containers", "pod", source="pkg/apis/core/validation: validateContainers")
def missing_containers(spec: FieldRef) -> Iterator[FieldError]:
    """A pod has at least one container in `containers`; init containers do not count."""
    if not spec.get("containers", ()):
        yield spec.required("containers", "must hold at least one container")


@rule("missing-container-name", "container", source=SOURCE)
def missing_container_name(container: FieldRef) -> Iterator[FieldError]:
    """Each container has a `name`."""
    if not container.get("name", ""):
        yield container.required("name")


@rule("invalid-container-name", "container", source=SOURCE, when="name")
def invalid_container_name(container: FieldRef) -> Iterator[FieldError]:
    """A container's name is a DNS label: at most 63 lower-case letters, digits and `-` inside."""
    name = container.get("name", "")
    for message in formats.dns_label(name) if name else ():
        yield container.invalid("name", message)


@rule("duplicate-container-name", "pod", source="pkg/apis/core/validation: validateContainers, validateInitContainers")
def duplicate_container_name(spec: FieldRef) -> Iterator[FieldError]:
    """Each container's name is unique in the pod, over containers, init containers and ephemeral containers."""
    taken: set[str] = set()
    for kind in ("containers", "initContainers", "ephemeralContainers"):
        unnamed = False
        for container in spec.pod.containers(kind):
            name = container.get("name", "")
            if name in taken:
                yield container.duplicate("name", f"another container is called {name!r} too")
            elif name or kind != "initContainers":
                taken.add(name)
            else:
                unnamed = True  # collides with ephemeral containers, not with other init containers
        if unnamed:
            taken.add("")


@rule("missing-image", "container", source=SOURCE)
def missing_image(container: FieldRef) -> Iterator[FieldError]:
    """Each container has an `image`. Its form is not checked: only the node's runtime knows what it can pull."""
    if not container.get("image", ""):
        yield container.required("image")


@rule(
    "invalid-image-pull-policy",
    "container",
    source="pkg/apis/core/validation: validatePullPolicy",
    when="imagePullPolicy",
)
def invalid_image_pull_policy(container: FieldRef) -> Iterator[FieldError]:
    """`imagePullPolicy` is `Always`, `IfNotPresent` or `Never`; the default depends on the tag of the image."""
    policy = container.get("imagePullPolicy", "")
    if policy and policy not in PULL_POLICIES:
        yield container.not_supported("imagePullPolicy", policy, PULL_POLICIES)


@rule("invalid-termination-message-policy", "container", source=SOURCE, when="terminationMessagePolicy")
def invalid_termination_message_policy(container: FieldRef) -> Iterator[FieldError]:
    """`terminationMessagePolicy` is `File` (the default) or `FallbackToLogsOnError`."""
    policy = container.get("terminationMessagePolicy", "")
    if policy and policy not in TERMINATION_MESSAGE_POLICIES:
        yield container.not_supported("terminationMessagePolicy", policy, TERMINATION_MESSAGE_POLICIES)
