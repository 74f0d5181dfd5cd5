"""Paths of fields, as Kubernetes prints them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from dsgen.tree import Map, Path

# The lists of a pod's containers.
ContainerList = Literal["containers", "initContainers", "ephemeralContainers"]
CONTAINER_LISTS: Final[tuple[ContainerList, ...]] = ("initContainers", "containers", "ephemeralContainers")
# The fields of a container with its probes, and those of its `lifecycle`.
PROBES: Final = ("livenessProbe", "readinessProbe", "startupProbe")
HOOKS: Final = ("postStart", "preStop")

# The path of the pod spec in a DaemonSet.
POD: Final[Path] = ("spec", "template", "spec")
# The path of the pod template in each kind that creates pods; a Pod is its own.
POD_TEMPLATES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("apps", "DaemonSet"): ("spec", "template"),
    ("apps", "Deployment"): ("spec", "template"),
    ("apps", "StatefulSet"): ("spec", "template"),
    ("apps", "ReplicaSet"): ("spec", "template"),
    ("batch", "Job"): ("spec", "template"),
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
    ("", "ReplicationController"): ("spec", "template"),
    ("", "Pod"): (),
}
# The same for every kind that has one: from a PodTemplate, no controller creates pods.
ALL_POD_TEMPLATES: Final[dict[tuple[str, str], tuple[str, ...]]] = {**POD_TEMPLATES, ("", "PodTemplate"): ("template",)}
# The label that names the tool that an object is managed by.
# The label of a namespace that sets the Pod Security level it enforces.
ENFORCE_LABEL: Final = "pod-security.kubernetes.io/enforce"
# The annotation with the name of a storage class, from before there was a field for it.
STORAGE_CLASS_ANNOTATION: Final = "volume.beta.kubernetes.io/storage-class"
REQUIRED: Final = "requiredDuringSchedulingIgnoredDuringExecution"
# The path of the terms of the required node affinity in a pod.
NODE_SELECTOR_TERMS: Final[Path] = ("affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms")
PREFERRED: Final = "preferredDuringSchedulingIgnoredDuringExecution"


def field_path(steps: Path, start: str = "") -> str:
    """Return a path as the server prints it: `a.b[0].c`."""
    for step in steps:
        start += f"[{step}]" if isinstance(step, int) else (f".{step}" if start else step)
    return start


def pod_template(
    object: Map, templates: Mapping[tuple[str, str], tuple[str, ...]] = POD_TEMPLATES
) -> tuple[str, ...] | None:
    """Return the path of the pod template in an object, or None for a kind that creates no pods, or has none of these `templates`."""
    kind, version = object.get("kind"), object.get("apiVersion")
    if not isinstance(kind, str) or not isinstance(version, str):
        return None
    return templates.get((version.rpartition("/")[0], str(kind)))


def distance(here: Path, there: Path) -> int:
    """Return how many steps it is from one place to another, up and down."""
    shared = 0
    for a, b in zip(here, there, strict=False):
        if a != b:
            break
        shared += 1
    return len(here) + len(there) - 2 * shared
