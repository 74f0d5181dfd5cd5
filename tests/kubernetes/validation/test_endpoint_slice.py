from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import endpoint_slice
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, said_of_update, table

FRAME = "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: a, labels: {}}, *}"
IPV4 = FRAME.replace("*", "addressType: IPv4, endpoints: [*]")
IPV6 = FRAME.replace("*", "addressType: IPv6, endpoints: [{addresses: [*]}]")
DOMAIN = FRAME.replace("*", "addressType: FQDN, endpoints: [{addresses: [*]}]")
HINTS = IPV4.replace("*", "{addresses: [1.2.3.4], hints: {*}}")
PORT = FRAME.replace("*", "addressType: IPv4, ports: [*]")
ADDRESS = "endpoints[0].addresses[0]"

ROWS = [
    *table(
        FRAME,
        """
        missing-address-type | addressType: IPv4 | endpoints: [] | Required addressType
        invalid-address-type | addressType: IPv6 | addressType: ipv6 | NotSupported addressType
        """,
    ),
    *table(
        IPV4,
        """
        missing-slice-addresses | {addresses: [1.2.3.4]} | {} | Required endpoints[0].addresses
        invalid-slice-ip | {addresses: [1.2.3.4]} | {addresses: ['']} | Invalid ADDRESS
        invalid-slice-ip | {addresses: [128.0.0.1]} | {addresses: [127.0.0.1]} | Invalid ADDRESS
        invalid-slice-ip | {addresses: [1.2.3.4]} | {addresses: ['2001:db8::1']} | Invalid endpoints[0].addresses
        invalid-slice-hostname | {addresses: [1.2.3.4], hostname: <63>} | {addresses: [1.2.3.4], hostname: ''} | Invalid endpoints[0].hostname
        invalid-slice-hostname | {addresses: [1.2.3.4], nodeName: a.b} | {addresses: [1.2.3.4], nodeName: a_b} | Invalid endpoints[0].nodeName
        """.replace("ADDRESS", ADDRESS),
    ),
    *table(
        IPV6,
        """
        invalid-slice-ip | '2001:db8::1' | '2001:DB8::1' | Invalid ADDRESS
        invalid-slice-ip | '2001:db8::1' | 1.2.3.4 | Invalid endpoints[0].addresses
        """.replace("ADDRESS", ADDRESS),
    ),
    *table(
        HINTS,
        """
        too-many-hints | forZones: [ZONES, {name: h}] | forZones: [ZONES, {name: h}, {name: a}] | TooMany endpoints[0].hints.forZones
        too-many-hints | forNodes: [ZONES, {name: h}] | forZones: [], forNodes: [ZONES, {name: h}, {name: a}] | TooMany endpoints[0].hints.forNodes
        duplicate-hint | forZones: [{name: a}], forNodes: [{name: a}] | forZones: [{name: a}, {name: a}] | Duplicate endpoints[0].hints.forZones[1].name
        invalid-hint | forZones: [{name: A_b}] | forZones: [{name: a/b}] | Invalid endpoints[0].hints.forZones[0].name
        invalid-hint | forNodes: [{name: a.b}] | forNodes: [{}] | Invalid endpoints[0].hints.forNodes[0].name
        """.replace("ZONES", ", ".join(f"{{name: {letter}}}" for letter in "abcdefg")),
    ),
    *table(
        PORT,
        """
        duplicate-slice-port-name | {name: a}, {} | {}, {name: ''} | Duplicate ports[1].name
        invalid-slice-port | {name: <63>, port: 0} | {name: A} | Invalid ports[0].name
        invalid-slice-port | {appProtocol: a/b} | {appProtocol: a/} | Invalid ports[0].appProtocol
        invalid-slice-port-protocol | {protocol: SCTP} | {protocol: ''} | NotSupported ports[0].protocol
        """,
    ),
]  # fmt: skip
ELSEWHERE = {
    *("too-many-endpoints", "too-many-slice-ports", "changed-address-type", "deprecated-address-type"),
    *("invalid-slice-domain", "non-canonical-slice-ip"),
}


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, endpoint_slice) == ELSEWHERE


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


