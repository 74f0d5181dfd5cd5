"""What of an object the API server sets before it stores it: expressions read that, and a manifest does not have it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema.words import APP_ARMOR
from dsgen.tree import Map, Null, Path

# What the server sets in the metadata of a new object.
_OF_SERVER: Final = ("uid", "creationTimestamp", "managedFields", "deletionTimestamp")
# Kind → what it, or an admission plugin that is on by default, sets unless the manifest does. `*` is any item.
_FILLED: Final[dict[str, tuple[Path, ...]]] = {
    "Ingress": (("spec", "ingressClassName"),),
    "PersistentVolumeClaim": (("spec", "storageClassName"), ("metadata", "finalizers")),
    "PersistentVolume": (("metadata", "finalizers"),),
    "Pod": tuple(
        ("spec", name)
        for name in ("priority", "priorityClassName", "preemptionPolicy", "serviceAccountName", "serviceAccount", "imagePullSecrets", "runtimeClassName")
    ),
    "Service": (
        *(("spec", name) for name in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort")),
        ("spec", "ports", "*", "nodePort"),
    ),
}  # fmt: skip
# The same, whatever the manifest says.
_CHANGED: Final[dict[str, tuple[Path, ...]]] = {
    # Of schemas, the server writes a form of its own, and it may take the webhook away.
    "CustomResourceDefinition": (("spec", "versions", "*", "schema"), ("spec", "conversion", "webhook")),
    "Job": (("metadata", "labels"), ("spec", "selector"), ("spec", "template", "metadata", "labels")),
    "Namespace": (("spec",),),
    "ServiceAccount": (("secrets",),),
    "StatefulSet": (("spec", "volumeClaimTemplates"),),
    "Pod": (
        ("spec", "tolerations"),
        ("spec", "volumes"),
        *(("spec", name, "*", "volumeMounts") for name in ("containers", "initContainers")),
    ),
}
# Kind → its field with binary values, of which the server writes an empty one in two ways.
_BINARY: Final = {"ConfigMap": "binaryData", "Secret": "data"}
_BY_LABELS: Final = ("matchLabelKeys", "mismatchLabelKeys")


def unknown(root: Map, value: dict[str, Any], type: str, namespace: str | None) -> Iterator[Path]:
    """Yield the paths in an object of a type whose values are not known; `value` is what is read of it, as expressions see it."""
    yield ("status",)
    yield from (("metadata", name) for name in _OF_SERVER)
    if namespace is None:
        yield ("metadata", "namespace")
    if "name" not in value["metadata"]:
        yield ("metadata", "name")
    yield from _CHANGED.get(type, ())
    for path in _FILLED.get(type, ()):
        found: Any = value
        for step in path:
            found = found.get(step) if isinstance(found, dict) else None
        if found is None:
            yield path
    if type == "Pod":
        yield from _of_pod(root)
    if type in _BINARY:
        field = _BINARY[type]
        yield from ((field, key) for key, each in root.map(field).items() if each is None or isinstance(each, Null))


def _of_pod(root: Map) -> Iterator[Path]:
    """Yield what the server sets in a new pod by its labels and annotations (pkg/registry/core/pod: PrepareForCreate)."""
    spec = root.map("spec")
    for name in ("affinity", "topologySpreadConstraints"):
        if _has_key(spec.get(name), _BY_LABELS):
            yield ("spec", name)
    if any(key.startswith(APP_ARMOR) for key in root.map("metadata", "annotations")):
        yield from (("spec", name, "*", "securityContext") for name in ("containers", "initContainers"))


def _has_key(value: Any, keys: tuple[str, ...]) -> bool:
    if isinstance(value, dict):
        return any(key in value for key in keys) or any(_has_key(child, keys) for child in value.values())
    return isinstance(value, list) and any(_has_key(each, keys) for each in value)
