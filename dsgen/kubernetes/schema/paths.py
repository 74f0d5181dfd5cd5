"""Paths of fields, as Kubernetes prints them."""

from __future__ import annotations

from typing import Final, Literal

from dsgen.tree import Path

# The lists of a pod's containers.
ContainerList = Literal["containers", "initContainers", "ephemeralContainers"]
CONTAINER_LISTS: Final[tuple[ContainerList, ...]] = ("initContainers", "containers", "ephemeralContainers")

# The path of the pod spec in a DaemonSet.
POD: Final[Path] = ("spec", "template", "spec")
REQUIRED: Final = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED: Final = "preferredDuringSchedulingIgnoredDuringExecution"


def field_path(steps: Path, start: str = "") -> str:
    """Return a path as the server prints it: `a.b[0].c`."""
    for step in steps:
        start += f"[{step}]" if isinstance(step, int) else (f".{step}" if start else step)
    return start
