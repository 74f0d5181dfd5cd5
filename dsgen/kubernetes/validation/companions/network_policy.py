"""Network policies: whom they are about, and which ports and peers they allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.labels import selector_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import is_integer

SPEC = "pkg/apis/networking/validation: ValidateNetworkPolicySpec"
PORT = "pkg/apis/networking/validation: ValidateNetworkPolicyPort"
PEER = "pkg/apis/networking/validation: ValidateNetworkPolicyPeer"
POLICY_TYPES: Final = ("Ingress", "Egress")
PROTOCOLS: Final = ("TCP", "UDP", "SCTP")


@rule("invalid-network-policy-pod-selector", "network-policy", source=SPEC, when="podSelector")
def invalid_network_policy_pod_selector(spec: FieldRef) -> Iterator[FieldError]:
    """`spec.podSelector` is a label selector: valid labels in `matchLabels`, and expressions with a known operator and fitting values."""
    selector = spec.child("podSelector")
    if selector:
        yield from selector_errors(selector)


@rule("invalid-network-policy-type", "network-policy", source=SPEC, when="policyTypes")
def invalid_network_policy_type(spec: FieldRef) -> Iterator[FieldError]:
    """Each of the `policyTypes` is `Ingress` or `Egress`."""
    types = spec.get("policyTypes", ())
    for index, each in enumerate(types if len(types) <= len(POLICY_TYPES) else ()):
        if each not in POLICY_TYPES:
            yield spec.not_supported(("policyTypes", index), each, POLICY_TYPES)


@rule("too-many-network-policy-types", "network-policy", source=SPEC, when="policyTypes")
def too_many_network_policy_types(spec: FieldRef) -> Iterator[FieldError]:
    """There are at most two `policyTypes`."""
    types = spec.get("policyTypes", ())
    if len(types) > len(POLICY_TYPES):
        yield spec.invalid("policyTypes", f"has {len(types)} entries, and may have 2: `Ingress` and `Egress`")


@rule("invalid-network-policy-protocol", "policy-port", source=PORT, when="protocol")
def invalid_network_policy_protocol(port: FieldRef) -> Iterator[FieldError]:
    """The `protocol` of a port is `TCP` (the default), `UDP` or `SCTP`, in upper case; an empty text is none of them."""
    protocol = port.get("protocol", "TCP")
    if protocol not in PROTOCOLS:
        yield port.not_supported("protocol", protocol, PROTOCOLS)


@rule("out-of-range-network-policy-port", "policy-port", source=PORT, when="port")
def out_of_range_network_policy_port(port: FieldRef) -> Iterator[FieldError]:
    """A `port` that is a number is one from 1 to 65535."""
    number = port.get("port")
    if is_integer(number) and not 1 <= number <= 65535:
        yield port.invalid("port", f"{number} is not a port: 1 to 65535")


@rule("invalid-network-policy-port-name", "policy-port", source=PORT, when="port")
def invalid_network_policy_port_name(port: FieldRef) -> Iterator[FieldError]:
    """
    A `port` that is text is the name of a container's port: at most 15 lower-case letters, digits and single `-` inside,
    with at least one letter.
    """
    name = port.get("port")
    for message in formats.port_name(name) if isinstance(name, str) else ():
        yield port.invalid("port", message)


@rule("missing-network-policy-port", "policy-port", source=PORT, when="endPort")
def missing_network_policy_port(port: FieldRef) -> Iterator[FieldError]:
    """An `endPort` stands beside a `port` that is a number, where the range begins."""
    if port.get("endPort") is not None and not is_integer(port.get("port")):
        yield port.invalid("endPort", "needs a `port` that is a number")


@rule("out-of-range-network-policy-end-port", "policy-port", source=PORT, when="endPort")
def out_of_range_network_policy_end_port(port: FieldRef) -> Iterator[FieldError]:
    """An `endPort` is a number from 1 to 65535, and not below `port`."""
    first, last = port.get("port"), port.get("endPort")
    if last is None or not is_integer(first):
        return
    if not 1 <= last <= 65535:
        yield port.invalid("endPort", f"{last} is not a port: 1 to 65535")
    elif last < first:
        yield port.invalid("endPort", f"{last} is below `port`, {first}")


@rule("invalid-network-policy-peer-selector", "policy-peer", source=PEER)
def invalid_network_policy_peer_selector(peer: FieldRef) -> Iterator[FieldError]:
    """A peer's `podSelector` and `namespaceSelector` are label selectors, with valid labels, known operators and fitting values."""
    for name in ("podSelector", "namespaceSelector"):
        selector = peer.child(name)
        if selector:
            yield from selector_errors(selector)


@rule("empty-network-policy-peer", "policy-peer", source=PEER)
def empty_network_policy_peer(peer: FieldRef) -> Iterator[FieldError]:
    """A peer states a `podSelector`, a `namespaceSelector` or an `ipBlock`; an empty selector takes all."""
    if all(peer.get(name) is None for name in ("podSelector", "namespaceSelector", "ipBlock")):
        yield peer.required((), "state a `podSelector`, a `namespaceSelector` or an `ipBlock`")


@rule("conflicting-network-policy-peer", "policy-peer", source=PEER, when="ipBlock")
def conflicting_network_policy_peer(peer: FieldRef) -> Iterator[FieldError]:
    """A peer with an `ipBlock` has no selectors: those are another peer."""
    selectors = [name for name in ("podSelector", "namespaceSelector") if peer.get(name) is not None]
    if peer.get("ipBlock") is not None and selectors:
        yield peer.forbidden((), f"`ipBlock` and `{selectors[0]}` are two peers")
