"""Nodes and pods as clusters list them, and pools as people write them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsgen.kubernetes.scheduling.nodes import read_nodes
from dsgen.kubernetes.scheduling.placement import Node, Taint
from dsgen.kubernetes.scheduling.pods import OwnPod, RunningPods, running_pods
from dsgen.kubernetes.scheduling.pools import is_pools, read_pools
from dsgen.kubernetes.schema.quantity import parse

NODE = {
    "apiVersion": "v1",
    "kind": "Node",
    "metadata": {"name": "n1", "labels": {"env": "prod", "kubernetes.io/os": "linux"}, "managedFields": [{}]},
    "spec": {"taints": [{"key": "a", "effect": "NoSchedule"}, {"key": "b", "value": "c", "effect": "NoExecute"}]},
    "status": {
        "allocatable": {"cpu": "4", "memory": "1Gi"},
        "conditions": [{"type": "DiskPressure", "status": "False"}, {"type": "Ready", "status": "True"}],
        "images": [{"names": ["x"]}],
    },
}
EXPECTED = Node(
    "n1",
    {"env": "prod", "kubernetes.io/os": "linux"},
    (Taint("a", "", "NoSchedule"), Taint("b", "c", "NoExecute")),
    "nodes",
    {"cpu": parse("4"), "memory": parse("1Gi")},
)
YAML = """\
kind: Node
metadata: {name: n1, labels: {env: prod, kubernetes.io/os: linux}}
spec:
  taints:
  - {key: a, effect: NoSchedule}
  - {key: b, value: c, effect: NoExecute}
status: {allocatable: {cpu: '4', memory: 1Gi}}
"""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(json.dumps(NODE), id="one"),
        pytest.param(json.dumps({"kind": "List", "items": [NODE]}), id="list"),
        pytest.param(json.dumps({"kind": "NodeList", "items": [{**NODE, "kind": "Node"}]}), id="node-list"),
        pytest.param(YAML, id="yaml"),
        pytest.param("kind: List\nitems:\n- " + YAML.replace("\n", "\n  "), id="yaml-list"),
    ],
)
def test_a_node(text: str) -> None:
    (node,), problems = read_nodes(text.encode(), "nodes")
    assert (node._replace(declares=None), problems) == (EXPECTED, [])


def test_a_list_without_nodes_is_a_list() -> None:
    assert read_nodes(b'{"kind": "List", "items": []}', "nodes") == ([], [])


@pytest.mark.parametrize(
    ("labels", "pool"),
    [
        ({}, "nodes"),
        ({"node-role.kubernetes.io/control-plane": ""}, "control-plane"),
        ({"cloud.google.com/gke-nodepool": "gpu", "node-role.kubernetes.io/x": ""}, "gpu"),
    ],
)
def test_pools_of_nodes(labels: dict[str, str], pool: str) -> None:
    nodes, _ = read_nodes(json.dumps({"kind": "Node", "metadata": {"name": "a", "labels": labels}}).encode(), "nodes")
    assert nodes[0].pool == pool


@pytest.mark.parametrize(("status", "ready"), [("True", True), ("False", False), ("Unknown", False)])
def test_ready(status: str, ready: bool) -> None:
    node = {**NODE, "status": {"conditions": [{"type": "Ready", "status": status}]}}
    assert read_nodes(json.dumps(node).encode(), "nodes")[0][0].ready == ready


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", "invalid-cluster-list", "the file is empty"),
        ("{", "invalid-yaml", ""),
        ("[]", "invalid-cluster-list", "expected a NodeList, got a list"),
        ("kind: PodList\nitems: []", "invalid-cluster-list", "expected a NodeList, got PodList"),
        ("kind: List\nitems: {}", "invalid-cluster-list", "expected a NodeList, got List"),
        ("kind: List\nitems: [{kind: Pod}]", "invalid-cluster-list", "expected a NodeList, got Pod"),
        ("kind: Node", "invalid-cluster-object", "a node without `metadata.name`"),
        ("{kind: Node, metadata: {name: a, labels: [b]}}", "invalid-cluster-object", "`labels` of node a is a list, not a map"),
        ("{kind: Node, metadata: {name: a, labels: {b: 1}}}", "invalid-cluster-object", "node a has the label b: 1; labels must be strings"),
        ("{kind: Node, metadata: {name: a}, spec: {taints: b}}", "invalid-cluster-object", "`taints` of node a is not a list of maps"),
        ("{kind: Node, metadata: {name: a}, spec: {taints: [{key: 1}]}}", "invalid-cluster-object", "is not a string"),
        ("{kind: Node, metadata: {name: a}, status: {allocatable: {cpu: 4x}}}", "invalid-cluster-object", "node a has allocatable cpu: '4x'"),
        ("{kind: List, items: [{kind: Node, metadata: {name: a}}, {kind: Node, metadata: {name: a}}]}", "invalid-cluster-object", "is a duplicate"),
    ],
)  # fmt: skip
def test_bad_nodes(text: str, code: str, message: str) -> None:
    problem = read_nodes(text.encode(), "nodes.yaml")[1][0]
    assert (problem.code, problem.file) == (code, "nodes.yaml")
    assert message in problem.message


def test_a_list_of_pools_leads_to_their_format() -> None:
    (problem,) = read_nodes(b"- {name: general, count: 10}", "pools.yaml")[1]
    assert problem.hint.endswith(", or a file of node pools: `dsgen explain pools`")


POOLS = """\
pools:
  gpu:
    count: 2
    labels: {gpu: a100, kubernetes.io/arch: arm64}
    taints: ["dedicated=gpu:NoSchedule", {key: slow, effect: NoExecute}]
    allocatable: {cpu: 31, memory: 120Gi}
    down: 1
  plain:
