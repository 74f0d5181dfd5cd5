"""What several agents mean for nodes together."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dsgen.kubernetes.manifest import read
from dsgen.kubernetes.scheduling.nodes import read_nodes
from dsgen.kubernetes.scheduling.placement import Node
from dsgen.kubernetes.scheduling.pod_requests import HostPort
from dsgen.kubernetes.scheduling.pods import OwnPod, RunningPods
from dsgen.kubernetes.scheduling.pools import read_pools
from dsgen.kubernetes.schema.quantity import parse
from dsgen.plan.agent import agents
from dsgen.plan.data import as_json
from dsgen.plan.plan import Plan, plan
from dsgen.plan.text import as_text, duration, percent
from dsgen.tree import Map

POOLS = """\
pools:
  large: {count: 2, labels: {size: large}, allocatable: {cpu: 4, memory: 8Gi, pods: 110}}
  small: {count: 3, allocatable: {cpu: 500m, memory: 1Gi, pods: 110}}
  tainted: {taints: ["dedicated=gpu:NoSchedule"]}
"""
FRAME = """\
kind: DaemonSet
metadata: {name: %s, namespace: tools}
spec:
  template:
    spec: {%s}
---
"""
PROBED = "readinessProbe: {}"


def daemonset(name: str, pod: str = "", container: str = "") -> str:
    containers = f"containers: [{{name: {name}, {PROBED}{container and ', '}{container}}}]"
    return FRAME % (name, f"{containers}{pod and ', '}{pod}")


def planned(*texts: str, nodes: str = POOLS, others: dict[str, Any] | None = None) -> Plan:
    roots = [document.root for document in read("".join(texts), "agents.yaml")]
    known, problems = read_pools(nodes.encode(), "pools.yaml")
    assert not problems
    return plan(agents(root for root in roots if isinstance(root, Map)), known, others or {}, 30)


def said(made: Plan) -> list[str]:
    return [f"{problem.line} {problem.code}: {problem.message}" for problem in made.problems]


def requests(text: str) -> str:
    return f"resources: {{requests: {{{text}}}, limits: {{{text}}}}}"


def test_text() -> None:
    made = planned(
        daemonset("first", "nodeSelector: {size: large}, priorityClassName: high", requests("cpu: 1, memory: 1Gi")),
        daemonset("second", "priorityClassName: system-node-critical", requests("cpu: 20m")),
        daemonset("third", "priorityClassName: gone"),
        "{kind: PriorityClass, metadata: {name: high}, value: 1000}",
    )
    assert (
        as_text(made)
        == """\
tools/first: 2 of 6 nodes
  not on 4 nodes (small-1, small-2, small-3, …) of small, tainted: label size is missing, required: large (agents.yaml:5:159)
  rollout: 1 pod at a time, 2 waves, about 1 min, at most 2 min

tools/second: 5 of 6 nodes
  not on 1 node (tainted-1) of tainted: taint dedicated=gpu:NoSchedule is not tolerated
  rollout: 1 pod at a time, 5 waves, about 2 min 30 s, at most 5 min

tools/third: 5 of 6 nodes
  not on 1 node (tainted-1) of tainted: taint dedicated=gpu:NoSchedule is not tolerated
  rollout: 1 pod at a time, 5 waves, about 2 min 30 s, at most 5 min

pool     nodes  agents  cpu requests  cpu of a node  cpu limits  memory requests  memory of a node  memory limits
large        2       3         2040m            26%           -              2Gi               12%              -
small        3       2           60m           4.0%           -                -                 -              -
tainted      1       0             -              -           -                -                 -              -

eviction order under node pressure:
  priority class gone, whose value is unknown: tools/third
  priority 1000: tools/first
  never evicted (critical): tools/second
