"""Pod-level resources, in addition to those of its containers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema.quantity import Quantity
from dsgen.kubernetes.semantics.pod_level_resources import sum_of_containers
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
        together = (
            sum_of_containers(resources.pod.spec, side, name)
            if side == "requests" or names.is_huge_pages(name)
            else None
        )
        if together is not None and together > amount:
            detail = f"must be at least {together}, the sum of the containers, got {amount}"
            yield resources.error("Invalid", (side, name), detail, field=f"{side}[{name}]")


def _amounts_of(container: FieldRef, side: str) -> dict[str, Quantity]:
    resources = container.child("resources")
    return {} if resources is None else amounts(resources, side)
