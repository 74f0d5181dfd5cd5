"""When two parts of a manifest mean the same to Kubernetes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from dsgen.kubernetes.schema import fields
from dsgen.tree import List, Map, Null

# The fields in which false or 0 means unset. In all others the server knows the difference.
ZERO_IS_ABSENT: Final = frozenset((
    "hostNetwork", "hostPID", "hostIPC", "stdin", "stdinOnce", "tty", "readOnly", "chapAuthDiscovery",
    "chapAuthSession", "sslEnabled", "hostPort", "containerPort", "port", "initialDelaySeconds", "minReadySeconds",
    "weight", "partition", "lun", "seconds", "count", "generation",
    "number", "value", "globalDefault", "publishNotReadyAddresses", "preserveUnknownFields",
))  # fmt: skip

# The fields in which an empty string does not mean unset: no storage class, and the default one.
EMPTY_COUNTS: Final = frozenset({"storageClassName", "volumeAttributesClassName"})

# Where it does: in these types, the field is a plain string.
PLAIN: Final = frozenset({("PersistentVolumeSpec", "storageClassName")})

# Fields in which false or an empty string does not mean unset in one type of object: pointers in Go.
MAY_BE_UNSET: Final = frozenset(
    [
        *(("CSIVolumeSource", "readOnly"), ("CSIVolumeSource", "fsType"), ("PodDNSConfigOption", "value")),
        *((f"{type}ObjectReference", name) for type in ("Typed", "TypedLocal") for name in ("apiGroup", "namespace")),
        *(("Endpoint", name) for name in ("hostname", "nodeName", "zone")),
        ("EndpointAddress", "nodeName"),
    ]
)
# The fields that contain these objects.
_TYPES: Final = {
    "csi": "CSIVolumeSource",
    "options": "PodDNSConfigOption",
    "endpoints": "Endpoint",
    "addresses": "EndpointAddress",
    "notReadyAddresses": "EndpointAddress",
}

# Old annotations that the server removes as it reads.
TAKEN_AWAY: Final = frozenset(
    f"pod.{stage}.kubernetes.io/{name}"
    for stage in ("alpha", "beta")
    for name in ("init-containers", "init-container-statuses")
)


@cache
def free_maps() -> frozenset[str]:
    """Return the fields that are maps with free keys, such as `labels`: an empty string in one counts like any other."""
    types = fields.any_version().values()
    return frozenset(name for known in types for name, type in known.items() if type.startswith("{"))


@cache
def always_maps() -> frozenset[str]:
    """Return the fields that are maps with free keys wherever they are: an empty one is the same as none."""
    types = fields.any_version().values()
    others = {name for known in types for name, type in known.items() if not type.startswith("{")}
    return free_maps() - others


def semantic_equal(one: Any, other: Any, field: str = "", within: str = "") -> bool:
    """Return whether two values of a field, which is inside another one, mean the same to Kubernetes.

    What is absent, null or empty is the same, except for `{}` where it is an object, and for an entry of a map with free keys.
    """
    if isinstance(one, Map) and isinstance(other, Map):
        names = {**one, **other}.keys() - TAKEN_AWAY
        holder = _TYPES.get(field, field or one.type)
        return all(semantic_equal(one.get(key), other.get(key), key, holder) for key in names)
    if isinstance(one, List) and isinstance(other, List):
        return len(one) == len(other) and all(
            semantic_equal(*pair, field if field in _TYPES else "") for pair in zip(one, other, strict=True)
        )
    return bool(one == other) or (_is_blank(one, field, within) and _is_blank(other, field, within))


def differ(one: Map, other: Map, paths: Iterable[tuple[str, ...]]) -> bool:
    """Return whether two objects differ in one of the maps at some paths."""
    return any(not semantic_equal(one.map(*path), other.map(*path)) for path in paths)


def _is_blank(value: Any, field: str, within: str) -> bool:
    if (within, field) in MAY_BE_UNSET:
        return value is None or isinstance(value, Null)
    if isinstance(value, int):
        return not value and field in ZERO_IS_ABSENT
    if value == "":
        return field not in EMPTY_COUNTS and within not in free_maps()
    return not value and (not isinstance(value, Map) or field in always_maps())
