"""Requests and limits: of a container, of the whole pod, and the pod's overhead."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from dsgen.kubernetes.schema import formats, quantity
from dsgen.kubernetes.schema.errors import ErrorType
from dsgen.kubernetes.schema.quantity import Quantity
from dsgen.kubernetes.validation import resource_names as names
from dsgen.kubernetes.validation.kinds import asked_once
from dsgen.kubernetes.validation.pod import Pod
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Path

LOADED_FOR: Final = ("overhead", "resources")

SOURCE = "pkg/apis/core/validation: validateResourceRequirements"
SIDES: Final = ("limits", "requests")
POD_RESOURCES: Final = ("cpu", "memory", "hugepages-SIZE")


@lru_cache(maxsize=4)  # all rules are run on one node before the next
def amounts(resources: FieldRef, side: str) -> dict[str, Quantity]:
    """Return the amounts on one side, `limits` or `requests`, rounded up to thousandths as the server does.

    All of an overhead counts as limits. Pod-level resources of a Windows pod are forbidden as a whole, and not validated.
    """
    if resources.scope == "overhead":
        stated = resources.value if side == "limits" else {}
    elif resources.scope == "pod" and resources.pod.os == "windows":
        stated = {}
    else:
        stated = resources.get(side, {})
    return {name: quantity.parse(value).rounded() for name, value in stated.items()}


@rule("resources", source="pkg/apis/core/validation: validateResourceName")
def invalid_resource_name(resources: FieldRef) -> Iterator[FieldError]:
    """A resource must be one that Kubernetes knows, such as `cpu` or `memory`, or have a prefix, such as
    `example.com/gpu`.
    """
    for side, name, _ in _unusual(resources):
        wrong = formats.qualified_name(name)
        if not wrong and "/" not in name and not names.is_standard(name):
            known = f"{', '.join(names.CONTAINER)}, hugepages-SIZE, or one with a prefix"
            wrong = [f"{name!r} is not a valid resource: {known}"]
        for message in wrong:
            yield _error(resources, "Invalid", side, name, message)


@rule("resources", source="pkg/apis/core/validation: validateContainerResourceName")
def invalid_container_resource_name(resources: FieldRef) -> Iterator[FieldError]:
    """A resource of a container must be `cpu`, `memory`, `ephemeral-storage`, `hugepages-SIZE`, or have a prefix, which
    must not begin with `requests.` or be longer than 244 characters.
    """
    for side, name, _ in _unusual(resources) if resources.scope != "pod" else ():
        if "/" not in name and not names.is_huge_pages(name):
            detail = f"{name!r} is not a valid resource of a container: {', '.join(names.CONTAINER)} or hugepages-SIZE"
            yield _error(resources, "Invalid", side, name, detail)
        elif not names.is_native(name) and not names.is_extended(name):
            detail = "a prefix must not begin with `requests.`, and must have at most 244 characters"
            yield _error(resources, "Invalid", side, name, detail)


@rule("pod-resources", source="pkg/apis/core/validation: validatePodResourceName")
def invalid_pod_resource_name(resources: FieldRef) -> Iterator[FieldError]:
    """Pod-level resources must be `cpu`, `memory` and `hugepages-SIZE`. Set others for its containers."""
    for side, name, _ in _all(resources):
        allowed = name in ("cpu", "memory") or names.is_huge_pages(name)
        known = "/" in name or names.is_standard(name)
        if known and not allowed and not formats.qualified_name(name):
            detail = f"{name!r} is not one of {', '.join(POD_RESOURCES)}"
            yield _error(resources, "NotSupported", side, name, detail)


@rule("resources", source="pkg/apis/core/validation: ValidateResourceQuantityValue")
def out_of_range_resource_quantity(resources: FieldRef) -> Iterator[FieldError]:
    """Requests and limits must not be negative."""
    for side, name, amount in _all(resources):
        if amount < quantity.ZERO:
            yield _error(resources, "Invalid", side, name, f"must be 0 or more, got {amount}")


@rule("resources", source="pkg/apis/core/validation: ValidateResourceQuantityValue")
def fractional_resource(resources: FieldRef) -> Iterator[FieldError]:
    """The amount of a resource with a prefix, such as `example.com/gpu`, must be a whole number."""
    for side, name, amount in _unusual(resources):
        if names.is_counted(name) and not amount.is_whole:
            yield _error(resources, "Invalid", side, name, f"must be a whole number, got {amount}")


@rule("resources", source="pkg/apis/core/helper: IsHugePageResourceValueDivisible")
def invalid_huge_pages_quantity(resources: FieldRef) -> Iterator[FieldError]:
    """`hugepages-SIZE` must be a multiple of SIZE, which must be a positive whole number, such as `2Mi`. In an update,
    other amounts are allowed if a container or the overhead of the old object has one.
    """
    found, old = list(_indivisible(resources)), resources.pod.old
    if found and not (isinstance(old, Pod) and _excuses_huge_pages(old)):
        yield from found


@rule("resources", source=SOURCE)
def excessive_request(resources: FieldRef) -> Iterator[FieldError]:
    """A request must not exceed its limit. For huge pages and for resources with a prefix, which cannot be
    overcommitted, the two must be equal.
    """
    limits = amounts(resources, "limits")
    for name, request in amounts(resources, "requests").items():
        limit = limits.get(name)
        if limit is None:
            continue
        if not names.may_overcommit(name) and request != limit:
            detail = f"{name} must be equal to its limit of {limit}, got {request}"
        elif request > limit:
            detail = f"{name} must not exceed its limit of {limit}, got {request}"
        else:
            continue
        yield resources.error("Invalid", ("requests", name), detail, field="requests")


@rule("resources", source=SOURCE)
def missing_limit(resources: FieldRef) -> Iterator[FieldError]:
    """A request for huge pages or for a resource with a prefix, which cannot be overcommitted, requires an equal limit."""
    limits = amounts(resources, "limits")
    for name in amounts(resources, "requests"):
        if name not in limits and not names.may_overcommit(name):
            detail = f"{name} requires a limit equal to its request"
            yield resources.required(("limits", name), detail, field="limits")


@rule("resources", source=SOURCE)
def missing_cpu_or_memory(resources: FieldRef) -> Iterator[FieldError]:
    """A container that requests huge pages must also request `cpu` or `memory`."""
    stated = {name for _, name, _ in _all(resources)}
    if any(map(names.is_huge_pages, stated)) and not stated & {"cpu", "memory"}:
        yield resources.forbidden((), "huge pages require a request or limit of `cpu` or `memory`")


@rule("resources", source="pkg/api/pod: warningsForPodSpecAndMeta", severity="warning")
def fractional_bytes(resources: FieldRef) -> Iterator[FieldError]:
    """`memory` and `ephemeral-storage` should be whole numbers of bytes. `100m` is a tenth of a byte; `100Mi` is intended."""
    for side, name, amount in _all(resources) if resources.scope != "pod" else ():
        if name in ("memory", "ephemeral-storage") and not amount.is_whole:
            detail = f"must be a whole number of bytes, got {amount}"
            yield _error(resources, "Warning", side, name, detail, warned=True)


@lru_cache(maxsize=2)
def _all(resources: FieldRef) -> list[tuple[str, str, Quantity]]:
    return [(side, name, amount) for side in SIDES for name, amount in amounts(resources, side).items()]


@lru_cache(maxsize=2)
def _unusual(resources: FieldRef) -> list[tuple[str, str, Quantity]]:
    return [each for each in _all(resources) if each[1] not in names.CONTAINER]


def _error(
    resources: FieldRef, type: ErrorType, side: str, name: str, detail: str, *, warned: bool = False
) -> FieldError:
    overhead = resources.scope == "overhead"
    below: Path = (name,) if overhead else (side, name)
    if overhead and warned:
        # Warnings print an overhead as it is; errors as if it were limits.
        return resources.error(type, below, detail)._replace(field=f"{resources.field}[{name}]")
    return resources.error(type, below, detail, field=f"{side}[{name}]")


def _indivisible(resources: FieldRef) -> Iterator[FieldError]:
    for side, name, amount in _unusual(resources):
        if not names.is_huge_pages(name):
            continue
        limit = amounts(resources, "limits").get(name, amount)
        # The server has already compared a request with its limit, which widens it to the limit's arithmetic.
        compared = Quantity(amount.number, amount.scale, amount.format, "", amount.wide or limit.wide)
        if not _divides(name.removeprefix("hugepages-"), amount if side == "limits" else compared):
            detail = f"must be a multiple of the page size in the name, got {amount}"
            yield _error(resources, "Invalid", side, name, detail)


@asked_once
def _excuses_huge_pages(old: Pod) -> bool:
    of_containers = [container.child("resources") for container in old.all_containers]
    overhead = FieldRef(old.spec.map("overhead"), old.node, ("overhead",), old, "overhead")
    return any(resources is not None and any(_indivisible(resources)) for resources in (*of_containers, overhead))


def _divides(size: str, amount: Quantity) -> bool:
    try:
        page = quantity.parse(size)
    except ValueError:
        return False
    return page > quantity.ZERO and page.is_whole and page.whole != 0 and amount.whole % page.whole == 0
