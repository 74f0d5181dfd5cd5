"""The problems of objects that do not become part of a profile."""

from __future__ import annotations

from collections.abc import Iterator, Sized
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
KEPT_MANIFEST = code(
    "kept-manifest",
    """An object in the input does not become part of a profile, for the reason in the message, so `dsgen import --rest` wrote its manifest to
    a file. List the folder under `manifests` in `dsgen.yaml`, or in an environment, to generate the object with those of the profiles.""",
    severity="note",
)
MISSING_DAEMONSET = code(
    "missing-daemonset", "The input contains no DaemonSet. Only DaemonSets can be converted to profiles."
)
PART_OF_ONE = code(
    "partial-daemonset",
    "A DaemonSet without an image is a patch of an overlay, or a base that needs one. Import the output of the overlay instead.",
)

# Other kinds that run pods, and their fields that a DaemonSet does not have.
_WORKLOADS: Final = {
    "Deployment": ("replicas", "strategy", "progressDeadlineSeconds", "paused"),
    "ReplicaSet": ("replicas",),
    "ReplicationController": ("replicas",),
    "StatefulSet": ("replicas", "serviceName", "volumeClaimTemplates", "podManagementPolicy", "persistentVolumeClaimRetentionPolicy", "ordinals"),
}  # fmt: skip


def not_imported(given: SourceObject, reason: Reason) -> Problem:
    """Return the warning about an object next to a DaemonSet that does not become part of its profile."""
    message = f"{_called(given)} is not imported: {reason.why}"
    return UNIMPORTED_OBJECT.at(origin_of(given.root.get("kind")), message, hint=_as_daemonset(given) or reason.hint)


def no_daemonset(given: SourceObject) -> Problem:
    """Return the error about an object if no DaemonSet is in the input."""
    hint = _as_daemonset(given) or "import it together with the DaemonSet that it belongs to"
    return MISSING_DAEMONSET.at(origin_of(given.root.get("kind")), f"{_called(given)} is not a DaemonSet", hint=hint)


def only_hooks(hooks: Sized) -> Iterator[Problem]:
    """Yield an error if nothing but Helm hooks is in the input."""
    if hooks:
        hint = "pass the DaemonSet of the release, from `helm template` or `helm get manifest`"
        yield MISSING_DAEMONSET.at(None, "there is no object to import but Helm hooks", hint=hint)


def written_to_rest(given: SourceObject, reason: Reason, file: str) -> Problem:
    """Return the note about an object next to a DaemonSet that is kept as a manifest in `file`."""
    return KEPT_MANIFEST.at(origin_of(given.root.get("kind")), f"{_called(given)} is written to {file}: {reason.why}")


def _called(given: SourceObject) -> str:
    return f"{given.kind} {given.name}".strip()


def _as_daemonset(given: SourceObject) -> str:
    """Return how to turn a workload of another kind into a DaemonSet, or an empty string for an object that runs no pods."""
    if given.kind not in _WORKLOADS:
        return ""
    spec = given.root.map("spec")
    fields = [f"spec.{field}" for field in _WORKLOADS[given.kind] if field in spec]
    without = f", without {', '.join(fields)}," if fields else ""
    hint = f"to run one pod on each node{without} change it to `apiVersion: apps/v1` and `kind: DaemonSet`"
    return f"{hint}; its `strategy` becomes `updateStrategy`" if "strategy" in spec else hint


def is_part(root: Map) -> bool:
    """Return whether a manifest is only part of a DaemonSet: none of its containers has an image."""
    return not any("image" in container for container in root.map("spec", "template", "spec").maps("containers"))


def part_of_one(root: Map) -> Problem:
    """Return the error about part of a DaemonSet."""
    hint = "import the output of the overlay: kustomize build FOLDER | dsgen import -"
    return PART_OF_ONE.at(origin_of(root.get("kind")), "part of a DaemonSet: no container has an image", hint=hint)
