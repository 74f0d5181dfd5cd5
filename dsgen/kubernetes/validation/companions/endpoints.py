"""Endpoints: the addresses and ports of a Service, in the form that EndpointSlices have replaced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.words import PROTOCOLS
from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.kubernetes.validation.canonical_ip import STRICT_MINOR, odd_spelling
from dsgen.kubernetes.validation.companions.service_addresses import is_near
from dsgen.kubernetes.validation.kinds import Subject, asked_once
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SUBSETS = "pkg/apis/core/validation: validateEndpointSubsets"
ADDRESS = "pkg/apis/core/validation: validateEndpointAddress"
PORT = "pkg/apis/core/validation: validateEndpointPort"
ADDRESSES: Final = ("addresses", "notReadyAddresses")
# The label by which the controller of Endpoints marks its own, of which the server does not look at the spelling.
MANAGED_BY: Final = "endpoints.kubernetes.io/managed-by"
CONTROLLER: Final = "endpoint-controller"


@rule("Endpoints", source="api/core/v1: Endpoints.APILifecycleDeprecated", since="1.33", severity="warning")
def deprecated_endpoints(endpoints: FieldRef) -> Iterator[FieldError]:
    """Endpoints are deprecated since 1.33: use an EndpointSlice of `discovery.k8s.io/v1`."""
    yield endpoints.warning("kind", "Endpoints are deprecated since 1.33: use an EndpointSlice of discovery.k8s.io/v1")


@rule("Endpoints", source=SUBSETS, when="subsets")
def missing_endpoint_addresses(endpoints: FieldRef) -> Iterator[FieldError]:
    """A subset of Endpoints must have at least one of the `addresses` or `notReadyAddresses`."""
    for subset in _subsets(endpoints):
        if not any(subset.get(field) for field in ADDRESSES):
            yield subset.required((), "must have `addresses` or `notReadyAddresses`")


@rule("Endpoints", source=ADDRESS, when="subsets")
def invalid_endpoint_ip(endpoints: FieldRef) -> Iterator[FieldError]:
    """The `ip` of an address must be an IP address that other machines can reach: not `0.0.0.0`, and not a loopback or
    link-local address.
    """
    for address in _addresses(endpoints):
        yield from address.invalid_each("ip", ip_errors(address.get("ip", ""), endpoints.pod.minor))


@rule("Endpoints", source=ADDRESS, when="subsets")
def invalid_endpoint_hostname(endpoints: FieldRef) -> Iterator[FieldError]:
    """The `hostname` of an address must be a DNS label, and its `nodeName` a DNS subdomain."""
    for address in _addresses(endpoints):
        hostname, node = address.get("hostname", ""), address.get("nodeName")
        yield from address.invalid_each("hostname", formats.dns_label(hostname) if hostname else ())
        yield from address.invalid_each("nodeName", () if node is None else formats.dns_subdomain(node))


@rule("Endpoints", source=PORT, when="subsets")
def missing_endpoint_port_name(endpoints: FieldRef) -> Iterator[FieldError]:
    """If a subset of Endpoints has several ports, each must have a `name`."""
    for subset in _subsets(endpoints):
        for port in subset.children("ports") if len(subset.get("ports", ())) > 1 else ():
            if not port.get("name"):
                yield port.required("name", "must be set if there are several ports")


@rule("Endpoints", source=PORT, when="subsets")
def invalid_endpoint_port(endpoints: FieldRef) -> Iterator[FieldError]:
    """A port of Endpoints must be between 1 and 65535, its `name` a DNS label, and its `appProtocol` a qualified name."""
    for port in _ports(endpoints):
        number = port.get("port", 0)
        if not 1 <= number <= 65535:
            yield port.invalid("port", f"must be between 1 and 65535, got {int(number)}")
        yield from port_name_errors(port)


@rule("Endpoints", source=PORT, when="subsets")
def invalid_endpoint_port_protocol(endpoints: FieldRef) -> Iterator[FieldError]:
    """The `protocol` of a port of Endpoints must be `TCP` (the default), `UDP` or `SCTP`."""
    for port in _ports(endpoints):
        yield from protocol_errors(port)


@rule("Endpoints", source="pkg/registry/core/endpoint: endpointsWarnings", when="subsets", severity="warning")
def non_canonical_endpoint_ip(endpoints: FieldRef) -> Iterator[FieldError]:
    """The `ip` of an address should be in canonical form: IPv6 in lower case and as short as possible (`2001:db8::1`),
    IPv4 without leading zeros.
    """
    if endpoints.value.map("metadata", "labels").get(MANAGED_BY) == CONTROLLER:
        return
    for subset in endpoints.children("subsets"):
        for field in ADDRESSES:
            for address in subset.children(field):
                for message in kept_spelling(endpoints, address.get("ip", "")):
                    yield address.warning("ip", message)


def port_name_errors(port: FieldRef) -> Iterator[FieldError]:
    """Yield the errors of the names of a port, and of its protocol of applications."""
    name, protocol = port.get("name", ""), port.get("appProtocol")
    yield from port.invalid_each("name", formats.dns_label(name) if name else ())
    yield from port.invalid_each("appProtocol", () if protocol is None else formats.qualified_name(protocol))


def protocol_errors(port: FieldRef) -> Iterator[FieldError]:
    """Yield an error for a protocol of a port that Kubernetes does not have."""
    if port.get("protocol") not in PROTOCOLS:
        yield port.not_supported("protocol", port.get("protocol", ""), PROTOCOLS)


def ip_errors(text: str, minor: int) -> list[str]:
    """Return why `text` is not the IP address of an endpoint."""
    wrong = formats.ip_address(text, minor)
    if is_near(text):
        wrong.append(f"{str(text)!r} is not an address that other machines can reach")
    return wrong


def kept_spelling(object: FieldRef, text: str) -> list[str]:
    """Return how an IP address should be written; in an update, also if only old objects can have it."""
    return odd_spelling(text, STRICT_MINOR - 1 if object.pod.old else object.pod.minor)


def _subsets(endpoints: FieldRef) -> Iterator[FieldRef]:
    """Yield each subset that the server validates: in an update, only if any of them has changed."""
    if not _is_unchanged(endpoints.pod):
        yield from endpoints.children("subsets")


@asked_once
def _is_unchanged(endpoints: Subject) -> bool:
    new, old = (each and each.root.value.get("subsets") for each in (endpoints, endpoints.old))
    return endpoints.old is not None and semantic_equal(new, old, "subsets")


def _addresses(endpoints: FieldRef) -> Iterator[FieldRef]:
    for subset in _subsets(endpoints):
        for field in ADDRESSES:
            yield from subset.children(field)


def _ports(endpoints: FieldRef) -> Iterator[FieldRef]:
    for subset in _subsets(endpoints):
        yield from subset.children("ports")
