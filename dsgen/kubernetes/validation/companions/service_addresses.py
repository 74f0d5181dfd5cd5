"""The addresses of services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import cidr, formats
from dsgen.kubernetes.validation.ip_spelling import STRICT_MINOR, odd_spelling
from dsgen.kubernetes.validation.pod import part
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: ValidateServiceClusterIPsRelatedFields"
SERVICE = "pkg/apis/core/validation: validateService"
WARNINGS = "pkg/api/service: warnings"
FAMILIES: Final = ("IPv4", "IPv6")
POLICIES: Final = ("PreferDualStack", "RequireDualStack", "SingleStack")
SOURCE_RANGES: Final = "service.beta.kubernetes.io/load-balancer-source-ranges"


def is_headless(spec: FieldRef) -> bool:
    """Tell whether a Service has no address of its own, on purpose."""
    return list(spec.get("clusterIPs", ())) == ["None"]


@rule("conflicting-headless-service-type", "service-spec", source=SERVICE, when="clusterIPs")
def conflicting_headless_service_type(spec: FieldRef) -> Iterator[FieldError]:
    """Only a Service of type `ClusterIP` is headless (`clusterIP: None`)."""
    if is_headless(spec) and spec.get("type") in ("LoadBalancer", "NodePort"):
        yield spec.invalid(("clusterIPs", 0), f"a Service of type {spec.get('type')} is not headless")


@rule("mismatched-cluster-ip", "service-spec", source=SOURCE, when="clusterIPs")
def mismatched_cluster_ip(spec: FieldRef) -> Iterator[FieldError]:
    """The first of `clusterIPs` is `clusterIP`: either state `clusterIP` alone, or both."""
    addresses, first = _addresses(spec), spec.get("clusterIP", "")
    if addresses and (not first or addresses[0] != first):
        yield spec.invalid("clusterIPs", "`clusterIP` must be stated too, and be the first of these")


@rule("invalid-cluster-ip", "service-spec", source=SOURCE, when="clusterIPs")
def invalid_cluster_ip(spec: FieldRef) -> Iterator[FieldError]:
    """`clusterIP` and each of `clusterIPs` is an IP address; or the only one is `None`."""
    addresses = _addresses(spec)
    if len(addresses) > 1 and addresses[0] == "None":
        yield spec.invalid("clusterIPs", "`None` stands alone")
    for index, address in enumerate(addresses):
        if index or address != "None":
            for message in formats.ip_address(address, spec.pod.minor):
                yield spec.invalid(("clusterIPs", index), message)


@rule("conflicting-cluster-ip-families", "service-spec", source=SOURCE, when="clusterIPs")
def conflicting_cluster_ip_families(spec: FieldRef) -> Iterator[FieldError]:
    """`clusterIPs` has at most two addresses, one of IPv4 and one of IPv6."""
    addresses = _addresses(spec)
    if len(addresses) > 2:
        yield spec.invalid("clusterIPs", f"has {len(addresses)} addresses, and may have two")
    elif len(addresses) == 2 and _are_right(spec) and len(set(map(_family, addresses))) == 1:
        yield spec.invalid("clusterIPs", f"both are addresses of {_family(addresses[0])}")


@rule("mismatched-cluster-ip-family", "service-spec", source=SOURCE, when="ipFamilies")
def mismatched_cluster_ip_family(spec: FieldRef) -> Iterator[FieldError]:
    """Each of `clusterIPs` is of the family that `ipFamilies` states at the same place."""
    addresses = _addresses(spec)
    if is_headless(spec) or not _are_right(spec):
        return
    for index, (address, family) in enumerate(zip(addresses, spec.get("ipFamilies", ()), strict=False)):
        if family in FAMILIES and _family(address) != family:
            yield spec.invalid(("clusterIPs", index), f"`ipFamilies` asks for an address of {family} here")


@rule("invalid-ip-families", "service-spec", source=SOURCE, when="ipFamilies")
def invalid_ip_families(spec: FieldRef) -> Iterator[FieldError]:
    """`ipFamilies` lists `IPv4`, `IPv6` or both, each once."""
    seen = set()
    for index, family in enumerate(spec.get("ipFamilies", ()) if spec.get("type") != "ExternalName" else ()):
        if family not in FAMILIES:
            yield spec.not_supported(("ipFamilies", index), family, FAMILIES)
        if family in seen:
            yield spec.duplicate(("ipFamilies", index), f"{family} stands twice")
        seen.add(family)


@rule("invalid-ip-family-policy", "service-spec", source=SOURCE, when="ipFamilyPolicy")
def invalid_ip_family_policy(spec: FieldRef) -> Iterator[FieldError]:
    """`ipFamilyPolicy` is `SingleStack`, `PreferDualStack` or `RequireDualStack`."""
    policy = spec.get("ipFamilyPolicy")
    if policy is not None and policy not in POLICIES and spec.get("type") != "ExternalName":
        yield spec.not_supported("ipFamilyPolicy", policy, POLICIES)


@rule("invalid-external-ip", "service-spec", source=SERVICE, when="externalIPs")
def invalid_external_ip(spec: FieldRef) -> Iterator[FieldError]:
    """Each of `externalIPs` is an IP address that other machines can reach: not `0.0.0.0`, no loopback and no link-local one."""
    for index, text in enumerate(spec.get("externalIPs", ())):
        wrong = formats.ip_address(text, spec.pod.minor)
        if not wrong and _is_near(text):
            wrong = [f"{str(text)!r} is no address that other machines can reach"]
        for message in wrong:
            yield spec.invalid(("externalIPs", index), message)


@rule("invalid-load-balancer-source-range", "service-spec", source=SERVICE, when="loadBalancerSourceRanges")
def invalid_load_balancer_source_range(spec: FieldRef) -> Iterator[FieldError]:
    """
    Each of `loadBalancerSourceRanges` is an address, `/` and the length of the prefix, such as `10.0.0.0/8`. From 1.36 on,
    its numbers have no leading zeros, and no bit is set behind the prefix.
    """
    for index, text in enumerate(spec.get("loadBalancerSourceRanges", ())):
        for message in cidr.errors(text.strip(formats.WHITE_SPACE), strict=spec.pod.minor >= STRICT_MINOR):
            path = ("loadBalancerSourceRanges", index)
            yield spec.invalid(path, message, field=f"LoadBalancerSourceRanges[{index}]")


@rule("invalid-load-balancer-source-ranges-annotation", "Service", source=SERVICE, when="metadata")
def invalid_load_balancer_source_ranges_annotation(service: FieldRef) -> Iterator[FieldError]:
    """
    The annotation `service.beta.kubernetes.io/load-balancer-source-ranges`, the older way to state
    `loadBalancerSourceRanges`, lists ranges with commas between them, on a Service of type `LoadBalancer`.
    """
    spec = part(service.value, "spec")
    text: Any = part(part(service.value, "metadata"), "annotations").get(SOURCE_RANGES)
    if text is None or spec.get("loadBalancerSourceRanges"):
        return
    path, printed = ("metadata", "annotations", SOURCE_RANGES), f"metadata.annotations[{SOURCE_RANGES}]"
    if spec.get("type") != "LoadBalancer":
        yield service.forbidden(path, "only a Service of type LoadBalancer has it", field=printed)
    stated = text.strip(formats.WHITE_SPACE)
    for each in stated.split(",") if stated else ():
        for message in cidr.errors(each.strip(formats.WHITE_SPACE), strict=service.pod.minor >= STRICT_MINOR):
            yield service.invalid(path, message, field=printed)


@rule("non-canonical-service-ip", "service-spec", source=WARNINGS, severity="warning")
def non_canonical_service_ip(spec: FieldRef) -> Iterator[FieldError]:
    """
    Addresses are written in the usual form: IPv6 in lower case and as short as can be (`2001:db8::1`), IPv4 without
    leading zeros.
    """
    stated = [] if spec.get("clusterIP", "") in ("", "None") else [("clusterIPs", spec.get("clusterIPs", ()))]
    for field, addresses in (*stated, ("externalIPs", spec.get("externalIPs", ()))):
        for index, address in enumerate(addresses):
            for message in odd_spelling(address, spec.pod.minor):
                yield spec.warning((field, index), message)
    for message in odd_spelling(spec.get("loadBalancerIP", ""), STRICT_MINOR - 1):
        yield spec.warning("loadBalancerIP", message)


@rule(
    "non-canonical-load-balancer-source-range",
    "service-spec",
    source=WARNINGS,
    when="loadBalancerSourceRanges",
    severity="warning",
)
def non_canonical_load_balancer_source_range(spec: FieldRef) -> Iterator[FieldError]:
    """
    Ranges are written in the usual form: IPv6 in lower case and as short as can be (`2001:db8::/64`), without leading
    zeros, and with no bit set behind the prefix.
    """
    for index, text in enumerate(spec.get("loadBalancerSourceRanges", ())):
        if cidr.errors(text, strict=spec.pod.minor >= STRICT_MINOR):
            continue
        messages = [f"{message}; refused from 1.36 on" for message in cidr.errors(text, strict=True)]
        if not messages and cidr.usual(text) != text:
            messages = [f"{str(text)!r} is usually written `{cidr.usual(text)}`"]
        for message in messages:
            yield spec.warning(("loadBalancerSourceRanges", index), message)


def _addresses(spec: FieldRef) -> list[str]:
    return list(spec.get("clusterIPs", ())) if spec.get("type") != "ExternalName" else []


def _are_right(spec: FieldRef) -> bool:
    return not any(formats.ip_address(address, spec.pod.minor) for address in _addresses(spec))


def _is_near(text: str) -> bool:
    """Tell whether an address means nothing beyond its own machine or network."""
    address = formats.tolerant_address(text)
    if address is None:
        return False
    if address.version == 4:
        local_multicast = address.packed[:3] == b"\xe0\x00\x00"
    else:
        local_multicast = address.is_multicast and address.packed[1] & 0x0F == 2
    return address.is_unspecified or address.is_loopback or address.is_link_local or local_multicast


def _family(text: str) -> str:
    address = formats.tolerant_address(text)
    return f"IPv{address.version}" if address else ""
