from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.kubernetes.validation.companions import ip_blocks, network_policy
from dsgen.plain import plain
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, table

FRAME = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: PART}"
SPEC = FRAME.replace("PART", "*")
PORT = FRAME.replace("PART", "{podSelector: {}, ingress: [{ports: [*]}]}")
PEER = FRAME.replace("PART", "{podSelector: {}, egress: [{}, {to: [*]}]}")
BLOCK = PEER.replace("*", "{ipBlock: *}")

ROWS = [
    *table(
        SPEC,
        """
        invalid-network-policy-pod-selector | {podSelector: {matchLabels: {a: <63>}}} | {podSelector: {matchLabels: {a: <64>}}} | Invalid spec.podSelector.matchLabels
        invalid-network-policy-type | {podSelector: {}, policyTypes: [Ingress, Egress]} | {podSelector: {}, policyTypes: [Ingress, egress]} | NotSupported spec.policyTypes[1]
        invalid-network-policy-type | {policyTypes: []} | {policyTypes: ['']} | NotSupported spec.policyTypes[0]
        too-many-network-policy-types | {policyTypes: [Ingress, Ingress]} | {policyTypes: [Ingress, Egress, x]} | Invalid spec.policyTypes
        """,
    ),
    *table(
        PORT,
        """
        invalid-network-policy-protocol | {protocol: SCTP} | {protocol: sctp} | NotSupported spec.ingress[0].ports[0].protocol
        invalid-network-policy-protocol | {} | {protocol: ''} | NotSupported spec.ingress[0].ports[0].protocol
        out-of-range-network-policy-port | {port: 1} | {port: 0} | Invalid spec.ingress[0].ports[0].port
        out-of-range-network-policy-port | {port: 65535} | {port: 65536} | Invalid spec.ingress[0].ports[0].port
        invalid-network-policy-port-name | {port: <15>} | {port: <16>} | Invalid spec.ingress[0].ports[0].port
        invalid-network-policy-port-name | {port: a80} | {port: '80'} | Invalid spec.ingress[0].ports[0].port
        out-of-range-network-policy-end-port | {port: 80, endPort: 80} | {port: 80, endPort: 79} | Invalid spec.ingress[0].ports[0].endPort
        out-of-range-network-policy-end-port | {port: 80, endPort: 65535} | {port: 80, endPort: 65536} | Invalid spec.ingress[0].ports[0].endPort
        out-of-range-network-policy-end-port | {port: 1, endPort: 1} | {port: 0, endPort: 0} | Invalid spec.ingress[0].ports[0].port, Invalid spec.ingress[0].ports[0].endPort
        missing-network-policy-port | {port: http} | {port: http, endPort: 80} | Invalid spec.ingress[0].ports[0].endPort
        missing-network-policy-port | {endPort: null} | {endPort: 80} | Invalid spec.ingress[0].ports[0].endPort
        """,
    ),
    *table(
        PEER,
        """
        invalid-network-policy-peer-selector | {podSelector: {matchExpressions: [{key: a, operator: Exists}]}} | {podSelector: {matchExpressions: [{key: a, operator: Gt}]}} | Invalid spec.egress[1].to[0].podSelector.matchExpressions[0].operator
        invalid-network-policy-peer-selector | {namespaceSelector: {matchLabels: {a/b: c}}} | {namespaceSelector: {matchLabels: {a/b/c: c}}} | Invalid spec.egress[1].to[0].namespaceSelector.matchLabels
        empty-network-policy-peer | {podSelector: {}} | {} | Required spec.egress[1].to[0]
        empty-network-policy-peer | {namespaceSelector: {}} | null | Required spec.egress[1].to[0]
        conflicting-network-policy-peer | {podSelector: {}, namespaceSelector: {}} | {podSelector: {}, ipBlock: {cidr: '::/0'}} | Forbidden spec.egress[1].to[0]
        """,
    ),
    *table(
        BLOCK,
        """
        missing-ip-block-cidr | {cidr: 0.0.0.0/0} | {} | Required spec.egress[1].to[0].ipBlock.cidr
        missing-ip-block-cidr | {cidr: 0.0.0.0/0} | {cidr: '', except: [x]} | Required spec.egress[1].to[0].ipBlock.cidr
        invalid-ip-block-cidr | {cidr: 1.2.3.4/32} | {cidr: 1.2.3.4/33} | Invalid spec.egress[1].to[0].ipBlock.cidr
        invalid-ip-block-cidr | {cidr: '::/128'} | {cidr: '::/129'} | Invalid spec.egress[1].to[0].ipBlock.cidr
        invalid-ip-block-cidr | {cidr: 10.0.0.0/8} | {cidr: 10.0.0.1/8} | Invalid spec.egress[1].to[0].ipBlock.cidr
        invalid-ip-block-cidr | {cidr: 10.0.0.0/8} | {cidr: 10.0.0.0/08} | Invalid spec.egress[1].to[0].ipBlock.cidr
        invalid-ip-block-cidr | {cidr: 10.0.0.0/8} | {cidr: 10.0.0.00/8} | Invalid spec.egress[1].to[0].ipBlock.cidr
        invalid-ip-block-cidr | {cidr: '::fffe:102:304/128'} | {cidr: '::ffff:1.2.3.4/128'} | Invalid spec.egress[1].to[0].ipBlock.cidr
        invalid-ip-block-cidr | {cidr: 10.0.0.0/8} | {cidr: 10.0.0.0} | Invalid spec.egress[1].to[0].ipBlock.cidr
        invalid-ip-block-cidr | {cidr: 10.0.0.0/8, except: [10.0.0.0/9]} | {cidr: 10.0.0.0/8, except: [10.0.0.0/9x]} | Invalid spec.egress[1].to[0].ipBlock.except[0]
        invalid-ip-block-exception | {cidr: 10.0.0.0/8, except: [10.0.0.0/9]} | {cidr: 10.0.0.0/8, except: [10.0.0.0/8]} | Invalid spec.egress[1].to[0].ipBlock.except[0]
        invalid-ip-block-exception | {cidr: 10.0.0.0/8, except: [10.255.255.255/32]} | {cidr: 10.0.0.0/8, except: [11.0.0.0/32]} | Invalid spec.egress[1].to[0].ipBlock.except[0]
        invalid-ip-block-exception | {cidr: '::/0', except: ['::1/128']} | {cidr: '::/0', except: [1.2.3.4/32]} | Invalid spec.egress[1].to[0].ipBlock.except[0]
        non-canonical-cidr | {cidr: '2001:db8::/64'} | {cidr: '2001:0db8::/64'} | Warning spec.egress[1].to[0].ipBlock.cidr
        non-canonical-cidr | {cidr: '::/0', except: ['2001:db8::/64']} | {cidr: '::/0', except: ['2001:DB8::/64']} | Warning spec.egress[1].to[0].ipBlock.except[0]
        """,
    ),
]


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, network_policy, ip_blocks) == set()


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


@pytest.mark.parametrize("block", ["10.0.0.1/8", "010.0.0.0/8", "10.0.0.0/08", "::ffff:1.2.3.4/128", "::1/0"])
def test_before_1_36_a_sloppy_block_is_accepted(block: str) -> None:
    text = fill(BLOCK, f"{{cidr: '{block}'}}")
    assert said(text, "1.35") == {"non-canonical-cidr Warning spec.egress[1].to[0].ipBlock.cidr"}
    assert said(text, "1.36") == {"invalid-ip-block-cidr Invalid spec.egress[1].to[0].ipBlock.cidr"}


@pytest.mark.parametrize(
    ("spec", "types"),
    [
        ("{}", ["Ingress"]),
        ("{egress: []}", ["Ingress"]),
        ("{egress: [{}]}", ["Ingress", "Egress"]),
        ("{policyTypes: [Egress]}", ["Egress"]),
    ],
)
def test_policy_types_by_default(spec: str, types: list[str]) -> None:
    tree = plain(defaulted(read_first(fill(SPEC, spec)).root, kind="NetworkPolicy"))
    assert isinstance(tree, dict)
    assert tree["spec"]["policyTypes"] == types
