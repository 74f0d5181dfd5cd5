"""DaemonSets of API versions that are no longer served, converted to `apps/v1`."""

from __future__ import annotations

from typing import Final

from dsgen.problem import Problem, code
from dsgen.tree import Map, Text, origin_of

REMOVED_VERSION = code(
    "removed-version",
    """The manifest has an API version that Kubernetes no longer serves. The profile generates an object of `apps/v1`; defaults of the old
    version are written out, such as a selector of all the pods' labels, and `OnDelete` in `extensions/v1beta1`.""",
    severity="warning",
)
LEGACY: Final = ("extensions/v1beta1", "apps/v1beta2")


def modern(root: Map) -> tuple[Map, list[Problem]]:
    """Return a DaemonSet as one of `apps/v1`, and a warning if it was converted."""
    version = root.get("apiVersion")
    if version not in LEGACY:
        return root, []
    result = root.updated({"apiVersion": Text.at("apps/v1", origin_of(version))})
    spec = root.child("spec")
    labels = root.map("spec", "template", "metadata").child("labels")
    if version == "extensions/v1beta1" and labels is not None and not root.map("metadata").map("labels"):
        result["metadata"] = root.map("metadata").replaced("labels", labels)
    if spec is not None:
        result["spec"] = _modern_spec(spec, str(version))
    message = f"{version} is no longer served by Kubernetes"
    return result, [REMOVED_VERSION.at(origin_of(version), message, hint="the profile generates an object of apps/v1")]


def _modern_spec(spec: Map, version: str) -> Map:
    result = spec.without("templateGeneration")
    if version == "extensions/v1beta1":
        labels = spec.map("template", "metadata").child("labels")
        if not result.is_set("selector") and labels is not None:
            result["selector"] = Map([("matchLabels", labels)], labels.origin)
        if not result.map("updateStrategy").is_set("type"):
            result["updateStrategy"] = Map([("type", "OnDelete")], origin_of(result.get("updateStrategy")))
    return result