"""
    )


def test_json() -> None:
    made = planned(daemonset("first", "nodeSelector: {size: large}", requests("cpu: 1")))
    data = json.loads(as_json(made, made.problems))
    (first,) = data["daemonsets"]
    assert first["nodes"] == ["large-1", "large-2"]
    assert first["excluded"]["small-1"] == "label size is missing, required: large"
    assert list(first["excluded"]) == ["small-1", "small-2", "small-3", "tainted-1"]
    assert first["requests"] == first["limits"] == {"cpu": "1"}
    assert first["rollout"] == {
        "strategy": "RollingUpdate",
        "surge": False,
        "atOnce": 1,
        "waves": 2,
        "seconds": 60,
        "mostSeconds": 120,
        "unready": 0,
    }
    assert data["pools"][0] == {
        "name": "large",
        "nodes": 2,
        "daemonsets": ["tools/first"],
        "requests": {"cpu": "2"},
        "limits": {"cpu": "2"},
        "allocatable": {"cpu": "8", "memory": "16Gi", "pods": "220"},
        "largestShares": {"cpu": 0.25},
    }
    assert data["nodes"][0]["shares"] == {"cpu": 0.25}
    assert data["eviction"] == ["tools/first"]
    assert data["problems"] == []


def test_limits_are_only_known_where_all_have_one() -> None:
    made = planned(daemonset("first", "", requests("cpu: 10m")), daemonset("second", "nodeSelector: {size: large}"))
    assert [pool.use.limits for pool in made.pools] == [{}, {"cpu": parse("30m")}, {}]


@pytest.mark.parametrize(("minor", "cpu"), [("1.36", "1"), ("1.37", "2")])
def test_requests_of_the_pod_above_the_limits_of_its_containers_raise_the_limit(minor: str, cpu: str) -> None:
    text = daemonset("first", "resources: {requests: {cpu: 2}}", "resources: {limits: {cpu: 1}}")
    root = read(text, "agents.yaml")[0].root
    assert isinstance(root, Map)
    (agent,) = agents([root], minor)
    assert (agent.requests, agent.limits) == ({"cpu": parse("2")}, {"cpu": parse(cpu)})


def test_global_default_class() -> None:
    known = "{kind: PriorityClass, metadata: {name: usual}, value: 7, globalDefault: true}"
    assert planned(daemonset("first"), known).placed[0].agent.priority == 7


@pytest.mark.parametrize(
    ("first", "second", "others", "expected"),
    [
        pytest.param("cpu: 250m", "cpu: 250m", "", [], id="just"),
        pytest.param(
            "cpu: 250m",
            "cpu: 251m",
            "",
            ["9 insufficient-node-resources: on 3 nodes of the pool small, such as small-1: agents request 501m cpu, but 500m is allocatable; tools/second requests the most, 251m"],
            id="agents",
        ),
        pytest.param(
            "cpu: 250m",
            "cpu: 250m",
            "cpu: 1m",
            ["11 insufficient-node-resources: on small-2: agents request 500m cpu and other pods 1m, but 500m is allocatable; tools/first requests the most, 250m"],
            id="others",
        ),
        pytest.param("memory: 1Gi", "cpu: 1m", "", [], id="memory"),
        pytest.param("example.com/gpu: 1", "cpu: 1m", "", ["extended"], id="extended"),
        pytest.param("ephemeral-storage: 1Gi", "cpu: 1m", "", [], id="unknown"),
    ],
)  # fmt: skip
def test_fits(first: str, second: str, others: str, expected: list[str]) -> None:
    amounts = {name: parse(value) for name, value in [others.split(": ")]} if others else {}
    elsewhere = {"small-2": RunningPods(amounts, [])}
    made = planned(daemonset("first", "", requests(first)), daemonset("second", "", requests(second)), others=elsewhere)
    found = said(made)
    if expected == ["extended"]:
        assert [problem.code for problem in made.problems] == ["insufficient-node-resources"] * 2
        assert "agents request 1 example.com/gpu, but 0 is allocatable" in found[0]
    else:
        assert [line.partition(" ")[2] for line in found] == [line.partition(" ")[2] for line in expected]


def test_pods_are_counted() -> None:
    made = planned(daemonset("first"), daemonset("second"), nodes="pools: {a: {allocatable: {pods: 1}}}")
    assert said(made) == ["2 insufficient-node-resources: on a-1: agents request 2 pods, but 1 is allocatable"]


def test_ports_taken_twice() -> None:
    port = "ports: [{containerPort: 80, hostPort: 8080}]"
    apart = (
        daemonset("first", "nodeSelector: {size: large}", port),
        daemonset("second", "nodeName: small-1", port),
    )
    assert not said(planned(*apart))
    found = planned(daemonset("first", "nodeSelector: {size: large}", port), daemonset("second", "", port))
    assert said(found) == [
        "11 conflicting-host-ports: tools/second and tools/first both use port 8080/TCP of 2 nodes, such as large-1"
    ]
    assert found.problems[0].field == "spec.template.spec.containers[0].ports[0]"


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ([HostPort(8080, "TCP", "")], ["node small-2: pod x/y uses port 8080/TCP"]),
        ([HostPort(8080, "TCP", "10.0.0.1")], ["node small-2: pod x/y uses port 8080/TCP"]),
        ([HostPort(8080, "UDP", "")], []),
        ([HostPort(8081, "TCP", "")], []),
    ],
)
def test_ports_of_pods_that_are_there(ports: list[HostPort], expected: list[str]) -> None:
    others = {"small-2": RunningPods({}, [("x/y", port) for port in ports])}
    agent = daemonset("first", "", "ports: [{containerPort: 80, hostPort: 8080}]")
    lines = said(planned(agent, others=others))
    assert [line.partition("conflicting-pod-host-port: tools/first is pending on ")[2] for line in lines] == expected
    elsewhere = planned(
        daemonset("first", "nodeSelector: {size: large}", "ports: [{containerPort: 80, hostPort: 8080}]"), others=others
    )
    assert not said(elsewhere)


@pytest.mark.parametrize(
    ("cpu", "other", "expected"),
    [
        ("500m", "1", []),
        ("501m", "", ["small-1"]),
        ("500m", "1m", ["small-1"]),
        ("2", "", []),
    ],
)
def test_a_surge_needs_room_for_two_pods(cpu: str, other: str, expected: list[str]) -> None:
    nodes = "pools: {small: {count: 1, allocatable: {cpu: 1}}}"
    others = {"small-1": RunningPods({"cpu": parse(other or "0")}, [])} if other != "1" else {}
    agent = daemonset("first", "", requests(f"cpu: {cpu}"))
    surging = agent.replace("spec:", "spec:\n  updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}", 1)
    found = [
        each
        for each in planned(surging, nodes=nodes, others=others).problems
        if each.code == "insufficient-surge-resources"
    ]
    assert [each.message.split()[3].rstrip(",") for each in found] == expected
    assert [each.field for each in found] == ["spec.updateStrategy.rollingUpdate.maxSurge"] * len(expected)
    assert not [each for each in planned(agent, nodes=nodes, others=others).problems if "surge" in each.code]
    down = planned(surging, nodes=nodes.replace("count: 1", "count: 1, down: 1"), others=others)
    assert not [each for each in down.problems if "surge" in each.code]


@pytest.mark.parametrize("other", ["::", "10.0.0.1"])
def test_only_one_address_is_every_address(other: str) -> None:
    """So the scheduler compares `hostIP`."""
    one, two = (
        daemonset(name, "", f"ports: [{{containerPort: 80, hostPort: 8080, hostIP: '{ip}'}}]")
        for name, ip in (("first", "127.0.0.1"), ("second", other))
    )
    assert not said(planned(one, two))
    assert said(planned(one, two.replace(other, "0.0.0.0")))


@pytest.mark.parametrize(
    ("pod", "expected"),
    [
        ("nodeSelector: {size: large}", []),
        (
            "nodeSelector: {size: huge}",
            ["5 runs-nowhere: tools/first runs on none of 6 nodes: on 4 of them label size is missing, required: huge"],
        ),
        ("nodeName: other", ["5 runs-nowhere: tools/first runs on none of 6 nodes: on 1 of them the node's name is large-1, required: other"]),
    ],
)  # fmt: skip
def test_runs_nowhere(pod: str, expected: list[str]) -> None:
    made = planned(daemonset("first", pod))
    assert said(made) == expected
    assert {problem.severity for problem in made.problems} <= {"warning"}


def test_runs_nowhere_where_its_taint_is() -> None:
    (problem,) = planned(daemonset("first"), nodes='pools: {a: {taints: ["x:NoSchedule"]}}').problems
    assert problem.message == "tools/first runs on none of 1 node: taint x:NoSchedule is not tolerated"
    tolerant = daemonset("first", "tolerations: [{key: x, operator: Exists}]")
    assert not planned(tolerant, nodes='pools: {a: {taints: ["x:NoSchedule"]}}').problems


def test_no_agents_and_no_nodes() -> None:
    assert as_text(planned()) == ""
    assert as_text(planned(daemonset("first"), nodes="pools: {}")) == "tools/first: 0 of 0 nodes\n"


def test_nodes_that_say_nothing_of_themselves() -> None:
    nodes, _ = read_nodes(b'{"kind": "Node", "metadata": {"name": "a"}}', "nodes")
    roots = [document.root for document in read(daemonset("first", "", requests("cpu: 1")), "agents.yaml")]
    made = plan(agents(root for root in roots if isinstance(root, Map)), nodes, {}, 30)
    assert [len(each.nodes) for each in made.placed] == [1]
    assert not made.problems


OWN = OwnPod(RunningPods({"cpu": parse("400m"), "pods": parse("1")}, []), True)


def test_pods_that_stay_under_a_later_taint() -> None:
    """They use the node, and the next rollout deletes them for good."""
    nodes, _ = read_pools(b'pools: {a: {taints: ["x:NoSchedule"], allocatable: {cpu: 500m, pods: 10}}}', "pools.yaml")
    text = daemonset("first") + daemonset("second", "tolerations: [{key: x, operator: Exists}]", requests("cpu: 200m"))
    roots = [document.root for document in read(text, "agents.yaml")]
    known = agents(root for root in roots if isinstance(root, Map))
    made = plan(known, nodes, {}, 30, {("tools", "first"): {"a-1": OWN}})
    assert said(made) == [
        "2 misplaced-pods: a pod of tools/first stays on node a-1, with a taint that is not tolerated: the next rollout deletes it for good",
        "2 runs-nowhere: tools/first runs on none of 1 node: taint x:NoSchedule is not tolerated",
        "11 insufficient-node-resources: on a-1: agents request 200m cpu and other pods 400m, but 500m is allocatable; tools/second requests the most, 200m",
    ]
    assert [len(each.left) for each in made.placed] == [1, 0]
    assert [len(each.left) for each in plan(known, nodes, {}, 30, {}).placed] == [0, 0]
    assert [len(each.left) for each in plan(known, nodes, {}, 30).placed] == [1, 0]
    assert "misplaced-pods" not in str(said(plan(known, nodes, {}, 30)))


def test_pods_that_are_not_ready_are_replaced_at_once() -> None:
    nodes, _ = read_pools(b"pools: {a: {count: 3}}", "pools.yaml")
    roots = [document.root for document in read(daemonset("first"), "agents.yaml")]
    known = agents(root for root in roots if isinstance(root, Map))
    pods = {"a-1": OWN._replace(is_ready=False), "a-2": OWN, "a-3": OWN}
    own = {("tools", "first"): pods}
    assert (
        "1 pod at a time, 3 waves, about 1 min 30 s, at most 3 min; 1 pod that is not ready is replaced at once"
        in as_text(plan(known, nodes, {}, 30, own))
    )
    assert '"unready": 1' in as_json(plan(known, nodes, {}, 30, own), [])
    # The node a-3 gets its first pod in the first wave too.
    del pods["a-3"]
    assert "2 waves" in as_text(plan(known, nodes, {}, 30, own))
    own["tools", "first"] = {}
    assert "3 waves" in as_text(plan(known, nodes, {}, 30, own))


@pytest.mark.parametrize(
    ("old", "expected"), [("ready", ["insufficient-surge-resources"]), ("unready", []), ("none", [])]
)
def test_an_old_pod_that_is_not_ready_makes_room_for_the_new_one(old: str, expected: list[str]) -> None:
    """So does a node without an old pod. On a real cluster, both rollouts end."""
    nodes, _ = read_pools(b"pools: {a: {allocatable: {cpu: 1}}, b: {allocatable: {cpu: 8}}}", "pools.yaml")
    surging = daemonset("first", "", requests("cpu: 600m")).replace(
        "spec:", "spec:\n  updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}", 1
    )
    known = agents(root for root in [read(surging, "agents.yaml")[0].root] if isinstance(root, Map))
    pods = {"b-1": OWN, "a-1": OWN._replace(is_ready=old == "ready")}
    if old == "none":
        del pods["a-1"]
    found = plan(known, nodes, {}, 30, {("tools", "first"): pods}).problems
    assert [each.code for each in found if "surge" in each.code] == expected


RESTARTS = "restartPolicy: Always, restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In, values: [1]}}]"


@pytest.mark.parametrize(
    ("rule", "declared", "is_wrong"),
    [
        (RESTARTS, None, False),
        (RESTARTS, frozenset[str](), True),
        (RESTARTS, frozenset({"RestartAllContainersOnContainerExits"}), False),
        (RESTARTS.replace("RestartAllContainers", "Restart"), frozenset[str](), False),
        ("", frozenset[str](), False),
    ],
)
def test_features_that_nodes_lack(rule: str, declared: frozenset[str] | None, is_wrong: bool) -> None:
    roots = [document.root for document in read(daemonset("first", "", rule), "agents.yaml")]
    known = agents(root for root in roots if isinstance(root, Map))
    made = plan(known, [Node("a", {}, declares=declared), Node("b", {}, declares=declared)], {}, 30)
    expected = "pods of tools/first stay pending on 2 nodes, such as a, without the feature `RestartAllContainersOnContainerExits`"
    assert [(each.code, each.message) for each in made.problems] == [("missing-node-features", expected)] * is_wrong


@pytest.mark.parametrize(("system", "is_wrong"), [("linux", True), ("windows", False), ("", False)])
def test_the_operating_system_of_a_node(system: str, is_wrong: bool) -> None:
    """The controller does not look at it, but the kubelet does."""
    roots = [document.root for document in read(daemonset("first", "os: {name: windows}"), "agents.yaml")]
    known = agents(root for root in roots if isinstance(root, Map))
    made = plan(known, [Node("a", {"kubernetes.io/os": system} if system else {})], {}, 30)
    expected = "the kubelet rejects the pods of tools/first on node a: `os.name` is windows, and the node runs linux"
    assert [(each.code, each.message) for each in made.problems] == [("mismatched-node-os", expected)] * is_wrong


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3661, "1 h 1 min"), (90061, "1 d 1 h"), (86400, "1 d")],
)
def test_duration(seconds: int, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("share", "text"), [(0, "0%"), (0.001, "0.1%"), (0.094, "9.4%"), (0.25, "25%"), (1.5, "150%")])
def test_percent(share: float, text: str) -> None:
    assert percent(share) == text


def test_quantities_beyond_measure() -> None:
    made = planned(daemonset("first", "", requests("cpu: 1e500")), nodes="pools: {a: {allocatable: {cpu: 1}}}")
    assert made.pools[0].shares == {"cpu": 1e9}
    assert [problem.code for problem in made.problems] == ["insufficient-node-resources"]
    json.loads(as_json(made, made.problems), parse_constant=pytest.fail)


def test_a_kind_of_the_same_name_in_another_group() -> None:
    made = planned(daemonset("first"), f"apiVersion: apps.kruise.io/v1alpha1\n{daemonset('second')}")
    assert [placed.agent.name for placed in made.placed] == ["first"]
