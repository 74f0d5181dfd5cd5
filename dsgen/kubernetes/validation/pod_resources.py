"""Pod-level resources, in addition to those of its containers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema.quantity import Quantity
from dsgen.kubernetes.validation import resource_names as names
from dsgen.kubernetes.validation.resources import amounts
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("resources",)

SOURCE = "pkg/apis/core/validation: validatePodResources"
CONSISTENCY = "pkg/apis/core/validation: validatePodResourceConsistency"


@rule("pod-resources", source=SOURCE)
def forbidden_pod_resources(resources: FieldRef) -> Iterator[FieldError]:
    """A Windows pod must not have pod-level `resources`. Set those of its containers."""
    if resources.pod.os == "windows":
        yield resources.forbidden((), "is not allowed in a Windows pod")


@rule("pod-resources", source=SOURCE)
def forbidden_pod_resource_claims(resources: FieldRef) -> Iterator[FieldError]:
    """Pod-level `resources` must not have `claims`, not even an empty list."""
    if resources.get("claims") is not None and resources.pod.os != "windows":
        yield resources.forbidden("claims", "is only allowed in the resources of a container")


@rule("pod-resources", source=CONSISTENCY)
def insufficient_pod_request(resources: FieldRef) -> Iterator[FieldError]:
    """A pod-level request must be at least the sum of the containers' requests."""
    yield from _below_containers(resources, "requests")


@rule("pod-resources", source=CONSISTENCY)
def insufficient_pod_huge_pages_limit(resources: FieldRef) -> Iterator[FieldError]:
    """A pod-level limit of huge pages must be at least the sum of the containers' limits."""
    yield from _below_containers(resources, "limits")


@rule("pod-resources", source=CONSISTENCY)
def excessive_container_limit(resources: FieldRef) -> Iterator[FieldError]:
    """The limit of a container must not exceed the pod-level limit."""
    limits = amounts(resources, "limits")
    for container in resources.pod.containers("containers") if limits else ():
        for name, amount in _amounts_of(container, "limits").items():
            if name in limits and amount > limits[name]:
                # The server prints a path that does not exist in a pod.
                printed = f"{resources.field}.containers[{container.step[1]}][{name}].limits"
                detail = f"must not exceed the pod's limit of {limits[name]}, got {amount}"
                yield container.error("Invalid", ("resources", "limits", name), detail)._replace(field=printed)


def _below_containers(resources: FieldRef, side: str) -> Iterator[FieldError]:
    for name, amount in amounts(resources, side).items():
        together = _together(resources, side, name) if side == "requests" or names.is_huge_pages(name) else None
        if together is not None and together > amount:
            detail = f"must be at least {together}, the sum of the containers, got {amount}"
            yield resources.error("Invalid", (side, name), detail, field=f"{side}[{name}]")


def _together(resources: FieldRef, side: str, name: str) -> Quantity | None:
    """Return the most that containers have at the same time: all with all sidecars, or an init container with those before it."""
    total: Quantity | None = None
    for container in resources.pod.containers("containers"):
        total = _sum(total, _amounts_of(container, side).get(name))
    sidecars: Quantity | None = None
    peak: Quantity | None = None
    for container in resources.pod.containers("initContainers"):
        amount = _amounts_of(container, side).get(name)
        at_once = _sum(sidecars, amount)
        if container.get("restartPolicy") == "Always":
            sidecars, total = at_once, _sum(total, amount)
        peak = _larger(peak, at_once)
    return _larger(total, peak)


def _amounts_of(container: FieldRef, side: str) -> dict[str, Quantity]:
    resources = container.child("resources")
    return {} if resources is None else amounts(resources, side)


def _sum(one: Quantity | None, other: Quantity | None) -> Quantity | None:
    return one + other if one is not None and other is not None else other if one is None else one


def _larger(one: Quantity | None, other: Quantity | None) -> Quantity | None:
    return max(one, other) if one is not None and other is not None else other if one is None else one
