from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import (
    service,
    service_addresses,
    service_allocation,
    service_ports,
    service_traffic,
)
from tests.kubernetes.manifests import said, untested

RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
TOPOLOGY = "service.kubernetes.io/topology"
DUAL = "ipFamilyPolicy: RequireDualStack, clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, "
LOCAL = "type: LoadBalancer, externalTrafficPolicy: Local, ports: [{port: 1}], healthCheckNodePort: "
PORT = "ports: [{port: 1}], "


def made(spec: str, metadata: str = "name: agent") -> str:
    return f"apiVersion: v1\nkind: Service\nmetadata: {{{metadata}}}\nspec: {{{spec}}}\n"


def port(text: str) -> str:
    return made(f"ports: [{{port: 1, {text}}}]")


def ports(first: str, second: str, more: str = "") -> str:
    return made(f"{more}ports: [{{{first}}}, {{{second}}}]")


def plain(text: str) -> str:
    return made(f"{PORT}{text}")


def annotated(text: str, spec: str = "") -> str:
    return made(f"{PORT}{spec}", f"name: agent, annotations: {{{text}}}")


ONE, TWO = "port: 1, name: a", "port: 2, name: b"
# The rule, what narrowly keeps it, what breaks it, and what is said then.
CASES = [
    pytest.param(*case, id=case[0])
    for case in (
        ("invalid-service-type", plain("type: NodePort"), plain("type: nodePort"), "NotSupported spec.type"),
        ("invalid-service-selector", plain("selector: {a: b}"), plain("selector: {a: -}"), "Invalid spec.selector"),
        ("invalid-external-name", made("type: ExternalName, externalName: a.b."), made("type: ExternalName, externalName: A"), "Invalid spec.externalName"),
        ("invalid-external-name", made("type: ExternalName, externalName: a"), made("type: ExternalName, externalName: ."), "Required spec.externalName"),
        ("forbidden-external-name-address", made("type: ExternalName, externalName: a"), made("type: ExternalName, externalName: a, clusterIP: None"), "Forbidden spec.clusterIPs"),
        ("invalid-session-affinity", plain("sessionAffinity: ClientIP"), plain("sessionAffinity: Cookie"), "NotSupported spec.sessionAffinity"),
        ("out-of-range-session-affinity-timeout", plain("sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 86400}}"), plain("sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 86401}}"), "Invalid spec.sessionAffinityConfig.clientIP.timeoutSeconds"),
        ("forbidden-load-balancer-field", plain("type: LoadBalancer, loadBalancerClass: a"), plain("type: NodePort, loadBalancerClass: a"), "Forbidden spec.loadBalancerClass"),
        ("invalid-load-balancer-class", plain("type: LoadBalancer, loadBalancerClass: a.b/c"), plain("type: LoadBalancer, loadBalancerClass: ''"), "Invalid spec.loadBalancerClass"),
        ("deprecated-topology-hints-annotation", annotated(f"{TOPOLOGY}-mode: Auto"), annotated(f"{TOPOLOGY}-aware-hints: Auto"), f"Warning metadata.annotations[{TOPOLOGY}-aware-hints]"),
        ("ineffective-external-name", made("type: ExternalName, externalName: a"), plain("externalName: a"), "Warning spec.externalName"),
        ("ineffective-headless-service-field", made("clusterIP: None"), made("clusterIP: None, loadBalancerIP: 1.2.3.4"), "Warning spec.loadBalancerIP"),
        ("conflicting-headless-service-type", plain("clusterIP: None"), plain("clusterIP: None, type: NodePort"), "Invalid spec.clusterIPs[0]"),
        ("mismatched-cluster-ip", plain("clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1]"), plain("clusterIPs: [10.0.0.1]"), "Invalid spec.clusterIPs"),
        ("invalid-cluster-ip", plain("clusterIP: 10.0.0.1"), plain("clusterIP: 10.0.0.256"), "Invalid spec.clusterIPs[0]"),
        ("invalid-cluster-ip", plain("clusterIP: None"), plain("clusterIP: none"), "Invalid spec.clusterIPs[0]"),
        ("conflicting-cluster-ip-families", plain(f"{DUAL}'fd00::1']"), plain(f"{DUAL}10.0.0.2]"), "Invalid spec.clusterIPs"),
        ("conflicting-cluster-ip-families", plain(f"{DUAL}'fd00::1']"), plain(f"{DUAL}'fd00::1', 10.0.0.2]"), "Invalid spec.clusterIPs"),
        ("mismatched-cluster-ip-family", plain("clusterIP: 10.0.0.1, ipFamilies: [IPv4]"), plain("clusterIP: 10.0.0.1, ipFamilies: [IPv6]"), "Invalid spec.clusterIPs[0]"),
        ("conflicting-ip-family-policy", plain("ipFamilies: [IPv4, IPv6], ipFamilyPolicy: PreferDualStack"), plain("ipFamilies: [IPv4, IPv6]"), "Invalid spec.ipFamilyPolicy"),
        ("conflicting-ip-family-policy", plain(f"{DUAL}'fd00::1']"), plain(f"{DUAL}'fd00::1']".replace("RequireDual", "Single")), "Invalid spec.ipFamilyPolicy"),
        ("conflicting-ip-family-policy", made("clusterIP: None, ipFamilies: [IPv4, IPv6]"), made("clusterIP: None, ipFamilies: [IPv4, IPv6], selector: {a: b}"), "Invalid spec.ipFamilyPolicy"),
        ("invalid-ip-families", plain("ipFamilies: [IPv4, IPv6], ipFamilyPolicy: PreferDualStack"), plain("ipFamilies: [ipv4]"), "NotSupported spec.ipFamilies[0]"),
        ("invalid-ip-families", plain("ipFamilies: [IPv6]"), plain("ipFamilies: [IPv6, IPv6], ipFamilyPolicy: PreferDualStack"), "Duplicate spec.ipFamilies[1]"),
        ("invalid-ip-family-policy", plain("ipFamilyPolicy: SingleStack"), plain("ipFamilyPolicy: ''"), "NotSupported spec.ipFamilyPolicy"),
        ("invalid-load-balancer-source-range", plain("type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8]"), plain("type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.1/8]"), "Invalid spec.LoadBalancerSourceRanges[0]"),
        ("invalid-load-balancer-source-ranges-annotation", annotated(f"{RANGES}: '10.0.0.0/8, ::/0'", "type: LoadBalancer"), annotated(f"{RANGES}: '10.0.0.0/8,'", "type: LoadBalancer"), f"Invalid metadata.annotations[{RANGES}]"),
        ("invalid-load-balancer-source-ranges-annotation", annotated(f"{RANGES}: ''", "type: LoadBalancer"), annotated(f"{RANGES}: ''"), f"Forbidden metadata.annotations[{RANGES}]"),
        ("non-canonical-service-ip", plain("clusterIP: 'fd00::1'"), plain("clusterIP: 'FD00::1'"), "Warning spec.clusterIPs[0]"),
        ("non-canonical-load-balancer-source-range", plain("type: LoadBalancer, loadBalancerSourceRanges: ['fd00::/8']"), plain("type: LoadBalancer, loadBalancerSourceRanges: ['FD00::/8']"), "Warning spec.loadBalancerSourceRanges[0]"),
        ("missing-service-ports", made("clusterIP: None"), made("type: NodePort"), "Required spec.ports"),
        ("missing-service-port-name", ports(ONE, TWO), ports(ONE, "port: 2"), "Required spec.ports[1].name"),
        ("invalid-service-port-name", port(f"name: {'a' * 63}"), port(f"name: {'a' * 64}"), "Invalid spec.ports[0].name"),
        ("duplicate-service-port-name", ports(ONE, TWO), ports(ONE, "port: 2, name: a"), "Duplicate spec.ports[1].name"),
        ("out-of-range-service-port", made("ports: [{port: 65535}]"), made("ports: [{port: 65536, targetPort: 1}]"), "Invalid spec.ports[0].port"),
        ("invalid-service-port-protocol", port("protocol: SCTP"), port("protocol: tcp"), "NotSupported spec.ports[0].protocol"),
        ("invalid-target-port", port("targetPort: http"), port("targetPort: '80'"), "Invalid spec.ports[0].targetPort"),
        ("invalid-target-port", port("targetPort: 65535"), port("targetPort: 65536"), "Invalid spec.ports[0].targetPort"),
        ("invalid-app-protocol", port("appProtocol: kubernetes.io/h2c"), port("appProtocol: ''"), "Invalid spec.ports[0].appProtocol"),
        ("forbidden-node-port", made("type: NodePort, ports: [{port: 1, nodePort: 30000}]"), port("nodePort: 30000"), "Forbidden spec.ports[0].nodePort"),
        ("conflicting-node-ports", ports("port: 1, name: a, nodePort: 3", "port: 1, name: b, nodePort: 3, protocol: UDP", "type: NodePort, "), ports(f"{ONE}, nodePort: 3", f"{TWO}, nodePort: 3, protocol: UDP", "type: NodePort, "), "Invalid spec.ports[1].nodePort"),
        ("conflicting-node-ports", ports(f"{ONE}, nodePort: 65535", TWO, "type: NodePort, "), ports(f"{ONE}, nodePort: 65536", TWO, "type: NodePort, "), "Invalid spec.ports[0].nodePort"),
        ("conflicting-node-ports", ports("port: 1, name: a", "port: 1, name: b, protocol: UDP, nodePort: 3", "type: LoadBalancer, allocateLoadBalancerNodePorts: false, "), ports("port: 1, name: a", f"{TWO}, nodePort: 3, protocol: UDP}}, {{port: 1, name: c, protocol: SCTP, nodePort: 3", "type: LoadBalancer, allocateLoadBalancerNodePorts: false, "), "Invalid spec.ports[2].nodePort"),
        ("conflicting-node-ports", made(f"{LOCAL}65535"), made(f"{LOCAL}3").replace("port: 1", "port: 1, nodePort: 3"), "Invalid spec.healthCheckNodePort"),
        ("duplicate-service-port", ports(ONE, "port: 1, name: b, protocol: UDP"), ports(ONE, "port: 1, name: b"), "Duplicate spec.ports[1]"),
        ("invalid-external-traffic-policy", plain("type: NodePort, externalTrafficPolicy: Local"), plain("externalTrafficPolicy: Local"), "Invalid spec.externalTrafficPolicy"),
        ("invalid-external-traffic-policy", plain("type: NodePort, externalTrafficPolicy: Local"), plain("type: NodePort, externalTrafficPolicy: local"), "NotSupported spec.externalTrafficPolicy"),
        ("invalid-health-check-node-port", made(f"{LOCAL}65535"), made(f"{LOCAL}65536"), "Invalid spec.healthCheckNodePort"),
        ("invalid-health-check-node-port", plain("healthCheckNodePort: 0"), plain("healthCheckNodePort: 1"), "Invalid spec.healthCheckNodePort"),
        ("invalid-internal-traffic-policy", plain("internalTrafficPolicy: Local"), plain("internalTrafficPolicy: ''"), "NotSupported spec.internalTrafficPolicy"),
        ("invalid-traffic-distribution", plain("trafficDistribution: PreferSameNode"), plain("trafficDistribution: Prefer"), "NotSupported spec.trafficDistribution"),
        ("deprecated-traffic-distribution", plain("trafficDistribution: PreferSameZone"), plain("trafficDistribution: PreferClose"), "Warning spec.trafficDistribution"),
        ("deprecated-external-ips", plain("externalIPs: []"), plain("externalIPs: [192.0.2.1]"), "Warning spec.externalIPs"),
    )
]  # fmt: skip
BESIDE_OTHERS = [
    pytest.param("invalid-external-ip", plain("externalIPs: [128.0.0.1]"), plain("externalIPs: [127.0.0.1]"), "Invalid spec.externalIPs[0]", id="external-ip"),
    pytest.param("invalid-external-ip", plain("externalIPs: [224.0.1.0]"), plain("externalIPs: [224.0.0.255]"), "Invalid spec.externalIPs[0]", id="multicast"),
    pytest.param("mismatched-topology-mode", annotated(f"{TOPOLOGY}-mode: a, {TOPOLOGY}-aware-hints: a"), annotated(f"{TOPOLOGY}-mode: a, {TOPOLOGY}-aware-hints: b"), f"Invalid metadata.annotations[{TOPOLOGY}-mode]", id="topology"),
    pytest.param("duplicate-node-port", ports(f"{ONE}, nodePort: 3", f"{TWO}, nodePort: 3, protocol: UDP", "type: NodePort, "), ports(f"{ONE}, nodePort: 3", f"{TWO}, nodePort: 3", "type: NodePort, "), "Duplicate spec.ports[1].nodePort", id="node-port"),
]  # fmt: skip
OLD = [
    pytest.param(
        "invalid-service-name",
        plain("").replace("agent", "a1"),
        plain("").replace("agent", "1a"),
        "Invalid metadata.name",
        id="service-name",
    )
]


