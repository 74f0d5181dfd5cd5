"""`protocol: TCP` is written out where another port of the same number has another protocol, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from dsgen.kubernetes import manifest
from dsgen.kubernetes.schema.merge_keys import with_protocols
from dsgen.kubernetes.semantics.normalize import normalized
from dsgen.plain import plain
from dsgen.tree import Map
from tests.factories import daemonset, made

# Ports, each `NUMBER` or `NUMBER/PROTOCOL`, and those that get a protocol.
LISTS = [
    ("53/UDP 53", {1}),
    ("53 53/UDP", {0}),
    ("53/UDP 53 9253", {1}),
    ("9253 53/SCTP 53 53/UDP", {2}),
    ("53 53/UDP 80/UDP 80", {0, 3}),
    ("53/TCP 53/UDP", set()),
    ("53 54/UDP", set()),
    ("53/UDP 53/SCTP", set()),
    ("53 53", set()),
    ("53/TCP 53", set()),
    ("53", set()),
    ("", set()),
]


def ports(text: str, number: str, written: frozenset[int] | set[int] = frozenset()) -> list[dict[str, Any]]:
    result = []
    for index, each in enumerate(text.split()):
        value, _, protocol = each.partition("/")
        protocol = protocol or ("TCP" if index in written else "")
        # In this order: the protocol stands behind the number.
        result.append(
            {"name": f"p{index}", number: int(value)} | ({"protocol": protocol} if protocol else {}) | {"x": 1}
        )
    return result


def read(tree: Any) -> Map:
    (document,) = manifest.read(yaml.safe_dump(tree, sort_keys=False), "manifest.yaml")
    assert isinstance(document.root, Map)
    return document.root


def workload(spec: Any, kind: str = "DaemonSet") -> Any:
    pod = {"metadata": {}, "spec": spec}
    if kind == "Pod":
        return {"apiVersion": "v1", "kind": kind, **pod}
    inner = {"jobTemplate": {"spec": {"template": pod}}} if kind == "CronJob" else {"template": pod}
    return {"apiVersion": "apps/v1", "kind": kind, "spec": inner}


def in_text(value: Any) -> str:
    """Return data with the order of its keys."""
    return yaml.safe_dump(value, sort_keys=False)


@pytest.mark.parametrize(("text", "written"), LISTS)
@pytest.mark.parametrize("group", ["containers", "initContainers", "ephemeralContainers"])
@pytest.mark.parametrize("kind", ["DaemonSet", "Deployment", "CronJob", "Pod"])
def test_containers(kind: str, group: str, text: str, written: set[int]) -> None:
    def tree(written: set[int]) -> Any:
        first, other = ports(text, "containerPort", written), ports("53", "containerPort")
        return workload({group: [{"name": "a", "ports": first}, {"name": "b", "ports": other}, {"name": "c"}]}, kind)

    root = read(tree(set()))
    result = with_protocols(root)
    assert in_text(plain(result)) == in_text(tree(written))
    assert in_text(plain(root)) == in_text(tree(set()))
    assert (result is root) == (not written)


@pytest.mark.parametrize(("text", "written"), LISTS)
def test_services(text: str, written: set[int]) -> None:
    def tree(written: set[int], group: str = "v1") -> Any:
        return {"apiVersion": group, "kind": "Service", "spec": {"ports": ports(text, "port", written)}}

    assert in_text(plain(with_protocols(read(tree(set()))))) == in_text(tree(written))
    others = read(tree(set(), "serving.knative.dev/v1"))
    assert with_protocols(others) is others


@pytest.mark.parametrize("blank", ["null", "''"])
def test_a_protocol_that_says_nothing(blank: str) -> None:
    text = f"{{apiVersion: v1, kind: Service, spec: {{ports: [{{port: 53, protocol: {blank}}}, {{port: 53, protocol: UDP}}]}}}}"
    (document,) = manifest.read(text, "manifest.yaml")
    assert isinstance(document.root, Map)
    result: Any = plain(with_protocols(document.root))
    assert [each["protocol"] for each in result["spec"]["ports"]] == ["TCP", "UDP"]


@pytest.mark.parametrize(
    "spec",
    ["x", ["x"], {"ports": 1}, {"ports": [1, None, [], {"port": []}, {"port": "53"}, {"port": True, "protocol": []}]}],
)
def test_what_is_no_list_of_ports_is_left_to_the_validation(spec: Any) -> None:
    for root in (
        read({"apiVersion": "v1", "kind": "Service", "spec": spec}),
        read(workload({"containers": [spec, 1, None]})),
        read(workload(spec)),
    ):
        assert with_protocols(root) is root


def test_it_means_the_same_to_kubernetes() -> None:
    root = read(workload({"containers": [{"name": "a", "ports": ports("53/UDP 53 9253", "containerPort")}]}))
    assert plain(normalized(root)) == plain(normalized(with_protocols(root)))


PROFILE = """
name: dns
containers: {cache: {image: "x:1", ports: {dns: 53/UDP, dns-tcp: 53, metrics: 9253}}}
initContainers: {proxy: {image: "x:1", restartPolicy: Always, ports: {a: 80, b: 80/UDP}}}
service: {ports: [dns, dns-tcp]}
"""


def test_of_a_profile() -> None:
    objects: Any = {each.kind: plain(each.tree) for each in made(PROFILE).objects}
    pod = objects["DaemonSet"]["spec"]["template"]["spec"]
    assert pod["containers"][0]["ports"] == [
        {"name": "dns", "containerPort": 53, "protocol": "UDP"},
        {"name": "dns-tcp", "containerPort": 53, "protocol": "TCP"},
        {"name": "metrics", "containerPort": 9253},
    ]
    assert [each.get("protocol") for each in pod["initContainers"][0]["ports"]] == ["TCP", "UDP"]
    assert [each.get("protocol") for each in objects["Service"]["spec"]["ports"]] == ["UDP", "TCP"]


def test_of_a_manifest_over_it() -> None:
    port = "[{containerPort: 53, protocol: UDP}, {containerPort: 53}]"
    profile = f"name: a\ncontainers: {{a: {{image: x}}}}\nmanifest: {{spec: {{template: {{spec: {{containers: [{{name: a, ports: {port}}}]}}}}}}}}\n"
    (container,) = daemonset(profile)["spec"]["template"]["spec"]["containers"]
    assert [each.get("protocol") for each in container["ports"]] == ["UDP", "TCP"]


def test_of_a_template_of_ones_own() -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: own}\nspec: {ports: [{name: a, port: 53}, {name: b, port: 53, protocol: UDP}]}\n"
    result = made(
        "name: a\ncontainers: {a: {image: x}}\ntemplates: [own.yaml.j2]\n", templates={"own.yaml.j2": service}
    )
    own: Any = next(plain(each.tree) for each in result.objects if each.kind == "Service")
    assert [each["protocol"] for each in own["spec"]["ports"]] == ["TCP", "UDP"]