"""


def test_pools() -> None:
    nodes, problems = read_pools(POOLS.encode(), "pools.yaml")
    assert not problems
    assert [(node.name, node.pool, node.ready) for node in nodes] == [
        ("gpu-1", "gpu", False),
        ("gpu-2", "gpu", True),
        ("plain-1", "plain", True),
    ]
    labels = {
        "kubernetes.io/hostname": "gpu-2",
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "arm64",
        "gpu": "a100",
    }
    assert nodes[1].labels == labels
    assert nodes[1].taints == (Taint("dedicated", "gpu", "NoSchedule"), Taint("slow", "", "NoExecute"))
    assert nodes[1].allocatable == {"cpu": parse("31"), "memory": parse("120Gi")}
    assert is_pools(POOLS.encode())
    assert not is_pools(json.dumps(NODE).encode())


@pytest.mark.parametrize(
    ("pool", "message"),
    [
        ("{count: 1, labls: {}}", "unknown key `labls` in the pool `a`"),
        ("[]", "the pool `a` must be a map, got a list"),
        ("{count: -1}", "`count` is '-1', not a whole number"),
        ("{count: 100001}", "more than 100000 nodes in total"),
        ("{count: 1, down: 2}", "2 nodes are down of 1"),
        ("{labels: {A b: c}}", "label `A b`"),
        ("{labels: {a: b c}}", "label `a`"),
        ("{labels: {a: [b]}}", "a list is not a string"),
        ("{taints: a}", "`taints` is 'a', not a list"),
        ("{taints: [a]}", "'a' is not a taint"),
        ("{taints: ['a:Never']}", "'a:Never' is not a taint"),
        ("{taints: [{key: a, efect: NoSchedule}]}", "unknown key `efect` in a taint"),
        ("{allocatable: {cpu: 4x}}", "`cpu`: '4x' is not a valid quantity"),
        ("{allocatable: {cpu: [4]}}", "`cpu`: '' is not a valid quantity"),
        ("{instanceTypes: [a]}", "`instanceTypes` must be a map, got a list"),
        ("{instanceTypes: {a: {cpu: 4}}}", "unknown key `cpu` in the instance type `a`"),
        ("{instanceTypes: {a b: {}}}", "`a b` is not valid as an instance type"),
        ("{instanceTypes: {a: {labels: {b: [c, [d]]}}}}", "label `b`: a list is not a string"),
        ("{instanceTypes: {a: {labels: {b: []}}}}", "label `b`: a list is not a string"),
        ("{labels: {b: c}, instanceTypes: {a: {labels: {b: [d, e]}}}}", "label `b` of the pool is c"),
        ("{count: 0, instanceTypes: {a: {}}}", "must have at least 1 node of each"),
        ("{count: 60000, instanceTypes: {a: {}, b: {}}}", "more than 100000 nodes in total"),
        ("{autoscaler: karpenter}", "`autoscaler` needs `instanceTypes`"),
        (
            "{autoscaler: [karpenter], instanceTypes: {a: {}}}",
            "`autoscaler` is a list, expected karpenter or cluster-autoscaler",
        ),
        (
            "{autoscaler: other, instanceTypes: {a: {}}}",
            "`autoscaler` is 'other', expected karpenter or cluster-autoscaler",
        ),
        ("{laterLabels: {A b: c}}", "label `A b`"),
    ],
)
def test_bad_pools(pool: str, message: str) -> None:
    nodes, problems = read_pools(f"pools: {{a: {pool}}}".encode(), "pools.yaml")
    assert not nodes
    assert {problem.code for problem in problems} == {"invalid-node-pool"}
    assert message in problems[0].message
    assert problems[0].line == 1


def test_instance_types() -> None:
    text = b"""\
