"""The fields that all containers have: name, image, and a few policies."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.words import PULL_POLICIES
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: validateContainerCommon"


POD = Fields("pod", "a pod", "pkg/apis/core/validation: validateContainers")
POD.required(
    "missing-containers", "containers", "must have at least one container", note="Init containers do not count."
)
CONTAINER = Fields("container", "a container", SOURCE)
CONTAINER.required("missing-container-name", "name")
CONTAINER.has_format("invalid-container-name", "name", formats.dns_label)


@rule("pod", source="pkg/apis/core/validation: validateContainers, validateInitContainers")
def duplicate_container_name(spec: FieldRef) -> Iterator[FieldError]:
    """The names of containers, init containers and ephemeral containers must be unique in the pod."""
    taken: set[str] = set()
    for kind in ("containers", "initContainers", "ephemeralContainers"):
        unnamed = False
        for container in spec.pod.containers(kind):
            name = container.get("name", "")
            if name in taken:
                yield container.duplicate("name", f"another container has the name {name!r}")
            elif name or kind != "initContainers":
                taken.add(name)
            else:
                unnamed = True  # collides with ephemeral containers, not with other init containers
        if unnamed:
            taken.add("")


CONTAINER.required(
    "missing-image", "image", note="Its form is not checked: only the node's runtime knows what it can pull."
)
CONTAINER.one_of(
    "invalid-image-pull-policy",
    "imagePullPolicy",
    PULL_POLICIES,
    note="The default depends on the tag of the image.",
    source="pkg/apis/core/validation: validatePullPolicy",
)
CONTAINER.one_of(
    "invalid-termination-message-policy", "terminationMessagePolicy", ("File", "FallbackToLogsOnError"), default="File"
)
