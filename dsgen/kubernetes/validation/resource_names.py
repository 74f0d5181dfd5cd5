"""Kinds of resources, told by their names: `cpu`, `hugepages-2Mi`, `example.com/gpu`."""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.schema import formats

CONTAINER: Final = ("cpu", "memory", "ephemeral-storage")
# What a quota counts, in whole numbers.
COUNTED: Final = frozenset(
    {
        *("pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps"),
        *("persistentvolumeclaims", "services.nodeports", "services.loadbalancers"),
    }
)
STANDARD: Final = frozenset(
    {
        *CONTAINER,
        *COUNTED,
        *(f"{side}.{name}" for side in ("requests", "limits") for name in CONTAINER),
        *("storage", "requests.storage"),
    }
)


def is_huge_pages(name: str) -> bool:
    """Tell whether `name` is huge pages of a size: `hugepages-2Mi`."""
    return name.startswith("hugepages-")


def is_standard(name: str) -> bool:
    """Tell whether Kubernetes knows `name`, be it for containers or for quotas only."""
    return name in STANDARD or is_huge_pages(name) or name.startswith("requests.hugepages-")


def is_native(name: str) -> bool:
    """Tell whether `name` belongs to Kubernetes: no prefix, or one with `kubernetes.io/`."""
    return "/" not in name or "kubernetes.io/" in name


def is_extended(name: str) -> bool:
    """Tell whether `name` can be a resource that somebody else defines, such as `example.com/gpu`."""
    if is_native(name) or name.startswith("requests."):
        return False
    return not formats.qualified_name(f"requests.{name}")


def is_counted(name: str) -> bool:
    """Tell whether only whole numbers of `name` exist."""
    return name in COUNTED or is_extended(name)


def may_overcommit(name: str) -> bool:
    """Tell whether limits of `name` may exceed what is requested."""
    return is_native(name) and not is_huge_pages(name)
