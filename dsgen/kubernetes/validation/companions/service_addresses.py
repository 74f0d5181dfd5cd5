"""The addresses of Services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import cidr, formats
from dsgen.kubernetes.validation.canonical_ip import STRICT_MINOR, odd_range, odd_spelling
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: ValidateServiceClusterIPsRelatedFields"
SERVICE = "pkg/apis/core/validation: validateService"
WARNINGS = "pkg/api/service: warnings"
FAMILIES: Final = ("IPv4", "IPv6")
POLICIES: Final = ("PreferDualStack", "RequireDualStack", "SingleStack")
SOURCE_RANGES: Final = "service.beta.kubernetes.io/load-balancer-source-ranges"


def is_headless(spec: FieldRef) -> bool:
    """Return whether a Service is headless: it has no address, on purpose."""
    return list(spec.get("clusterIPs", ())) == ["None"]


@rule("Service.spec", source=SERVICE, when="clusterIPs")
def conflicting_headless_service_type(spec: FieldRef) -> Iterator[FieldError]:
    """Only a Service of type `ClusterIP` can be headless (`clusterIP: None`)."""
    if is_headless(spec) and spec.get("type") in ("LoadBalancer", "NodePort"):
        yield spec.invalid(("clusterIPs", 0), f"a Service of type {spec.get('type')} cannot be headless")


@rule("Service.spec", source=SOURCE, when="clusterIPs")
def mismatched_cluster_ip(spec: FieldRef) -> Iterator[FieldError]:
    """`clusterIP` must be the first of `clusterIPs`. Set `clusterIP` alone, or both."""
    addresses, first = _addresses(spec), spec.get("clusterIP", "")
    if addresses and (not first or addresses[0] != first):
        yield spec.invalid("clusterIPs", "must begin with the value of `clusterIP`, which must also be set")


@rule("Service.spec", source=SOURCE, when="clusterIPs")
def invalid_cluster_ip(spec: FieldRef) -> Iterator[FieldError]:
    """`clusterIP` and each of `clusterIPs` must be an IP address. `None` is only allowed alone."""
    addresses = _addresses(spec)
    if len(addresses) > 1 and addresses[0] == "None":
        yield spec.invalid("clusterIPs", "`None` must be the only item")
    kept = in_old(spec, "clusterIPs")
    for index, address in enumerate(addresses):
        if address not in kept and (index or address != "None"):
            yield from spec.invalid_each(("clusterIPs", index), formats.ip_address(address, spec.pod.minor))


@rule("Service.spec", source=SOURCE, when="clusterIPs")
def conflicting_cluster_ip_families(spec: FieldRef) -> Iterator[FieldError]:
    """`clusterIPs` must have at most two addresses, one of IPv4 and one of IPv6."""
    addresses = _addresses(spec)
    if len(addresses) > 2:
        yield spec.invalid("clusterIPs", f"must have at most two addresses, got {len(addresses)}")
    elif len(addresses) == 2 and _are_right(spec) and len(set(map(ip_family, addresses))) == 1:
        yield spec.invalid("clusterIPs", f"must be of different families, but both are {ip_family(addresses[0])}")


@rule("Service.spec", source=SOURCE, when="ipFamilies")
def mismatched_cluster_ip_family(spec: FieldRef) -> Iterator[FieldError]:
    """Each of `clusterIPs` must be of the family at the same index of `ipFamilies`."""
    addresses = _addresses(spec)
    if is_headless(spec) or not _are_right(spec):
        return
    for index, (address, family) in enumerate(zip(addresses, spec.get("ipFamilies", ()), strict=False)):
        if family in FAMILIES and ip_family(address) != family:
            yield spec.invalid(("clusterIPs", index), f"must be an {family} address, as in `ipFamilies`")


@rule("Service.spec", source=SOURCE, when="ipFamilies")
def invalid_ip_families(spec: FieldRef) -> Iterator[FieldError]:
    """`ipFamilies` must be `IPv4`, `IPv6` or both, without duplicates."""
    seen = set()
    for index, family in enumerate(spec.get("ipFamilies", ()) if spec.get("type") != "ExternalName" else ()):
        if family not in FAMILIES:
            yield spec.not_supported(("ipFamilies", index), family, FAMILIES)
        if family in seen:
            yield spec.duplicate(("ipFamilies", index), f"duplicate {family}")
        seen.add(family)


@rule("Service.spec", source=SOURCE, when="ipFamilyPolicy")
def invalid_ip_family_policy(spec: FieldRef) -> Iterator[FieldError]:
    """`ipFamilyPolicy` must be `SingleStack`, `PreferDualStack` or `RequireDualStack`."""
    policy = spec.get("ipFamilyPolicy")
    if policy is not None and policy not in POLICIES and spec.get("type") != "ExternalName":
        yield spec.not_supported("ipFamilyPolicy", policy, POLICIES)


@rule("Service.spec", source=SERVICE, when="externalIPs")
def invalid_external_ip(spec: FieldRef) -> Iterator[FieldError]:
    """Each of `externalIPs` must be an IP address that other machines can reach: not `0.0.0.0`, and not a loopback or
    link-local address.
    """
    kept = in_old(spec, "externalIPs")
    for index, text in enumerate(spec.get("externalIPs", ())):
        wrong = [] if text in kept else formats.ip_address(text, spec.pod.minor)
        if not wrong and (is_near(text) or formats.tolerant_address(text) is None):
            wrong = [f"{str(text)!r} is not an address that other machines can reach"]
        yield from spec.invalid_each(("externalIPs", index), wrong)


@rule("Service.spec", source=SERVICE, when="loadBalancerSourceRanges")
def invalid_load_balancer_source_range(spec: FieldRef) -> Iterator[FieldError]:
    """Each of `loadBalancerSourceRanges` must be an address, `/` and a prefix length, such as `10.0.0.0/8`. Since 1.36,
    leading zeros and bits set after the prefix are rejected.
    """
    kept = {text.strip(formats.WHITE_SPACE) for text in in_old(spec, "loadBalancerSourceRanges")}
    for index, text in enumerate(spec.get("loadBalancerSourceRanges", ())):
        stated = text.strip(formats.WHITE_SPACE)
        for message in () if stated in kept else cidr.errors(stated, strict=spec.pod.minor >= STRICT_MINOR):
            path = ("loadBalancerSourceRanges", index)
            yield spec.invalid(path, message, field=f"LoadBalancerSourceRanges[{index}]")


@rule("Service", source=SERVICE, when="metadata")
def invalid_load_balancer_source_ranges_annotation(service: FieldRef) -> Iterator[FieldError]:
    """The annotation `service.beta.kubernetes.io/load-balancer-source-ranges`, the older form of
    `loadBalancerSourceRanges`, must be a comma-separated list of ranges, and is only allowed on a Service of type
    `LoadBalancer`.
    """
    spec = service.value.map("spec")
    text: Any = service.value.map("metadata", "annotations").get(SOURCE_RANGES)
    if text is None or spec.get("loadBalancerSourceRanges"):
        return
    path, printed = ("metadata", "annotations", SOURCE_RANGES), f"metadata.annotations[{SOURCE_RANGES}]"
    if spec.get("type") != "LoadBalancer":
        yield service.forbidden(path, "is only allowed on a Service of type LoadBalancer", field=printed)
    if service.pod.old and service.pod.old.root.value.map("metadata", "annotations").get(SOURCE_RANGES) == text:
        return
    stated = text.strip(formats.WHITE_SPACE)
    for each in stated.split(",") if stated else ():
        for message in cidr.errors(each.strip(formats.WHITE_SPACE), strict=service.pod.minor >= STRICT_MINOR):
            yield service.invalid(path, message, field=printed)


@rule("Service.spec", source=WARNINGS, severity="warning")
def non_canonical_service_ip(spec: FieldRef) -> Iterator[FieldError]:
    """An address should be in canonical form: IPv6 in lower case and as short as possible (`2001:db8::1`), IPv4 without
    leading zeros.
    """
    stated = [] if spec.get("clusterIP", "") in ("", "None") else [("clusterIPs", spec.get("clusterIPs", ()))]
    for field, addresses in (*stated, ("externalIPs", spec.get("externalIPs", ()))):
        kept = in_old(spec, field)
        for index, address in enumerate(addresses):
            for message in odd_spelling(address, STRICT_MINOR - 1 if address in kept else spec.pod.minor):
                yield spec.warning((field, index), message)
    for message in odd_spelling(spec.get("loadBalancerIP", ""), STRICT_MINOR - 1):
        yield spec.warning("loadBalancerIP", message)


@rule("Service.spec", source=WARNINGS, when="loadBalancerSourceRanges", severity="warning")
def non_canonical_load_balancer_source_range(spec: FieldRef) -> Iterator[FieldError]:
    """A range should be in canonical form: IPv6 in lower case and as short as possible (`2001:db8::/64`), no leading
    zeros, and no bits set after the prefix.
    """
    kept = in_old(spec, "loadBalancerSourceRanges")
    for index, text in enumerate(spec.get("loadBalancerSourceRanges", ())):
        for message in odd_range(text, strict=spec.pod.minor >= STRICT_MINOR and text not in kept):
            yield spec.warning(("loadBalancerSourceRanges", index), message)


def _addresses(spec: FieldRef) -> list[str]:
    return list(spec.get("clusterIPs", ())) if spec.get("type") != "ExternalName" else []


def in_old(spec: FieldRef, name: str) -> set[str]:
    """Return the texts in a list of the old Service: the new one can keep them, however they are written."""
    return set(spec.pod.old.root.value.map("spec").texts(name)) if spec.pod.old else set()


def _are_right(spec: FieldRef) -> bool:
    kept = in_old(spec, "clusterIPs")
    return not any(address not in kept and formats.ip_address(address, spec.pod.minor) for address in _addresses(spec))


def is_near(text: str) -> bool:
    """Return whether an address has no meaning outside its own machine or network."""
    address = formats.tolerant_address(text)
    if address is None:
        return False
    if address.version == 4:
        local_multicast = address.packed[:3] == b"\xe0\x00\x00"
    else:
        local_multicast = address.is_multicast and address.packed[1] & 0x0F == 2
    return address.is_unspecified or address.is_loopback or address.is_link_local or local_multicast


def ip_family(text: str) -> str:
    """Return the family of an IP address, `IPv4` or `IPv6`; empty if it is none."""
    address = formats.tolerant_address(text)
    return f"IPv{address.version}" if address else ""
