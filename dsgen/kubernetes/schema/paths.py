"""Paths of fields, as Kubernetes writes them."""

from __future__ import annotations

from typing import Final, Literal

from dsgen.tree import Path

# The lists of a pod's containers.
ContainerList = Literal["containers", "initContainers", "ephemeralContainers"]
CONTAINER_LISTS: Final[tuple[ContainerList, ...]] = ("initContainers", "containers", "ephemeralContainers")

# Where a DaemonSet has the spec of its pods.
POD: Final[Path] = ("spec", "template", "spec")
REQUIRED: Final = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED: Final = "preferredDuringSchedulingIgnoredDuringExecution"

# The annotation by which a DaemonSet of `apps/v1` keeps what older API versions had as a field.
GENERATION_NOTE: Final = "deprecated.daemonset.template.generation"


def field_path(steps: Path, start: str = "") -> str:
    """Write a path as the server does: `a.b[0].c`."""
    for step in steps:
        start += f"[{step}]" if isinstance(step, int) else (f".{step}" if start else step)
    return start
