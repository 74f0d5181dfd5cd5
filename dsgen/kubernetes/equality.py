"""When two parts of a manifest mean the same to Kubernetes."""

from __future__ import annotations

from typing import Any, Final

from dsgen.tree import List, Map

# The fields in which false or 0 is as good as nothing. In all others the server knows the difference.
ZERO_IS_ABSENT: Final = frozenset(
    [
        "hostNetwork",
        "hostPID",
        "hostIPC",
        "stdin",
        "stdinOnce",
        "tty",
        "readOnly",
        "chapAuthDiscovery",
        "chapAuthSession",
        "sslEnabled",
        "hostPort",
        "containerPort",
        "port",
        "initialDelaySeconds",
        "minReadySeconds",
        "weight",
        "partition",
        "lun",
        "seconds",
    ]
)

# Annotations of old, that the server takes away as it reads.
TAKEN_AWAY: Final = frozenset(
    f"pod.{stage}.kubernetes.io/{name}"
    for stage in ("alpha", "beta")
    for name in ("init-containers", "init-container-statuses")
)


def same(one: Any, other: Any, field: str = "") -> bool:
    """Tell whether two values of a field mean the same to Kubernetes: what is absent, null or empty is, but for `{}`."""
    if isinstance(one, Map) and isinstance(other, Map):
        return all(same(one.get(key), other.get(key), key) for key in {**one, **other}.keys() - TAKEN_AWAY)
    if isinstance(one, List) and isinstance(other, List):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) or (_is_blank(one, field) and _is_blank(other, field))


def _is_blank(value: Any, field: str) -> bool:
    if isinstance(value, int):
        return not value and field in ZERO_IS_ABSENT
    return not value and not isinstance(value, Map)
