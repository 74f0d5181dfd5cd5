"""What one pod takes: the scheduler's sums."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.scheduling.pod_requests import HostPort, host_ports, limits, requests
from dsgen.tree import Map

SIDECAR = "restartPolicy: Always, resources: {requests: {cpu: 50m}}"


def pod(text: str) -> Map:
    root = read_first(f"{{{text}}}").root
    assert isinstance(root, Map)
    return root


def container(requests: str = "", limits: str = "", more: str = "") -> str:
    return f"{{resources: {{requests: {{{requests}}}, limits: {{{limits}}}}}{more}}}"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("containers: []", {}),
        (f"containers: [{container('cpu: 100m')}, {container('cpu: 0.2, memory: 1Gi')}]", {"cpu": "300m", "memory": "1Gi"}),
        (f"containers: [{container(limits='cpu: 1')}]", {"cpu": "1"}),
        (f"containers: [{container('cpu: 1', 'cpu: 2')}]", {"cpu": "1"}),
        (f"containers: [{container('cpu: 1')}], initContainers: [{container('cpu: 3')}, {container('cpu: 2')}]", {"cpu": "3"}),
        (f"containers: [{container('cpu: 1')}], initContainers: [{{{SIDECAR}}}, {container('cpu: 1')}]", {"cpu": "1050m"}),
        (f"containers: [{container('cpu: 1')}], initContainers: [{container('cpu: 2')}, {{{SIDECAR}}}]", {"cpu": "2"}),
        (f"containers: [{container('cpu: 1')}], initContainers: [{{{SIDECAR}}}, {container('cpu: 2')}]", {"cpu": "2050m"}),
        (f"overhead: {{cpu: 10m}}, containers: [{container('cpu: 1')}]", {"cpu": "1010m"}),
        (f"resources: {{requests: {{cpu: 3}}}}, containers: [{container('cpu: 1, memory: 1Gi')}]", {"cpu": "3", "memory": "1Gi"}),
        (f"resources: {{limits: {{cpu: 3, memory: 2Gi}}}}, containers: [{container('cpu: 1')}]", {"cpu": "1", "memory": "2Gi"}),
        (f"containers: [{container('cpu: 1u')}]", {"cpu": "1m"}),
    ],
)  # fmt: skip
def test_requests(spec: str, expected: dict[str, str]) -> None:
    assert {name: str(amount) for name, amount in requests(pod(spec)).items()} == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (f"containers: [{container(limits='cpu: 1')}, {container(limits='cpu: 2, memory: 1Gi')}]", {"cpu": "3"}),
        (f"containers: [{container(limits='cpu: 1')}], initContainers: [{container()}]", {"cpu": "1"}),
        (f"containers: [{container(limits='cpu: 1')}], initContainers: [{{{SIDECAR}}}]", {}),
        (f"overhead: {{cpu: 10m, memory: 1Mi}}, containers: [{container(limits='cpu: 1')}]", {"cpu": "1010m"}),
        (f"resources: {{limits: {{memory: 2Gi}}}}, containers: [{container()}]", {"memory": "2Gi"}),
    ],
)
def test_limits(spec: str, expected: dict[str, str]) -> None:
    assert {name: str(amount) for name, amount in limits(pod(spec)).items()} == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("containers: [{ports: [{containerPort: 80}]}]", []),
        ("containers: [{ports: [{containerPort: 80, hostPort: 8080}]}]", ["8080/TCP"]),
        ("hostNetwork: true, containers: [{ports: [{containerPort: 80, protocol: UDP, hostIP: 10.0.0.1}]}]", ["10.0.0.1:80/UDP"]),
        ("containers: [], initContainers: [{ports: [{hostPort: 80}]}]", []),
        ("containers: [], initContainers: [{restartPolicy: Always, ports: [{hostPort: 80, hostIP: 0.0.0.0}]}]", ["80/TCP"]),
    ],
)  # fmt: skip
def test_host_ports(spec: str, expected: list[str]) -> None:
    assert list(map(str, host_ports(pod(spec)))) == expected


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (HostPort(80, "TCP", ""), HostPort(80, "TCP", "10.0.0.1"), True),
        (HostPort(80, "TCP", "10.0.0.1"), HostPort(80, "TCP", "10.0.0.1"), True),
        (HostPort(80, "TCP", "10.0.0.2"), HostPort(80, "TCP", "10.0.0.1"), False),
        (HostPort(80, "TCP", ""), HostPort(80, "UDP", ""), False),
        (HostPort(80, "TCP", ""), HostPort(81, "TCP", ""), False),
    ],
)
def test_clashes(one: HostPort, other: HostPort, clash: bool) -> None:
    assert one.clashes(other) == other.clashes(one) == clash
