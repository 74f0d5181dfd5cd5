"""Kinds of resources, by their names: `cpu`, `hugepages-2Mi`, `example.com/gpu`."""

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
    """Return whether `name` is a size of huge pages: `hugepages-2Mi`."""
    return name.startswith("hugepages-")


def is_standard(name: str) -> bool:
    """Return whether Kubernetes knows `name`, for containers or only for quotas."""
    return name in STANDARD or is_huge_pages(name) or name.startswith("requests.hugepages-")


def is_native(name: str) -> bool:
    """Return whether `name` belongs to Kubernetes: no prefix, or one with `kubernetes.io/`."""
    return "/" not in name or "kubernetes.io/" in name


def is_extended(name: str) -> bool:
    """Return whether `name` is a valid extended resource, such as `example.com/gpu`."""
    if is_native(name) or name.startswith("requests."):
        return False
    return not formats.qualified_name(f"requests.{name}")


def errors(name: str) -> list[str]:
    """Return why `name` is not a valid resource: Kubernetes does not know it, and it has no prefix."""
    wrong = formats.qualified_name(name)
    if not wrong and "/" not in name and not is_standard(name):
        wrong = [f"{name!r} is not a valid resource: one that Kubernetes knows, such as `cpu`, or one with a prefix"]
    return wrong


def container_errors(name: str) -> list[str]:
    """Return why a container cannot have the resource `name`."""
    if "/" not in name and name not in CONTAINER and not is_huge_pages(name):
        return [f"{name!r} is not a valid resource of a container: {', '.join(CONTAINER)} or hugepages-SIZE"]
    wrong = formats.qualified_name(name)
    if not wrong and not is_native(name) and not is_extended(name):
        wrong = ["a prefix must not begin with `requests.`, and must have at most 244 characters"]
    return wrong


def quota_errors(name: str) -> list[str]:
    """Return why a ResourceQuota cannot count `name`."""
    if name == "storage":
        return ["a quota cannot count `storage`: use `requests.storage`"]
    return errors(name)


def is_counted(name: str) -> bool:
    """Return whether amounts of `name` must be whole numbers."""
    return name in COUNTED or is_extended(name)


def may_overcommit(name: str) -> bool:
    """Return whether limits of `name` may exceed requests."""
    return is_native(name) and not is_huge_pages(name)
