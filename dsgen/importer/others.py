"""What is said of objects that are no part of a profile."""

from __future__ import annotations

from typing import Final

from dsgen.importer.fold.companion import Reason
from dsgen.importer.read.objects import SourceObject
from dsgen.problem import Problem, code
from dsgen.tree import Map, origin_of

UNIMPORTED_OBJECT = code(
    "unimported-object",
    """An object in the input does not become part of a profile, for the reason in the message. Follow the hint and import again, or apply
    the object's manifest separately. With `--strict`, this is an error.""",
    severity="warning",
)
MISSING_DAEMONSET = code(
    "missing-daemonset", "The input contains no DaemonSet. Only DaemonSets can be converted to profiles."
)
PART_OF_ONE = code(
    "partial-daemonset",
    "A DaemonSet without an image is a patch of an overlay, or a base that needs one. Import the output of the overlay instead.",
)

# Kinds that run pods as well, and the fields of theirs that a DaemonSet does not have.
_WORKLOADS: Final = {
    "Deployment": ("replicas", "strategy", "progressDeadlineSeconds", "paused"),
    "ReplicaSet": ("replicas",),
    "ReplicationController": ("replicas",),
    "StatefulSet": ("replicas", "serviceName", "volumeClaimTemplates", "podManagementPolicy", "persistentVolumeClaimRetentionPolicy", "ordinals"),
}  # fmt: skip


def not_imported(given: SourceObject, reason: Reason) -> Problem:
    """Return what is to say of an object that stands beside a DaemonSet and is no part of its profile."""
    found = f"{_called(given)} is not imported: {reason.why}"
    return UNIMPORTED_OBJECT.at(origin_of(given.root.get("kind")), found, hint=_as_daemonset(given) or reason.hint)


def no_daemonset(given: SourceObject) -> Problem:
    """Return what is to say of an object where no DaemonSet is imported with it."""
    hint = _as_daemonset(given) or "import it together with the DaemonSet that it belongs to"
    return MISSING_DAEMONSET.at(origin_of(given.root.get("kind")), f"{_called(given)} is not a DaemonSet", hint=hint)


def _called(given: SourceObject) -> str:
    return f"{given.kind} {given.name}".strip()


def _as_daemonset(given: SourceObject) -> str:
    """Return how a workload of another kind becomes a DaemonSet, or an empty text for what runs no pods."""
    spec = given.root.child("spec")
    if given.kind not in _WORKLOADS or spec is None:
        return ""
    fields = [f"spec.{field}" for field in _WORKLOADS[given.kind] if field in spec]
    without = f", without {', '.join(fields)}," if fields else ""
    hint = f"to run one pod on each node{without} change it to `apiVersion: apps/v1` and `kind: DaemonSet`"
    return f"{hint}; its `strategy` becomes `updateStrategy`" if "strategy" in spec else hint


def is_part(root: Map) -> bool:
    """Tell whether a manifest is only a part of a DaemonSet: no container of it has an image."""
    return not any("image" in container for container in root.map("spec", "template", "spec").maps("containers"))


def part_of_one(root: Map) -> Problem:
    """Return what is to say of a part of a DaemonSet."""
    hint = "import the output of the overlay: kustomize build FOLDER | dsgen import -"
    return PART_OF_ONE.at(origin_of(root.get("kind")), "part of a DaemonSet: no container has an image", hint=hint)