FQDN = "deprecated-address-type Warning spec.addressType"


@pytest.mark.parametrize(
    ("address", "type"),
    [("a.b.", ""), ("<63>.a", ""), ("a", "Invalid"), ("<64>.a", "Invalid"), ("a..", "Invalid"), ("''", "Required")],
)
def test_domains(address: str, type: str) -> None:
    text = fill(DOMAIN, address)
    assert said(text) == {FQDN, *([f"invalid-slice-domain {type} {ADDRESS}"] if type else [])}
    assert said_of_update(fill(DOMAIN, "a.b.c"), text) == said(text) - {FQDN}


def test_too_many() -> None:
    many = "too-many-endpoints TooMany"
    assert said(fill(IPV4, ", ".join(["{addresses: [1.2.3.4]}"] * 1000))) == set()
    assert said(fill(IPV4, ", ".join(["{addresses: [x]}"] * 1001))) == {f"{many} endpoints"}
    nothing = fill(IPV4, ", ".join(["{}"] * 1001))
    assert said(nothing, "1.35") == {f"{many} endpoints"}
    assert len(said(nothing, "1.36")) == 1002
    assert said(fill(IPV4, f"{{addresses: [{', '.join(['1.2.3.4'] * 100)}]}}")) == set()
    assert said(fill(IPV4, f"{{addresses: [{', '.join(['1.2.3.4'] * 101)}]}}")) == {f"{many} endpoints[0].addresses"}
    assert said(fill(PORT, ", ".join(["{}"] * 20001))) == {"too-many-slice-ports TooMany ports"}


def test_spelling() -> None:
    text, warning = fill(IPV4, "{addresses: [01.2.3.4]}"), f"non-canonical-slice-ip Warning {ADDRESS}"
    error = f"invalid-slice-ip Invalid {ADDRESS}"
    assert said(text, "1.35") == {warning}
    assert said(text, "1.36") == {error}
    assert said_of_update(text, text.replace("name: a,", "name: a, annotations: {a: b},")) == {warning}
    managed = text.replace("{}", "{endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io}")
    assert said(managed, "1.35") == set()


def test_the_type_of_the_addresses_cannot_be_changed() -> None:
    old, new = (fill(FRAME, f"addressType: {kind}") for kind in ("IPv4", "IPv6"))
    assert said_of_update(old, new) == {"changed-address-type Invalid addressType"}
    assert said_of_update(old, old) == set()


def test_an_update_keeps_invalid_endpoints() -> None:
    wrong, error = fill(IPV4, "{}"), "missing-slice-addresses Required endpoints[0].addresses"
    assert said_of_update(wrong, wrong) == set()
    assert said_of_update(wrong, fill(IPV4, "{}, {addresses: [1.2.3.4]}")) == {error}
    assert said_of_update(fill(IPV4, "{deprecatedTopology: {a: b}}"), wrong) == {error}
    assert said_of_update(wrong, fill(IPV4, "{deprecatedTopology: {a: b}}")) == set()


def test_node_hints_are_dropped_before_1_34() -> None:
    text = fill(HINTS, "forNodes: [{name: A}]")
    dropped = "dropped-field endpoints[0].hints.forNodes"
    assert said(text, "1.33") == {dropped}
    kept = fill(IPV4, "{addresses: [1.2.3.4], hints: {forNodes: [{name: a}]}}")
    assert said_of_update(kept, text, "1.33") == {"invalid-hint Invalid endpoints[0].hints.forNodes[0].name"}


def test_topology_is_dropped() -> None:
    text = fill(IPV4, "{addresses: [1.2.3.4], deprecatedTopology: {-: x}}")
    assert said(text) == {"dropped-field endpoints[0].deprecatedTopology"}
