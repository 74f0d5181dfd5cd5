"""What is said of objects that are no part of a profile."""

from __future__ import annotations

from typing import Any, Final

from dsgen.importer.objects import Given
from dsgen.problem import Problem, code
from dsgen.tree import List, Map, origin_of

NOT_IMPORTED = code(
    "not-imported",
    "An object stands beside a DaemonSet and is no part of its profile. Keep its manifest where it is.",
    severity="warning",
)
NO_DAEMONSET = code("no-daemonset", "What is to be imported holds no DaemonSet: profiles are made of DaemonSets only.")
PART_OF_ONE = code(
    "part-of-a-daemonset",
    "A DaemonSet without an image is a patch of an overlay, or a base that needs one. What the overlay makes of it can be imported.",
)

# Kinds that run pods as well, and the fields of theirs that a DaemonSet does not have.
_WORKLOADS: Final = {
    "Deployment": ("replicas", "strategy", "progressDeadlineSeconds", "paused"),
    "ReplicaSet": ("replicas",),
    "ReplicationController": ("replicas",),
    "StatefulSet": ("replicas", "serviceName", "volumeClaimTemplates", "podManagementPolicy", "persistentVolumeClaimRetentionPolicy", "ordinals"),
}  # fmt: skip


def not_imported(others: list[Given], alone: bool) -> list[Problem]:
    """Return a problem for each object; errors where they stand `alone`, without any DaemonSet."""
    return [_said(each, alone) for each in others]


def _said(given: Given, alone: bool) -> Problem:
    kind = NO_DAEMONSET if alone else NOT_IMPORTED
    spec: Any = given.root.get("spec")
    what = f"{given.kind} {given.name}".strip()
    found = f"{what} is no DaemonSet" if alone else f"{what} is not imported"
    hint = ""
    if given.kind in _WORKLOADS and isinstance(spec, Map):
        fields = [f"spec.{field}" for field in _WORKLOADS[given.kind] if field in spec]
        without = f", without {', '.join(fields)}," if fields else ""
        hint = f"to run one pod on each node{without} make it `apiVersion: apps/v1` and `kind: DaemonSet`"
        if "strategy" in spec:
            hint += "; its `strategy` becomes `updateStrategy`"
    elif alone:
        hint = "import it together with the DaemonSet that it belongs to"
    return kind.at(origin_of(given.root.get("kind")), found, hint=hint)


def is_part(root: Map) -> bool:
    """Tell whether a manifest is only a part of a DaemonSet: no container of it has an image."""
    spec: Any = root
    for step in ("spec", "template", "spec", "containers"):
        spec = spec.get(step) if isinstance(spec, Map) else None
    return not any(
        isinstance(container, Map) and "image" in container for container in (spec if isinstance(spec, List) else ())
    )


def part_of_one(root: Map) -> Problem:
    """Return what is to say of a part of a DaemonSet."""
    hint = "import what the overlay makes: kustomize build FOLDER | dsgen import -"
    return PART_OF_ONE.at(origin_of(root.get("kind")), "a part of a DaemonSet: no container has an image", hint=hint)
