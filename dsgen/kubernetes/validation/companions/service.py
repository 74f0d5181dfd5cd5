"""Services: their types, and what each of them may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.labels import label_errors
from dsgen.kubernetes.validation.pod import part
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: validateService"
WARNINGS = "pkg/api/service: warnings"
TYPES: Final = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
AFFINITIES: Final = ("ClientIP", "None")
# pkg/apis/core: MaxClientIPServiceAffinitySeconds, a day.
MAX_AFFINITY_SECONDS: Final = 86400
HINTS: Final = "service.kubernetes.io/topology-aware-hints"
MODE: Final = "service.kubernetes.io/topology-mode"


@rule(
    "invalid-service-name",
    "Service",
    source="apimachinery/pkg/api/validation: NameIsDNS1035Label",
    until="1.35",
    when="metadata",
)
def invalid_service_name(service: FieldRef) -> Iterator[FieldError]:
    """The name of a Service begins with a letter. Since 1.36, it may begin with a digit too."""
    metadata = part(service.value, "metadata")
    stated = {field: str(metadata.get(field) or "") for field in ("name", "generateName")}
    for field, text in stated.items():
        if text[:1].isdecimal():
            yield service.invalid(("metadata", field), f"{text!r} begins with a digit: it must be a letter")
    if not stated["name"] and stated["generateName"][:1].isdecimal():
        yield service.invalid(("metadata", "name"), "a name that is generated from this begins with a digit")


@rule("invalid-service-type", "service-spec", source=SOURCE)
def invalid_service_type(spec: FieldRef) -> Iterator[FieldError]:
    """`spec.type` is `ClusterIP` (the default), `NodePort`, `LoadBalancer` or `ExternalName`."""
    if spec.get("type") not in TYPES:
        yield spec.not_supported("type", spec.get("type"), TYPES)


@rule("invalid-service-selector", "service-spec", source=SOURCE, when="selector")
def invalid_service_selector(spec: FieldRef) -> Iterator[FieldError]:
    """`spec.selector` states labels of pods, with the keys and values that labels may have."""
    yield from label_errors(spec, "selector")


@rule("invalid-external-name", "service-spec", source=SOURCE)
def invalid_external_name(spec: FieldRef) -> Iterator[FieldError]:
    """A Service of type `ExternalName` states the `externalName` that it stands for: a DNS name, perhaps with a dot at its end."""
    if spec.get("type") != "ExternalName":
        return
    name = spec.get("externalName", "").removesuffix(".")
    if not name:
        yield spec.required("externalName", "state the DNS name that the Service stands for")
    for message in formats.dns_subdomain(name) if name else ():
        yield spec.invalid("externalName", message)


@rule("forbidden-external-name-address", "service-spec", source=SOURCE)
def forbidden_external_name_address(spec: FieldRef) -> Iterator[FieldError]:
    """A Service of type `ExternalName` has no addresses: no `clusterIP`, `clusterIPs`, `ipFamilies` or `ipFamilyPolicy`."""
    if spec.get("type") == "ExternalName":
        for field in ("clusterIPs", "ipFamilies"):
            if spec.get(field):
                yield spec.forbidden(field, "a Service of type ExternalName has no address")
        if spec.get("ipFamilyPolicy") is not None:
            yield spec.forbidden("ipFamilyPolicy", "a Service of type ExternalName has no address")


@rule("invalid-session-affinity", "service-spec", source=SOURCE)
def invalid_session_affinity(spec: FieldRef) -> Iterator[FieldError]:
    """`spec.sessionAffinity` is `None` (the default) or `ClientIP`."""
    if spec.get("sessionAffinity") not in AFFINITIES:
        yield spec.not_supported("sessionAffinity", spec.get("sessionAffinity"), AFFINITIES)


@rule("out-of-range-session-affinity-timeout", "service-spec", source=SOURCE, when="sessionAffinityConfig")
def out_of_range_session_affinity_timeout(spec: FieldRef) -> Iterator[FieldError]:
    """`sessionAffinityConfig.clientIP.timeoutSeconds` is 1 to 86400, a day."""
    if spec.get("sessionAffinity") != "ClientIP":
        return
    seconds: Any = part(part(spec.value, "sessionAffinityConfig"), "clientIP").get("timeoutSeconds")
    if not 0 < seconds <= MAX_AFFINITY_SECONDS:
        path = ("sessionAffinityConfig", "clientIP", "timeoutSeconds")
        yield spec.invalid(path, f"{int(seconds)} is not 1 to {MAX_AFFINITY_SECONDS}")


@rule("forbidden-load-balancer-field", "service-spec", source=SOURCE)
def forbidden_load_balancer_field(spec: FieldRef) -> Iterator[FieldError]:
    """`allocateLoadBalancerNodePorts`, `loadBalancerClass` and `loadBalancerSourceRanges` are for Services of type `LoadBalancer`."""
    if spec.get("type") == "LoadBalancer":
        return
    for field in ("allocateLoadBalancerNodePorts", "loadBalancerClass"):
        if spec.get(field) is not None:
            yield spec.forbidden(field, "only a Service of type LoadBalancer has it")
    if spec.get("loadBalancerSourceRanges"):
        detail = "only a Service of type LoadBalancer has it"
        yield spec.forbidden("loadBalancerSourceRanges", detail, field="LoadBalancerSourceRanges")


@rule("invalid-load-balancer-class", "service-spec", source=SOURCE, when="loadBalancerClass")
def invalid_load_balancer_class(spec: FieldRef) -> Iterator[FieldError]:
    """`loadBalancerClass` is a qualified name, such as `example.com/internal`."""
    name = spec.get("loadBalancerClass")
    if name is not None and spec.get("type") == "LoadBalancer":
        for message in formats.qualified_name(name):
            yield spec.invalid("loadBalancerClass", message)


@rule("mismatched-topology-mode", "Service", source=SOURCE, when="metadata")
def mismatched_topology_mode(service: FieldRef) -> Iterator[FieldError]:
    """The annotation `service.kubernetes.io/topology-mode` is the same as the older `topology-aware-hints`, where both are stated."""
    annotations = part(part(service.value, "metadata"), "annotations")
    if MODE in annotations and HINTS in annotations and annotations[MODE] != annotations[HINTS]:
        detail = f"must be {str(annotations[HINTS])!r}, as the annotation `{HINTS}`"
        yield service.invalid(("metadata", "annotations", MODE), detail, field=f"metadata.annotations[{MODE}]")


@rule("deprecated-topology-hints-annotation", "Service", source=WARNINGS, when="metadata", severity="warning")
def deprecated_topology_hints_annotation(service: FieldRef) -> Iterator[FieldError]:
    """The annotation `service.kubernetes.io/topology-aware-hints` is deprecated: use `service.kubernetes.io/topology-mode`."""
    if HINTS in part(part(service.value, "metadata"), "annotations"):
        printed = f"metadata.annotations[{HINTS}]"
        yield service.warning(("metadata", "annotations", HINTS), f"is deprecated: use `{MODE}`", field=printed)


@rule("ineffective-external-name", "service-spec", source=WARNINGS, when="externalName", severity="warning")
def ineffective_external_name(spec: FieldRef) -> Iterator[FieldError]:
    """`externalName` does nothing unless the Service is of type `ExternalName`."""
    if spec.get("externalName") and spec.get("type") != "ExternalName":
        yield spec.warning("externalName", "does nothing unless `type` is ExternalName")


@rule("ineffective-headless-service-field", "service-spec", source=WARNINGS, since="1.34", severity="warning")
def ineffective_headless_service_field(spec: FieldRef) -> Iterator[FieldError]:
    """A headless Service, with `clusterIP: None`, has no use for `loadBalancerIP`, `externalIPs` and `sessionAffinity`."""
    if spec.get("type") != "ClusterIP" or spec.get("clusterIP") != "None":
        return
    for field in ("loadBalancerIP", "externalIPs"):
        if spec.get(field):
            yield spec.warning(field, "does nothing for a headless Service")
    if spec.get("sessionAffinity") != "None":
        detail = "does nothing for a headless Service"
        yield spec.warning("sessionAffinity", detail, field="SessionAffinity")
