"""Where services send their traffic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

EXTERNAL = "pkg/apis/core/validation: validateServiceExternalTrafficPolicy"
INTERNAL = "pkg/apis/core/validation: validateServiceInternalTrafficFieldsValue"
DISTRIBUTION = "pkg/apis/core/validation: validateServiceTrafficDistribution"
WARNINGS = "pkg/api/service: warnings"
POLICIES: Final = ("Cluster", "Local")
DISTRIBUTIONS: Final = ("PreferClose", "PreferSameZone", "PreferSameNode")
# The first minor in which traffic can prefer the same zone or node.
SAME_ZONE_MINOR: Final = 34


def _is_external(spec: FieldRef) -> bool:
    """Tell whether traffic from outside of the cluster can reach a Service."""
    kind = spec.get("type")
    return kind in ("LoadBalancer", "NodePort") or (kind == "ClusterIP" and bool(spec.get("externalIPs")))


@rule("invalid-external-traffic-policy", "service-spec", source=EXTERNAL, when="externalTrafficPolicy")
def invalid_external_traffic_policy(spec: FieldRef) -> Iterator[FieldError]:
    """
    `externalTrafficPolicy` is `Cluster` (the default) or `Local`, and only stated for a Service that traffic from outside
    reaches: of type `NodePort` or `LoadBalancer`, or with `externalIPs`.
    """
    policy = spec.get("externalTrafficPolicy", "")
    if policy and not _is_external(spec):
        yield spec.invalid("externalTrafficPolicy", "no traffic from outside of the cluster reaches this Service")
    elif policy and policy not in POLICIES:
        yield spec.not_supported("externalTrafficPolicy", policy, POLICIES)


@rule("invalid-health-check-node-port", "service-spec", source=EXTERNAL, when="healthCheckNodePort")
def invalid_health_check_node_port(spec: FieldRef) -> Iterator[FieldError]:
    """
    `healthCheckNodePort` is a port, 1 to 65535, and only stated for a Service of type `LoadBalancer` with
    `externalTrafficPolicy: Local`.
    """
    number = spec.get("healthCheckNodePort", 0)
    needed = spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"
    if number and not needed:
        detail = "needs `type: LoadBalancer` and `externalTrafficPolicy: Local`"
        yield spec.invalid("healthCheckNodePort", detail)
    elif number and not 1 <= number <= 65535:
        yield spec.invalid("healthCheckNodePort", f"{int(number)} is not a port: 1 to 65535")


@rule("invalid-internal-traffic-policy", "service-spec", source=INTERNAL, when="internalTrafficPolicy")
def invalid_internal_traffic_policy(spec: FieldRef) -> Iterator[FieldError]:
    """`internalTrafficPolicy` is `Cluster` (the default) or `Local`."""
    policy = spec.get("internalTrafficPolicy")
    if policy is not None and policy not in POLICIES:
        yield spec.not_supported("internalTrafficPolicy", policy, POLICIES)


@rule("invalid-traffic-distribution", "service-spec", source=DISTRIBUTION, when="trafficDistribution")
def invalid_traffic_distribution(spec: FieldRef) -> Iterator[FieldError]:
    """`trafficDistribution` is `PreferSameZone`, `PreferSameNode` or `PreferClose`; before 1.34, only the last."""
    wanted = spec.get("trafficDistribution")
    known = DISTRIBUTIONS if spec.pod.minor >= SAME_ZONE_MINOR else DISTRIBUTIONS[:1]
    if wanted is not None and wanted not in known:
        yield spec.not_supported("trafficDistribution", wanted, known)


@rule(
    "deprecated-traffic-distribution",
    "service-spec",
    source=WARNINGS,
    since="1.35",
    when="trafficDistribution",
    severity="warning",
)
def deprecated_traffic_distribution(spec: FieldRef) -> Iterator[FieldError]:
    """`trafficDistribution: PreferClose` is deprecated: `PreferSameZone` says what it does."""
    if spec.get("trafficDistribution") == "PreferClose":
        yield spec.warning("trafficDistribution", "PreferClose is deprecated: write `PreferSameZone`")


@rule("deprecated-external-ips", "service-spec", source=WARNINGS, when="externalIPs", severity="warning")
def deprecated_external_ips(spec: FieldRef) -> Iterator[FieldError]:
    """`externalIPs` are deprecated, and some clusters no longer serve them; a Service of type `ExternalName` has no use for them."""
    if not spec.get("externalIPs") or (spec.get("type") == "ClusterIP" and spec.get("clusterIP") == "None"):
        return
    if spec.get("type") == "ExternalName":
        yield spec.warning("externalIPs", "does nothing for a Service of type ExternalName")
    elif spec.pod.minor >= 36:
        yield spec.warning("externalIPs", "is deprecated, and not served by some clusters")
