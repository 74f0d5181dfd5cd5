"""EndpointSlices: some of the addresses and ports of a Service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.kubernetes.validation.canonical_ip import STRICT_MINOR, odd_spelling
from dsgen.kubernetes.validation.companions.endpoints import ip_errors, kept_spelling, port_name_errors, protocol_errors
from dsgen.kubernetes.validation.companions.service_addresses import ip_family
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.kinds import Subject, asked_once
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule

TYPE = "pkg/apis/discovery/validation: validateAddressType"
ENDPOINTS = "pkg/apis/discovery/validation: validateEndpoints"
HINTS = "pkg/apis/discovery/validation: validateHints"
PORTS = "pkg/apis/discovery/validation: validatePorts"
WARNINGS = "pkg/registry/discovery/endpointslice: warnOnBadIPs"
ADDRESS_TYPES: Final = ("FQDN", "IPv4", "IPv6")
MAX_ENDPOINTS: Final = 1000
MAX_ADDRESSES: Final = 100
MAX_PORTS: Final = 20000
MAX_HINTS: Final = 8
# The first minor in which the number of addresses is validated by itself (api/discovery/v1: `+k8s:maxItems`).
DECLARATIVE_MINOR: Final = 36
# The label by which controllers mark their own, of which the server does not look at the spelling.
MANAGED_BY: Final = "endpointslice.kubernetes.io/managed-by"
CONTROLLERS: Final = ("endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io")


@rule("EndpointSlice", source=TYPE)
def missing_address_type(slice: FieldRef) -> Iterator[FieldError]:
    """An EndpointSlice must have an `addressType`: `IPv4`, `IPv6` or `FQDN`."""
    if not slice.get("addressType"):
        yield slice.required("addressType", "must be IPv4, IPv6 or FQDN")


SLICE = Fields("EndpointSlice", "an EndpointSlice", TYPE)
SLICE.one_of("invalid-address-type", "addressType", ADDRESS_TYPES)


@rule("EndpointSlice", source=ENDPOINTS, when="endpoints")
def too_many_endpoints(slice: FieldRef) -> Iterator[FieldError]:
    """An EndpointSlice must have at most 1000 endpoints, each with at most 100 addresses."""
    number = len(slice.get("endpoints", ()))
    if number > MAX_ENDPOINTS and not _is_unchanged(slice.pod):
        yield slice.error("TooMany", "endpoints", f"must have at most {MAX_ENDPOINTS} items, got {number}")
    for endpoint in _endpoints(slice, counted=True):
        addresses = len(endpoint.get("addresses", ()))
        if addresses > MAX_ADDRESSES:
            yield endpoint.error("TooMany", "addresses", f"must have at most {MAX_ADDRESSES} items, got {addresses}")


@rule("EndpointSlice", source=ENDPOINTS, when="endpoints")
def missing_slice_addresses(slice: FieldRef) -> Iterator[FieldError]:
    """An endpoint must have at least one address."""
    for endpoint in _endpoints(slice, counted=True):
        if not endpoint.get("addresses"):
            yield endpoint.required("addresses", "must have at least one address")


@rule("EndpointSlice", source=ENDPOINTS, when="endpoints")
def invalid_slice_ip(slice: FieldRef) -> Iterator[FieldError]:
    """If the `addressType` is `IPv4` or `IPv6`, each address must be such an IP address that other machines can reach: not
    `0.0.0.0`, and not a loopback or link-local address. One of IPv6 must be in canonical form (`2001:db8::1`).
    """
    wanted = slice.get("addressType")
    for endpoint in _endpoints(slice) if wanted in ("IPv4", "IPv6") else ():
        for index, text in enumerate(endpoint.get("addresses", ())):
            below = ("addresses", index)
            if wanted == "IPv6":
                wrong = formats.ip_address(text, STRICT_MINOR) or odd_spelling(text, STRICT_MINOR)
            else:
                wrong = formats.ip_address(text, slice.pod.minor)
            yield from endpoint.invalid_each(below, wrong or ip_errors(text, slice.pod.minor))
            if not wrong and ip_family(text) != wanted:
                yield endpoint.invalid(below, f"must be an {wanted} address, got {str(text)!r}", field="addresses")


@rule("EndpointSlice", source=ENDPOINTS, when="endpoints")
def invalid_slice_domain(slice: FieldRef) -> Iterator[FieldError]:
    """If the `addressType` is `FQDN`, each address must be a DNS name with at least one dot, such as `a.example.com`."""
    for endpoint in _endpoints(slice) if slice.get("addressType") == "FQDN" else ():
        for index, text in enumerate(endpoint.get("addresses", ())):
            name = text.removesuffix(".")
            if not text:
                yield endpoint.required(("addresses", index), "must be a DNS name")
                continue
            wrong = formats.dns_subdomain(name) or [
                each for label in name.split(".") for each in formats.dns_label(label)
            ]
            if not wrong and "." not in name:
                wrong = [f"{str(text)!r} must have a dot, such as `{name}.example.com`"]
            yield from endpoint.invalid_each(("addresses", index), wrong[:1])


@rule("EndpointSlice", source=ENDPOINTS, when="endpoints")
def invalid_slice_hostname(slice: FieldRef) -> Iterator[FieldError]:
    """The `hostname` of an endpoint must be a DNS label, and its `nodeName` a DNS subdomain."""
    for endpoint in _endpoints(slice):
        hostname, node = endpoint.get("hostname"), endpoint.get("nodeName")
        yield from endpoint.invalid_each("hostname", () if hostname is None else formats.dns_label(hostname))
        yield from endpoint.invalid_each("nodeName", () if node is None else formats.dns_subdomain(node))


@rule("EndpointSlice", source=HINTS, when="endpoints")
def too_many_hints(slice: FieldRef) -> Iterator[FieldError]:
    """An endpoint must have at most 8 hints `forZones`, and as many `forNodes`."""
    for hints, field in _hints(slice, too_many=True):
        number = len(hints.get(field, ()))
        yield hints.error("TooMany", field, f"must have at most {MAX_HINTS} items, got {number}")


@rule("EndpointSlice", source=HINTS, when="endpoints")
def duplicate_hint(slice: FieldRef) -> Iterator[FieldError]:
    """The names of zones and of nodes must each be unique in the hints of an endpoint."""
    for hints, field in _hints(slice):
        for hint, name in repeated(hints.children(field), "name"):
            yield hint.duplicate("name", f"another hint also has the name {str(name)!r}")


@rule("EndpointSlice", source=HINTS, when="endpoints")
def invalid_hint(slice: FieldRef) -> Iterator[FieldError]:
    """The name of a zone in a hint must be a label value, and that of a node a DNS subdomain."""
    for hints, field in _hints(slice):
        format = formats.label_value if field == "forZones" else formats.dns_subdomain
        for hint in hints.children(field):
            yield from hint.invalid_each("name", format(hint.get("name", "")))


@rule("EndpointSlice", source=PORTS, when="ports")
def too_many_slice_ports(slice: FieldRef) -> Iterator[FieldError]:
    """An EndpointSlice must have at most 20000 ports."""
    number = len(slice.get("ports", ()))
    if number > MAX_PORTS:
        yield slice.error("TooMany", "ports", f"must have at most {MAX_PORTS} items, got {number}")


@rule("EndpointSlice", source=PORTS, when="ports")
def duplicate_slice_port_name(slice: FieldRef) -> Iterator[FieldError]:
    """The names of the ports of an EndpointSlice must be unique. Only one can be without a name."""
    for port, name in repeated(_ports(slice), "name"):
        yield port.duplicate("name", f"another port also has the name {str(name)!r}")


@rule("EndpointSlice", source=PORTS, when="ports")
def invalid_slice_port(slice: FieldRef) -> Iterator[FieldError]:
    """The `name` of a port must be a DNS label, and its `appProtocol` a qualified name. Its number is not checked."""
    for port in _ports(slice):
        yield from port_name_errors(port)


@rule("EndpointSlice", source=PORTS, when="ports")
def invalid_slice_port_protocol(slice: FieldRef) -> Iterator[FieldError]:
    """The `protocol` of a port must be `TCP` (the default), `UDP` or `SCTP`."""
    for port in _ports(slice):
        yield from protocol_errors(port)


@rule("EndpointSlice-update", source="pkg/apis/discovery/validation: ValidateEndpointSliceUpdate", immutable=True)
def changed_address_type(slice: FieldRef) -> Iterator[FieldError]:
    """The `addressType` of an EndpointSlice cannot be changed. To change it, delete the slice and create it again."""
    old = slice.pod.old.root.get("addressType", "")
    if slice.get("addressType", "") != old:
        yield slice.invalid("addressType", f"cannot be changed; it was {str(old)!r}")


@rule(
    "EndpointSlice",
    source="pkg/registry/discovery/endpointslice: warnOnDeprecatedAddressType",
    when="addressType",
    severity="warning",
)
def deprecated_address_type(slice: FieldRef) -> Iterator[FieldError]:
    """The `addressType` `FQDN` is deprecated."""
    if slice.get("addressType") == "FQDN" and not slice.pod.old:
        yield slice.warning("addressType", "FQDN is deprecated", field="spec.addressType")


@rule("EndpointSlice", source=WARNINGS, when="endpoints", severity="warning")
def non_canonical_slice_ip(slice: FieldRef) -> Iterator[FieldError]:
    """An IP address should be in canonical form: IPv6 in lower case and as short as possible (`2001:db8::1`), IPv4 without
    leading zeros.
    """
    managed = slice.value.map("metadata", "labels").get(MANAGED_BY) in CONTROLLERS
    if managed or (slice.get("addressType") == "IPv6" and not slice.pod.old):  # another form of IPv6 is an error
        return
    for endpoint in slice.children("endpoints"):
        for index, text in enumerate(endpoint.get("addresses", ())):
            for message in kept_spelling(slice, text):
                yield endpoint.warning(("addresses", index), message)


@asked_once
def _is_unchanged(slice: Subject) -> bool:
    """Return whether this is an update that leaves the endpoints as they are: the server does not validate them again."""
    new, old = (each and each.root.get("endpoints") for each in (slice, slice.old))
    return slice.old is not None and semantic_equal(new, old, "endpoints")


def _endpoints(slice: FieldRef, *, counted: bool = False) -> Iterator[FieldRef]:
    """Yield each endpoint that the server validates: none of those that an update leaves as they are, and of too many since 1.36 only for
    rules about the number of addresses (`counted`).
    """
    few = len(slice.get("endpoints", ())) <= MAX_ENDPOINTS or (counted and slice.pod.minor >= DECLARATIVE_MINOR)
    if few and not _is_unchanged(slice.pod):
        yield from slice.children("endpoints")


def _hints(slice: FieldRef, *, too_many: bool = False) -> Iterator[tuple[FieldRef, str]]:
    """Yield the hints of each endpoint, and one of their lists that is validated, or of which there are too many."""
    for hints in filter(None, (endpoint.child("hints") for endpoint in _endpoints(slice))):
        for field in ("forZones", "forNodes"):
            exceeds = len(hints.get(field, ())) > MAX_HINTS
            if exceeds == too_many:
                yield hints, field
            if exceeds:
                break


def _ports(slice: FieldRef) -> Iterator[FieldRef]:
    if len(slice.get("ports", ())) <= MAX_PORTS:
        yield from slice.children("ports")
