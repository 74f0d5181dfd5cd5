"""Traffic policies and traffic distribution of Services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema.words import TRAFFIC_POLICIES
from dsgen.kubernetes.semantics.service_update import is_external
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

EXTERNAL = "pkg/apis/core/validation: validateServiceExternalTrafficPolicy"
INTERNAL = "pkg/apis/core/validation: validateServiceInternalTrafficFieldsValue"
DISTRIBUTION = "pkg/apis/core/validation: validateServiceTrafficDistribution"
WARNINGS = "pkg/api/service: warnings"
DISTRIBUTIONS: Final = ("PreferClose", "PreferSameZone", "PreferSameNode")
# The first minor in which traffic can prefer the same zone or node.
SAME_ZONE_MINOR: Final = 34


@rule("Service.spec", source=EXTERNAL, when="externalTrafficPolicy")
def invalid_external_traffic_policy(spec: FieldRef) -> Iterator[FieldError]:
    """`externalTrafficPolicy` must be `Cluster` (the default) or `Local`. It is only allowed for a Service that
    external traffic reaches: of type `NodePort` or `LoadBalancer`, or with `externalIPs`.
    """
    policy = spec.get("externalTrafficPolicy", "")
    if policy and not is_external(spec.value):
        yield spec.invalid("externalTrafficPolicy", "is only allowed for a Service that external traffic reaches")
    elif policy and policy not in TRAFFIC_POLICIES:
        yield spec.not_supported("externalTrafficPolicy", policy, TRAFFIC_POLICIES)


@rule("Service.spec", source=EXTERNAL, when="healthCheckNodePort")
def invalid_health_check_node_port(spec: FieldRef) -> Iterator[FieldError]:
    """`healthCheckNodePort` must be between 1 and 65535. It is only allowed for a Service of type `LoadBalancer` with
    `externalTrafficPolicy: Local`.
    """
    number = spec.get("healthCheckNodePort", 0)
    needed = spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"
    if number and not needed:
        detail = "requires `type: LoadBalancer` and `externalTrafficPolicy: Local`"
        yield spec.invalid("healthCheckNodePort", detail)
    elif number and not 1 <= number <= 65535:
        yield spec.invalid("healthCheckNodePort", f"must be between 1 and 65535, got {int(number)}")


SERVICE = Fields("Service.spec", "a Service", INTERNAL)
SERVICE.one_of(
    "invalid-internal-traffic-policy", "internalTrafficPolicy", TRAFFIC_POLICIES, default="Cluster", empty=True
)


@rule("Service.spec", source=DISTRIBUTION, when="trafficDistribution")
def invalid_traffic_distribution(spec: FieldRef) -> Iterator[FieldError]:
    """`trafficDistribution` must be `PreferSameZone`, `PreferSameNode` or `PreferClose`. Before 1.34, only
    `PreferClose` is allowed.
    """
    wanted = spec.get("trafficDistribution")
    known = DISTRIBUTIONS if spec.pod.minor >= SAME_ZONE_MINOR else DISTRIBUTIONS[:1]
    if wanted is not None and wanted not in known:
        yield spec.not_supported("trafficDistribution", wanted, known)


@rule("Service.spec", source=WARNINGS, since="1.35", when="trafficDistribution", severity="warning")
def deprecated_traffic_distribution(spec: FieldRef) -> Iterator[FieldError]:
    """`trafficDistribution: PreferClose` is deprecated. `PreferSameZone` has the same effect."""
    if spec.get("trafficDistribution") == "PreferClose":
        yield spec.warning("trafficDistribution", "PreferClose is deprecated: use `PreferSameZone`")


@rule("Service.spec", source=WARNINGS, when="externalIPs", severity="warning")
def deprecated_external_ips(spec: FieldRef) -> Iterator[FieldError]:
    """`externalIPs` are deprecated, and some clusters no longer support them. For a Service of type `ExternalName` they
    have no effect.
    """
    if not spec.get("externalIPs") or (spec.get("type") == "ClusterIP" and spec.get("clusterIP") == "None"):
        return
    if spec.get("type") == "ExternalName":
        yield spec.warning("externalIPs", "has no effect for a Service of type ExternalName")
    elif spec.pod.minor >= 36:
        yield spec.warning("externalIPs", "is deprecated, and not supported by some clusters")
