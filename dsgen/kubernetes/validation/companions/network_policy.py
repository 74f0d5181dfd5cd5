"""Network policies: the pods they select, and the ports and peers they allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.words import PROTOCOLS
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.labels import had_errors, selector_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import is_integer

SPEC = "pkg/apis/networking/validation: ValidateNetworkPolicySpec"
PORT = "pkg/apis/networking/validation: ValidateNetworkPolicyPort"
PEER = "pkg/apis/networking/validation: ValidateNetworkPolicyPeer"
POLICY_TYPES: Final = ("Ingress", "Egress")


@rule("NetworkPolicy.spec", source=SPEC, when="podSelector")
def invalid_network_policy_pod_selector(spec: FieldRef) -> Iterator[FieldError]:
    """`spec.podSelector` must be a valid label selector: valid labels in `matchLabels`, and expressions with a known
    operator and matching values.
    """
    yield from selector_errors(spec.child("podSelector"), any_values=had_errors(spec, "spec", "podSelector"))


@rule("NetworkPolicy.spec", source=SPEC, when="policyTypes")
def invalid_network_policy_type(spec: FieldRef) -> Iterator[FieldError]:
    """Each of the `policyTypes` must be `Ingress` or `Egress`."""
    types = spec.get("policyTypes", ())
    for index, each in enumerate(types if len(types) <= len(POLICY_TYPES) else ()):
        if each not in POLICY_TYPES:
            yield spec.not_supported(("policyTypes", index), each, POLICY_TYPES)


@rule("NetworkPolicy.spec", source=SPEC, when="policyTypes")
def too_many_network_policy_types(spec: FieldRef) -> Iterator[FieldError]:
    """There must be at most two `policyTypes`."""
    types = spec.get("policyTypes", ())
    if len(types) > len(POLICY_TYPES):
        yield spec.invalid("policyTypes", f"must have at most 2 items, `Ingress` and `Egress`, got {len(types)}")


POLICY_PORT = Fields("policy-port", "a port", PORT)
POLICY_PORT.one_of("invalid-network-policy-protocol", "protocol", PROTOCOLS, default="TCP", empty=True)


@rule("policy-port", source=PORT, when="port")
def out_of_range_network_policy_port(port: FieldRef) -> Iterator[FieldError]:
    """A numeric `port` must be between 1 and 65535."""
    number = port.get("port")
    if is_integer(number) and not 1 <= number <= 65535:
        yield port.invalid("port", f"must be between 1 and 65535, got {number}")


@rule("policy-port", source=PORT, when="port")
def invalid_network_policy_port_name(port: FieldRef) -> Iterator[FieldError]:
    """A `port` that is a string must be the name of a container port: at most 15 lower-case letters, digits and single
    inner `-`, with at least one letter.
    """
    name = port.get("port")
    for message in formats.port_name(name) if isinstance(name, str) else ():
        yield port.invalid("port", message)


@rule("policy-port", source=PORT, when="endPort")
def missing_network_policy_port(port: FieldRef) -> Iterator[FieldError]:
    """An `endPort` requires a numeric `port`, where the range begins."""
    if port.get("endPort") is not None and not is_integer(port.get("port")):
        yield port.invalid("endPort", "requires a numeric `port`")


@rule("policy-port", source=PORT, when="endPort")
def out_of_range_network_policy_end_port(port: FieldRef) -> Iterator[FieldError]:
    """An `endPort` must be between 1 and 65535, and not less than `port`."""
    first, last = port.get("port"), port.get("endPort")
    if last is None or not is_integer(first):
        return
    if not 1 <= last <= 65535:
        yield port.invalid("endPort", f"must be between 1 and 65535, got {last}")
    elif last < first:
        yield port.invalid("endPort", f"must not be less than `port`, which is {first}, got {last}")


@rule("policy-peer", source=PEER)
def invalid_network_policy_peer_selector(peer: FieldRef) -> Iterator[FieldError]:
    """The `podSelector` and `namespaceSelector` of a peer must be valid label selectors, with valid labels, known
    operators and matching values.
    """
    for name in ("podSelector", "namespaceSelector"):
        yield from selector_errors(peer.child(name), any_values=had_errors(peer, "spec", "podSelector"))


@rule("policy-peer", source=PEER)
def empty_network_policy_peer(peer: FieldRef) -> Iterator[FieldError]:
    """A peer must have a `podSelector`, a `namespaceSelector` or an `ipBlock`. An empty selector matches everything."""
    if all(peer.get(name) is None for name in ("podSelector", "namespaceSelector", "ipBlock")):
        yield peer.required((), "must have a `podSelector`, a `namespaceSelector` or an `ipBlock`")


@rule("policy-peer", source=PEER, when="ipBlock")
def conflicting_network_policy_peer(peer: FieldRef) -> Iterator[FieldError]:
    """A peer with an `ipBlock` must not have selectors. Make them another peer."""
    selectors = [name for name in ("podSelector", "namespaceSelector") if peer.get(name) is not None]
    if peer.get("ipBlock") is not None and selectors:
        yield peer.forbidden((), f"must not have both `ipBlock` and `{selectors[0]}`: make two peers")
