"""What a change of a Service must leave as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dsgen.kubernetes.semantics.service_update import HEADLESS, is_addressed, needs_health_check
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Map

ADDRESSES = "pkg/apis/core/validation: validateUpgradeDowngradeClusterIPs"
FAMILIES = "pkg/apis/core/validation: validateUpgradeDowngradeIPFamilies"
CLASS = "pkg/apis/core/validation: validateLoadBalancerClassField"
TRAFFIC = "pkg/apis/core/validation: validateServiceExternalTrafficFieldsUpdate"
FIXED = "cannot be changed; delete the Service first, or choose another name"


def _specs(service: FieldRef) -> tuple[Map, Map]:
    """Return the new and the old spec."""
    return service.value.map("spec"), service.pod.old.root.value.map("spec")


def _is_headless(spec: Map) -> bool:
    return bool(spec.get("type") == "ClusterIP" and spec.get("clusterIP") == HEADLESS)


@rule("Service-update", source=ADDRESSES, immutable=True)
def changed_cluster_ip(service: FieldRef) -> Iterator[FieldError]:
    """The addresses of a Service, `clusterIP` and `clusterIPs`, cannot be changed, and `None` cannot become an address, or
    an address `None`. A second address can be added. With `ipFamilyPolicy: SingleStack`, it can be removed.
    """
    new, old = _specs(service)
    if not (is_addressed(new) and is_addressed(old)) or (_is_headless(new) and _is_headless(old)):
        return
    now, before = new.texts("clusterIPs"), old.texts("clusterIPs")
    for index, (one, other) in enumerate(zip(now, before, strict=False)):
        if one != other and (not index or len(now) == len(before)):
            yield service.invalid(("spec", "clusterIPs", index), f"{FIXED}: it was {other!r}")
    if before and not now:
        yield service.invalid(("spec", "clusterIPs", 0), f"cannot be removed; it was {before[0]!r}")


@rule("Service-update", source=FAMILIES, immutable=True)
def changed_ip_families(service: FieldRef) -> Iterator[FieldError]:
    """The first of the `ipFamilies` of a Service cannot be changed, nor the second one. A second one can be added. With
    `ipFamilyPolicy: SingleStack`, it can be removed.
    """
    new, old = _specs(service)
    if not (is_addressed(new) and is_addressed(old)) or _is_headless(new) or _is_headless(old):
        return
    now, before = new.texts("ipFamilies"), old.texts("ipFamilies")
    pairs = list(zip(now, before, strict=False))
    if any(one != other for one, other in (pairs if len(now) == len(before) else pairs[:1])):
        yield service.invalid(("spec", "ipFamilies", 0), f"{FIXED}: they were {', '.join(before)}")


@rule("Service-update", source=CLASS, immutable=True)
def changed_load_balancer_class(service: FieldRef) -> Iterator[FieldError]:
    """The `loadBalancerClass` of a Service of type `LoadBalancer` cannot be changed, unless its type is changed too."""
    new, old = _specs(service)
    names = [service.child("spec"), service.pod.old.root.child("spec")]
    classes = [each.get("loadBalancerClass") if each else None for each in names]
    if new.get("type") == old.get("type") == "LoadBalancer" and classes[0] != classes[1]:
        yield service.invalid(("spec", "loadBalancerClass"), f"{FIXED}: it was {str(classes[1] or '')!r}")


@rule("Service-update", source=TRAFFIC, immutable=True)
def changed_health_check_node_port(service: FieldRef) -> Iterator[FieldError]:
    """The `healthCheckNodePort` of a Service cannot be changed."""
    new, old = _specs(service)
    before: Any = old.get("healthCheckNodePort") or 0
    if needs_health_check(new) and needs_health_check(old) and new.get("healthCheckNodePort", 0) != before:
        yield service.forbidden(("spec", "healthCheckNodePort"), f"{FIXED}: it was {int(before)}")
