"""What changes of the objects beside a DaemonSet are rejected, and what they may keep."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.update_effect import replacement
from dsgen.kubernetes.validate import validate_update
from dsgen.kubernetes.validation.companions import bindings, config_map, priority_class, service_update
from dsgen.kubernetes.validation.walk import catalogue

RBAC = "rbac.authorization.k8s.io/v1"
POLICY = "networking.k8s.io/v1"
SCHEDULING = "scheduling.k8s.io/v1"


def said(kind: str, old: str, new: str, version: str = "v1", minor: str = "1.37") -> set[str]:
    """Return what is said of an update, as `code Type field`; both objects are in flow style, without their header."""
    header = f"apiVersion: {version}, kind: {kind}"
    before, after = (
        read_first(f"{{{header}, {part if 'metadata' in part else f'metadata: {{name: a}}, {part}'}}}").root
        for part in (old, new)
    )
    return {f"{each.code} {each.type} {each.field}" for each in validate_update(before, after, minor)}


def service(spec: str) -> str:
    return f"spec: {{ports: [{{name: p, port: 80}}], {spec}}}"


BALANCER = "type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 32100"
TWO = (
    "clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, 'fd00::1'], ipFamilies: [IPv4, IPv6], ipFamilyPolicy: PreferDualStack"
)
CASES = [
    ("ConfigMap", "immutable: true, data: {a: b}", "immutable: true, data: {a: b}, metadata: {name: a, labels: {c: d}}", ""),
    ("ConfigMap", "data: {a: b}", "data: {a: c}, immutable: true", ""),
    ("ConfigMap", "immutable: true, data: {a: b}", "immutable: true, data: {a: c}", "changed-immutable-config-map Forbidden data"),
    ("ConfigMap", "immutable: true, binaryData: {a: eA==}", "immutable: true, binaryData: {a: eQ==}", "changed-immutable-config-map Forbidden binaryData"),
    ("ConfigMap", "immutable: true, data: {a: b}", "data: {a: b}", "changed-immutable-config-map Forbidden immutable"),
    ("RoleBinding", "roleRef: {kind: Role, name: a}", f"roleRef: {{kind: Role, name: a, apiGroup: {RBAC[:-3]}}}, subjects: [{{kind: User, name: b}}]", ""),
    ("RoleBinding", "roleRef: {kind: Role, name: a}", "roleRef: {kind: ClusterRole, name: a}", "changed-role-ref Invalid roleRef"),
    ("ClusterRoleBinding", "roleRef: {kind: ClusterRole, name: a}", "roleRef: {kind: ClusterRole, name: b}", "changed-role-ref Invalid roleRef"),
    ("PriorityClass", "value: 5", "value: 5, preemptionPolicy: PreemptLowerPriority, description: a", ""),
    ("PriorityClass", "value: 5", "value: 6", "changed-priority-class Forbidden value"),
    ("PriorityClass", "value: 5", "value: 5, preemptionPolicy: Never", "changed-priority-class Invalid preemptionPolicy"),
    # What only a new class is asked.
    ("PriorityClass", "value: 2000000000, preemptionPolicy: x", "value: 2000000000, preemptionPolicy: x", ""),
    ("Namespace", "metadata: {name: a, namespace: b}", "metadata: {name: a, namespace: c}", ""),
    # An update keeps the finalizers of the spec.
    ("Namespace", "spec: {finalizers: [a.b/c]}", "spec: {finalizers: [a]}", ""),
    ("ServiceAccount", "metadata: {name: a, annotations: {kubernetes.io/enforce-mountable-secrets: 'a'}}", "metadata: {name: a, annotations: {kubernetes.io/enforce-mountable-secrets: 'b'}}", ""),
    ("NetworkPolicy", "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/08}}]}]}", "spec: {podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/08}}]}]}", "non-canonical-cidr Warning spec.egress[0].to[0].ipBlock.cidr"),
    ("NetworkPolicy", "spec: {podSelector: {}}", "spec: {podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/08}}]}]}", "invalid-ip-block-cidr Invalid spec.egress[0].to[0].ipBlock.cidr"),
    ("NetworkPolicy", "spec: {podSelector: {matchExpressions: [{key: a, operator: In, values: ['-']}]}}", "spec: {podSelector: {matchExpressions: [{key: a, operator: In, values: ['_']}]}}", ""),
    ("NetworkPolicy", "metadata: {name: a, generation: 9223372036854775807}, spec: {podSelector: {}}", "spec: {podSelector: {matchLabels: {a: b}}}", "out-of-range-next-generation Invalid metadata.generation"),
    ("ConfigMap", "metadata: {name: a, generation: 9223372036854775807}, data: {a: b}", "data: {a: c}, metadata: {name: a, generation: -1}", ""),
    ("Service", service(""), service(""), ""),
    ("Service", service("clusterIP: 10.0.0.1"), service(""), ""),
    ("Service", service(""), service("clusterIP: 10.0.0.1"), ""),
    ("Service", service("clusterIP: 10.0.0.1"), service("clusterIP: 10.0.0.2"), "changed-cluster-ip Invalid spec.clusterIPs[0]"),
    ("Service", service(""), service("clusterIP: None"), "changed-cluster-ip Invalid spec.clusterIPs[0]"),
    ("Service", service("clusterIP: None"), service("clusterIP: 10.0.0.1"), "changed-cluster-ip Invalid spec.clusterIPs[0]"),
    ("Service", service(TWO), service("ipFamilyPolicy: SingleStack"), ""),
    ("Service", service("ipFamilies: [IPv4], ipFamilyPolicy: PreferDualStack"), service(TWO), ""),
    ("Service", service(TWO), service("ipFamilies: [IPv6, IPv4]"), "changed-ip-families Invalid spec.ipFamilies[0], mismatched-cluster-ip-family Invalid spec.clusterIPs[0], mismatched-cluster-ip-family Invalid spec.clusterIPs[1]"),
    ("Service", service(TWO), service("clusterIPs: [10.0.0.1]"), "conflicting-ip-family-policy Invalid spec.ipFamilyPolicy"),
    ("Service", service(f"{BALANCER}, loadBalancerClass: a.b/c"), service(""), ""),
    ("Service", service(f"{BALANCER}, loadBalancerClass: a.b/c"), service(f"{BALANCER}, loadBalancerClass: a.b/d"), "changed-load-balancer-class Invalid spec.loadBalancerClass"),
    ("Service", service(BALANCER), service(BALANCER.replace("32100", "0")), ""),
    ("Service", service(BALANCER), service(BALANCER.replace("32100", "32101")), "changed-health-check-node-port Forbidden spec.healthCheckNodePort"),
    ("Service", "spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}", "spec: {ports: [{port: 80, nodePort: 30080}]}", ""),
    ("Service", "spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}", "spec: {ports: [{port: 80, nodePort: 30081}]}", "forbidden-node-port Forbidden spec.ports[0].nodePort"),
    ("Service", service("type: NodePort"), "spec: {type: NodePort, ports: [{port: 80, nodePort: -1}]}", "conflicting-node-ports Invalid spec.ports[0].nodePort"),
    ("Service", service("clusterIP: 10.0.0.1"), "spec: {type: ExternalName, externalName: a.b, clusterIP: 10.0.0.1}", ""),
    ("Service", service("clusterIP: 10.0.0.1"), "spec: {type: ExternalName, externalName: a.b, clusterIP: 10.0.0.1, clusterIPs: [10.0.0.2]}", "forbidden-external-name-address Forbidden spec.clusterIPs"),
    ("Service", service("type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.1/8]"), service("type: LoadBalancer, loadBalancerSourceRanges: ['10.0.0.1/8 ']"), ""),
]  # fmt: skip
VERSIONS = {
    "NetworkPolicy": POLICY,
    "PriorityClass": SCHEDULING,
    "RoleBinding": RBAC,
    "ClusterRole": RBAC,
    "ClusterRoleBinding": RBAC,
}


@pytest.mark.parametrize(("kind", "old", "new", "says"), CASES)
def test_update(kind: str, old: str, new: str, says: str) -> None:
    assert said(kind, old, new, VERSIONS.get(kind, "v1")) == set(filter(None, says.split(", ")))


def test_every_rule_has_a_case() -> None:
    modules = {module.__name__ for module in (bindings, config_map, priority_class, service_update)}
    changes = {rule.code for rule in catalogue() if rule.check.__module__ in modules and "changed" in rule.code}
    assert changes <= {part.split()[0] for case in CASES for part in case[3].split(", ") if part}


@pytest.mark.parametrize("minor", ["1.35", "1.36"])
def test_a_cidr_that_an_older_server_took(minor: str) -> None:
    policy = "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.1/8}}]}]}"
    found = said("NetworkPolicy", policy, policy, POLICY, minor)
    assert found == {"non-canonical-cidr Warning spec.ingress[0].from[0].ipBlock.cidr"}


def test_a_class_that_cannot_be_created_again() -> None:
    """Its value may not be changed; and with the new one, no class can be created."""
    header = f"apiVersion: {SCHEDULING}\nkind: PriorityClass\nmetadata: {{name: a}}\nvalue: "
    old, new, higher = (read_first(header + value).root for value in ("1", "2", "1000000001"))
    assert replacement(old, new).outcome == "recreated"
    refused = replacement(old, higher)
    assert (refused.outcome, [problem.code for problem in refused.problems]) == (
        "refused",
        ["out-of-range-priority-class-value"],
    )