pools:
  a:
    autoscaler: karpenter
    labels: {kubernetes.io/arch: arm64, team: x}
    taints: ["slow:NoSchedule"]
    laterLabels: {ready: "1"}
    instanceTypes:
      M_1.big: {labels: {zone: [b, c]}, allocatable: {cpu: 1}}
"""
    nodes, problems = read_pools(text, "pools.yaml")
    assert not problems
    assert [node.name for node in nodes] == ["a-1", "a-2"]
    assert nodes[1].labels == {
        "kubernetes.io/hostname": "a-2",
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "arm64",
        "node.kubernetes.io/instance-type": "M_1.big",
        "karpenter.sh/nodepool": "a",
        "karpenter.sh/registered": "true",
        "karpenter.sh/initialized": "true",
        "team": "x",
        "zone": "c",
        "ready": "1",
    }
    assert nodes[1].allocatable == {"cpu": parse("1")}
    type = nodes[1].instance_type
    assert type is not None
    assert (type.pool, type.name, type.autoscalers) == ("a", "M_1.big", ("karpenter",))
    assert type.labels["zone"] == ("b", "c")
    assert type.later == {"ready"}


def test_the_values_of_many_labels_are_not_combined_without_end() -> None:
    values = ", ".join(f"l{number}: [a, b, c, d]" for number in range(40))
    nodes, problems = read_pools(
        f"pools: {{a: {{instanceTypes: {{t: {{labels: {{{values}}}}}}}}}}}".encode(), "pools.yaml"
    )
    assert not nodes
    assert "more than 100000 nodes in total" in problems[0].message


def test_the_name_of_a_pool() -> None:
    assert "is not valid in the name of a node" in read_pools(b"pools: {A_b: {}}", "p")[1][0].message


def pod(name: str, **fields: object) -> dict[str, object]:
    spec = {"nodeName": "n1", "containers": [{"resources": {"requests": {"cpu": "100m"}}}]}
    metadata = {"name": name, "namespace": "a", **fields}
    return {"kind": "Pod", "metadata": metadata, "spec": spec, "status": {"phase": "Running"}}


def test_what_else_is_running_pods() -> None:
    owned = {"ownerReferences": [{"kind": "DaemonSet", "name": "agent"}]}
    done = {**pod("done"), "status": {"phase": "Succeeded"}}
    waiting = {**pod("waiting"), "spec": {"containers": []}}
    items = [pod("one"), pod("two"), pod("planned", **owned), pod("other", **owned, namespace="b"), done, waiting]
    listed = json.dumps({"kind": "PodList", "items": items}).encode()
    found, problems = running_pods(listed, "pods", {("a", "agent")})
    assert not problems
    assert found.others == {"n1": RunningPods({"cpu": parse("300m"), "pods": parse("3")}, [])}
    one = RunningPods({"cpu": parse("100m"), "pods": parse("1")}, [])
    assert found.own == {("a", "agent"): {"n1": OwnPod(one, False)}}


@pytest.mark.parametrize(
    ("status", "metadata", "expected"),
    [
        ({"conditions": [{"type": "Ready", "status": "True"}]}, {}, [True]),
        ({"conditions": [{"type": "Ready", "status": "False"}, {"type": "Other", "status": "True"}]}, {}, [False]),
        ({"conditions": [{"type": "Ready", "status": "True"}]}, {"deletionTimestamp": "2026-01-01T00:00:00Z"}, []),
    ],
)
def test_own_pods_are_ready_or_not(status: object, metadata: dict[str, object], expected: list[bool]) -> None:
    owned = {"ownerReferences": [{"kind": "DaemonSet", "name": "agent"}], **metadata}
    listed = json.dumps({**pod("own", **owned), "status": status}).encode()
    found = running_pods(listed, "pods", {("a", "agent")})[0]
    assert not found.others
    assert [each.is_ready for each in found.own.get(("a", "agent"), {}).values()] == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({}, None),
        ({"conditions": [{"type": "Ready", "status": "True"}]}, frozenset()),
        ({"declaredFeatures": ["A"]}, frozenset({"A"})),
    ],
)
def test_features_that_a_node_declares(status: object, expected: object) -> None:
    """Only a kubelet that writes conditions could have declared them."""
    listed = json.dumps({"kind": "Node", "metadata": {"name": "a"}, "status": status}).encode()
    (node,), problems = read_nodes(listed, "nodes")
    assert not problems
    assert node.declares == expected


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"containers": [1]}, "`containers` of pod a is not a list of maps"),
        ({"containers": [{"resources": {"requests": []}}, {"resources": 1}]}, "`resources` of pod a is 1, not a map"),
        ({"containers": [{"ports": [{"hostPort": "x"}]}]}, "`hostPort` of pod a is 'x', not a number"),
        ({"containers": [{"resources": {"requests": {"cpu": "x"}}}]}, "pod a: 'x' is not a valid quantity"),
    ],
)
def test_bad_pods(spec: object, message: str) -> None:
    listed = json.dumps({"kind": "Pod", "metadata": {"name": "a"}, "spec": spec}).encode()
    problem = running_pods(listed, "pods", ())[1][0]
    assert problem.code == "invalid-cluster-object"
    assert message in problem.message


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "a", "1", "100m", "Node", "Pod", "List", "a:NoSchedule"])
)
NAMES = st.sampled_from(
    ["kind", "items", "metadata", "name", "labels", "spec", "taints", "key", "effect", "status", "allocatable", "cpu", "conditions", "type",
     "containers", "initContainers", "resources", "requests", "limits", "overhead", "nodeName", "ownerReferences", "phase", "pools", "count", "down", "instanceTypes", "autoscaler", "a"]
)  # fmt: skip
ANYTHING = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=3) | st.dictionaries(NAMES, below, max_size=5), max_leaves=20
)
ITEM = st.fixed_dictionaries({}, optional=dict.fromkeys(("metadata", "spec", "status"), ANYTHING))


@given(st.sampled_from(["Node", "Pod"]), ITEM, ANYTHING)
def test_anything_is_told_what_is_wrong_with_it(kind: str, item: dict[str, object], other: object) -> None:
    metadata = item.get("metadata")
    stated: dict[str, object] = metadata if isinstance(metadata, dict) else {}
    named = {"kind": kind, **item, "metadata": {"name": "a", **stated}}
    for value in (named, {"kind": "List", "items": [named, other]}, other):
        for text in (json.dumps(value).encode(), b" - " + json.dumps(value).encode()):
            read_nodes(text, "nodes")
            running_pods(text, "pods", ())


@given(ANYTHING, ANYTHING)
def test_any_pool_is_told_what_is_wrong_with_it(pool: object, other: object) -> None:
    for value in ({"pools": {"a": pool}}, {"pools": pool}, other):
        nodes, problems = read_pools(json.dumps(value).encode(), "pools")
        assert not (nodes and problems)
