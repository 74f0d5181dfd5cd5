"""Services: their types, and the fields that each type allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.labels import label_errors
from dsgen.kubernetes.validation.metadata import takes_any_segment
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: validateService"
WARNINGS = "pkg/api/service: warnings"
# pkg/apis/core: MaxClientIPServiceAffinitySeconds, a day.
MAX_AFFINITY_SECONDS: Final = 86400
HINTS: Final = "service.kubernetes.io/topology-aware-hints"
MODE: Final = "service.kubernetes.io/topology-mode"


@rule("Service", source="apimachinery/pkg/api/validation: NameIsDNS1035Label", until="1.35", when="metadata")
def invalid_service_name(service: FieldRef) -> Iterator[FieldError]:
    """The name of a Service must begin with a letter. Since 1.36, it can also begin with a digit."""
    if takes_any_segment(service):
        return
    metadata = service.value.map("metadata")
    stated = {field: str(metadata.get(field) or "") for field in ("name", "generateName")}
    for field, text in stated.items():
        if text[:1].isdecimal():
            yield service.invalid(("metadata", field), f"must begin with a letter, got {text!r}")
    if not stated["name"] and stated["generateName"][:1].isdecimal():
        yield service.invalid(("metadata", "name"), "must begin with a letter, but `generateName` begins with a digit")


SERVICE = Fields("Service.spec", "a Service", SOURCE)
SERVICE.one_of(
    "invalid-service-type",
    "type",
    ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"),
    default="ClusterIP",
    missing=True,
)


@rule("Service.spec", source=SOURCE, when="selector")
def invalid_service_selector(spec: FieldRef) -> Iterator[FieldError]:
    """`spec.selector` must be valid pod labels."""
    yield from label_errors(spec, "selector")


@rule("Service.spec", source=SOURCE)
def invalid_external_name(spec: FieldRef) -> Iterator[FieldError]:
    """A Service of type `ExternalName` must have an `externalName`: a DNS name, which may end in a dot."""
    if spec.get("type") != "ExternalName":
        return
    name = spec.get("externalName", "").removesuffix(".")
    if not name:
        yield spec.required("externalName", "must be the DNS name of the Service")
    for message in formats.dns_subdomain(name) if name else ():
        yield spec.invalid("externalName", message)


@rule("Service.spec", source=SOURCE)
def forbidden_external_name_address(spec: FieldRef) -> Iterator[FieldError]:
    """A Service of type `ExternalName` has no addresses: `clusterIP`, `clusterIPs`, `ipFamilies` and `ipFamilyPolicy`
    are not allowed.
    """
    if spec.get("type") == "ExternalName":
        for field in ("clusterIPs", "ipFamilies"):
            if spec.get(field):
                yield spec.forbidden(field, "is not allowed for a Service of type ExternalName")
        if spec.get("ipFamilyPolicy") is not None:
            yield spec.forbidden("ipFamilyPolicy", "is not allowed for a Service of type ExternalName")


SERVICE.one_of("invalid-session-affinity", "sessionAffinity", ("ClientIP", "None"), default="None", missing=True)


@rule("Service.spec", source=SOURCE, when="sessionAffinityConfig")
def out_of_range_session_affinity_timeout(spec: FieldRef) -> Iterator[FieldError]:
    """`sessionAffinityConfig.clientIP.timeoutSeconds` must be between 1 and 86400, a day."""
    if spec.get("sessionAffinity") != "ClientIP":
        return
    seconds: Any = spec.value.map("sessionAffinityConfig", "clientIP").get("timeoutSeconds")
    if not 0 < seconds <= MAX_AFFINITY_SECONDS:
        path = ("sessionAffinityConfig", "clientIP", "timeoutSeconds")
        yield spec.invalid(path, f"must be between 1 and {MAX_AFFINITY_SECONDS}, got {int(seconds)}")


@rule("Service.spec", source=SOURCE)
def forbidden_load_balancer_field(spec: FieldRef) -> Iterator[FieldError]:
    """`allocateLoadBalancerNodePorts`, `loadBalancerClass` and `loadBalancerSourceRanges` are only allowed for Services
    of type `LoadBalancer`.
    """
    if spec.get("type") == "LoadBalancer":
        return
    for field in ("allocateLoadBalancerNodePorts", "loadBalancerClass"):
        if spec.get(field) is not None:
            yield spec.forbidden(field, "is only allowed for a Service of type LoadBalancer")
    if spec.get("loadBalancerSourceRanges"):
        detail = "is only allowed for a Service of type LoadBalancer"
        yield spec.forbidden("loadBalancerSourceRanges", detail, field="LoadBalancerSourceRanges")


@rule("Service.spec", source=SOURCE, when="loadBalancerClass")
def invalid_load_balancer_class(spec: FieldRef) -> Iterator[FieldError]:
    """`loadBalancerClass` must be a qualified name, such as `example.com/internal`."""
    name = spec.get("loadBalancerClass")
    if name is not None and spec.get("type") == "LoadBalancer":
        yield from spec.invalid_each("loadBalancerClass", formats.qualified_name(name))


@rule("Service", source=SOURCE, when="metadata")
def mismatched_topology_mode(service: FieldRef) -> Iterator[FieldError]:
    """The annotation `service.kubernetes.io/topology-mode` must be the same as the older `topology-aware-hints`, if
    both are set.
    """
    annotations = service.value.map("metadata", "annotations")
    if MODE in annotations and HINTS in annotations and annotations[MODE] != annotations[HINTS]:
        detail = f"must match the annotation `{HINTS}` ({str(annotations[HINTS])!r})"
        yield service.invalid(("metadata", "annotations", MODE), detail, field=f"metadata.annotations[{MODE}]")


@rule("Service", source=WARNINGS, when="metadata", severity="warning")
def deprecated_topology_hints_annotation(service: FieldRef) -> Iterator[FieldError]:
    """The annotation `service.kubernetes.io/topology-aware-hints` is deprecated: use `service.kubernetes.io/topology-mode`."""
    if HINTS in service.value.map("metadata", "annotations"):
        printed = f"metadata.annotations[{HINTS}]"
        yield service.warning(("metadata", "annotations", HINTS), f"is deprecated: use `{MODE}`", field=printed)


@rule("Service.spec", source=WARNINGS, when="externalName", severity="warning")
def ineffective_external_name(spec: FieldRef) -> Iterator[FieldError]:
    """`externalName` has no effect unless the Service is of type `ExternalName`."""
    if spec.get("externalName") and spec.get("type") != "ExternalName":
        yield spec.warning("externalName", "has no effect unless `type` is ExternalName")


@rule("Service.spec", source=WARNINGS, since="1.34", severity="warning")
def ineffective_headless_service_field(spec: FieldRef) -> Iterator[FieldError]:
    """`loadBalancerIP`, `externalIPs` and `sessionAffinity` have no effect for a headless Service (`clusterIP: None`)."""
    if spec.get("type") != "ClusterIP" or spec.get("clusterIP") != "None":
        return
    for field in ("loadBalancerIP", "externalIPs"):
        if spec.get(field):
            yield spec.warning(field, "has no effect for a headless Service")
    if spec.get("sessionAffinity") != "None":
        detail = "has no effect for a headless Service"
        yield spec.warning("sessionAffinity", detail, field="SessionAffinity")