@pytest.mark.parametrize(("code", "right", "wrong", "says"), CASES)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    assert said(right) == set()
    assert said(wrong) == {f"{code} {says}"}


@pytest.mark.parametrize(("code", "right", "wrong", "says"), BESIDE_OTHERS)
def test_rule_beside_others(code: str, right: str, wrong: str, says: str) -> None:
    assert not any(f"{code} " in each for each in said(right))
    assert f"{code} {says}" in said(wrong)


@pytest.mark.parametrize(("code", "right", "wrong", "says"), OLD)
def test_rule_of_older_versions(code: str, right: str, wrong: str, says: str) -> None:
    assert said(right, "1.35") == said(wrong) == set()
    assert said(wrong, "1.35") == {f"{code} {says}"}


def test_every_rule_has_a_case() -> None:
    modules = (service, service_addresses, service_allocation, service_ports, service_traffic)
    assert untested([*CASES, *BESIDE_OTHERS, *OLD], *modules) == set()


@pytest.mark.parametrize(
    ("text", "before", "minor"),
    [
        (plain("trafficDistribution: PreferClose"), "1.34", "1.35"),
        (plain("externalIPs: [192.0.2.1]"), "1.35", "1.36"),
        (made("clusterIP: None, loadBalancerIP: 192.0.2.1"), "1.33", "1.34"),
    ],
)
def test_warnings_that_newer_versions_give(text: str, before: str, minor: str) -> None:
    assert said(text, before) == set()
    assert said(text, minor) != set()


def test_traffic_prefers_a_zone_since_1_34() -> None:
    assert said(plain("trafficDistribution: PreferSameZone"), "1.33") != set()
    assert said(plain("trafficDistribution: PreferSameZone"), "1.34") == set()
