from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import endpoints
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import fill, said_of_update, table

FRAME = "{apiVersion: v1, kind: Endpoints, metadata: {name: a, labels: {}}, subsets: *}"
ADDRESS = FRAME.replace("*", "[{addresses: [*]}]")
PORT = FRAME.replace("*", "[{notReadyAddresses: [{ip: 1.2.3.4}], ports: [*]}]")
# Said of all Endpoints.
DEPRECATED = "deprecated-endpoints Warning kind"

ROWS = [
    *table(
        FRAME,
        """
        missing-endpoint-addresses | [] | [{}] | Required subsets[0]
        missing-endpoint-addresses | [{notReadyAddresses: [{ip: 1.2.3.4}]}] | [{addresses: [], notReadyAddresses: null}] | Required subsets[0]
        """,
    ),
    *table(
        ADDRESS,
        """
        invalid-endpoint-ip | {ip: 1.2.3.4} | {} | Invalid subsets[0].addresses[0].ip
        invalid-endpoint-ip | {ip: 126.0.0.1} | {ip: 127.0.0.1} | Invalid subsets[0].addresses[0].ip
        invalid-endpoint-ip | {ip: 1.2.3.4} | {ip: 01.2.3.4} | Invalid subsets[0].addresses[0].ip
        invalid-endpoint-ip | {ip: 'fec0::1'} | {ip: 'fe80::1'} | Invalid subsets[0].addresses[0].ip
        invalid-endpoint-hostname | {ip: 1.2.3.4, hostname: ''} | {ip: 1.2.3.4, hostname: a.b} | Invalid subsets[0].addresses[0].hostname
        invalid-endpoint-hostname | {ip: 1.2.3.4, nodeName: a.b} | {ip: 1.2.3.4, nodeName: ''} | Invalid subsets[0].addresses[0].nodeName
        non-canonical-endpoint-ip | {ip: '2001:db8::1'} | {ip: '2001:DB8::1'} | Warning subsets[0].addresses[0].ip
        """,
    ),
    *table(
        PORT,
        """
        missing-endpoint-port-name | {port: 1} | {port: 1, name: a}, {port: 2} | Required subsets[0].ports[1].name
        invalid-endpoint-port | {port: 65535, name: '80'} | {port: 65536} | Invalid subsets[0].ports[0].port
        invalid-endpoint-port | {port: 1, name: <63>} | {port: 1, name: <64>} | Invalid subsets[0].ports[0].name
        invalid-endpoint-port | {port: 1, appProtocol: a/b} | {port: 1, appProtocol: ''} | Invalid subsets[0].ports[0].appProtocol
        invalid-endpoint-port-protocol | {port: 1, protocol: ''} | {port: 1, protocol: tcp} | NotSupported subsets[0].ports[0].protocol
        """,
    ),
]


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, endpoints) == {"deprecated-endpoints"}


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    assert said(right) == {DEPRECATED}
    assert said(wrong) == {DEPRECATED, f"{code} {says}"}


def test_before_1_33_endpoints_are_not_deprecated() -> None:
    text = fill(FRAME, "[]")
    assert said(text, "1.32") == set()
    assert said(text, "1.33") == said_of_update(text, text) == {DEPRECATED}


def test_before_1_36_leading_zeros_are_accepted() -> None:
    text = fill(ADDRESS, "{ip: 01.2.3.4}")
    assert said(text, "1.35") == {DEPRECATED, "non-canonical-endpoint-ip Warning subsets[0].addresses[0].ip"}


def test_the_controller_may_write_addresses_as_it_likes() -> None:
    text = fill(ADDRESS, "{ip: '2001:DB8::1'}")
    managed = text.replace("labels: {}", "labels: {endpoints.kubernetes.io/managed-by: endpoint-controller}")
    assert said(managed) == {DEPRECATED}


def test_an_update_keeps_invalid_subsets() -> None:
    wrong = fill(ADDRESS, "{ip: 01.2.3.4}")
    other = wrong.replace("labels: {}", "labels: {a: b}")
    warning = "non-canonical-endpoint-ip Warning subsets[0].addresses[0].ip"
    assert said_of_update(wrong, other) == {DEPRECATED, warning}
    error = "invalid-endpoint-ip Invalid subsets[0].addresses[0].ip"
    assert said_of_update(fill(FRAME, "[]"), wrong) >= {error}
    assert said_of_update(wrong, fill(ADDRESS, "{ip: 01.2.3.4, nodeName: a}")) >= {error}
