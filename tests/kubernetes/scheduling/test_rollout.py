"""How a change reaches the nodes, as the controller counts."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.scheduling.placement import Node
from dsgen.kubernetes.scheduling.rollout import Rollout, problems, rollout
from dsgen.tree import Map

PROBED = "containers: [{name: agent, readinessProbe: {}}]"


def daemonset(spec: str = "", pod: str = PROBED) -> Map:
    text = f"kind: DaemonSet\nmetadata: {{name: agent}}\nspec: {{template: {{spec: {{{pod}}}}}{spec and ', '}{spec}}}\n"
    root = read_first(text).root
    assert isinstance(root, Map)
    return root


def rolling(text: str) -> str:
    return f"updateStrategy: {{rollingUpdate: {{{text}}}}}"


@pytest.mark.parametrize(
    ("spec", "count", "expected"),
    [
        ("", 3, (False, 1, 3, 30)),
        (rolling("maxUnavailable: 2"), 3, (False, 2, 2, 20)),
        (rolling("maxUnavailable: 1%"), 3, (False, 1, 3, 30)),
        (rolling("maxUnavailable: 34%"), 3, (False, 2, 2, 20)),
        (rolling("maxUnavailable: 67%"), 3, (False, 3, 1, 10)),
        (rolling("maxUnavailable: 100%"), 3, (False, 3, 1, 10)),
        (rolling("maxUnavailable: 50"), 3, (False, 3, 1, 10)),
        (rolling("maxUnavailable: 10%"), 0, (False, 0, 0, 0)),
        (rolling("maxSurge: 10%, maxUnavailable: 0"), 30, (True, 3, 10, 100)),
        ("minReadySeconds: 5", 2, (False, 1, 2, 30)),
    ],
)
def test_arithmetic(spec: str, count: int, expected: tuple[bool, int, int, int]) -> None:
    assert rollout(daemonset(spec), nodes(count), 10, shut_down=0)[:6] == ("RollingUpdate", count, *expected)


@pytest.mark.parametrize(
    ("spec", "pod", "shut_down", "expected"),
    [
        # Ten pods, ready after 2 s, really took 35 s with 5 s to end, and 10 s with surge.
        (rolling("maxUnavailable: 2"), PROBED, 5, (35, 35)),
        (rolling("maxSurge: 2, maxUnavailable: 0"), PROBED, 5, (10, 10)),
        (rolling("maxUnavailable: 2"), PROBED, None, (10, 160)),
        (rolling("maxUnavailable: 2"), f"{PROBED}, terminationGracePeriodSeconds: 10", None, (10, 60)),
        (rolling("maxSurge: 2, maxUnavailable: 0"), PROBED, None, (10, 10)),
    ],
)
def test_old_pods_take_time_to_end(spec: str, pod: str, shut_down: int | None, expected: tuple[int, int]) -> None:
    found = rollout(daemonset(spec, pod), nodes(10), 2, shut_down=shut_down)
    assert (found.seconds, found.most_seconds) == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        # Eight pods, ready after 1 s: four waves of `maxSurge: 2` really took 17.6 s, the last second of which was the end of an old pod.
        (f"minReadySeconds: 2, {rolling('maxSurge: 2, maxUnavailable: 0')}", 16),
        (f"minReadySeconds: 2, {rolling('maxUnavailable: 2')}", 12),
        (rolling("maxSurge: 2, maxUnavailable: 0"), 4),
    ],
)
def test_surge_waits_a_second_more_than_min_ready_seconds(spec: str, expected: int) -> None:
    assert rollout(daemonset(spec), nodes(8), 1, shut_down=0).seconds == expected


@pytest.mark.parametrize(
    ("spec", "unready", "expected"),
    [
        # An old version that never became ready: all ten at once.
        (rolling("maxUnavailable: 1"), 10, (10, 1)),
        (rolling("maxSurge: 1, maxUnavailable: 0"), 10, (10, 1)),
        (rolling("maxUnavailable: 1"), 4, (1, 7)),
        (rolling("maxUnavailable: 3"), 2, (3, 4)),
        (rolling("maxSurge: 3, maxUnavailable: 0"), 4, (3, 2)),
        (rolling("maxUnavailable: 1"), 0, (1, 10)),
    ],
)
def test_unready_pods_do_not_wait(spec: str, unready: int, expected: tuple[int, int]) -> None:
    found = rollout(daemonset(spec), nodes(10), 2, unready=unready)
    assert (found.at_once, found.waves) == expected


@pytest.mark.parametrize(
    ("spec", "unready", "without", "expected"),
    [
        # The missing pods of two nodes are created in the first wave, and count as unavailable.
        (rolling("maxUnavailable: 1"), 0, 2, (1, 9)),
        (rolling("maxUnavailable: 3"), 0, 2, (3, 4)),
        (rolling("maxSurge: 3, maxUnavailable: 0"), 0, 2, (3, 3)),
        (rolling("maxUnavailable: 100%"), 0, 2, (8, 1)),
        (rolling("maxUnavailable: 1"), 8, 2, (8, 1)),
    ],
)
def test_missing_pods_do_not_wait(spec: str, unready: int, without: int, expected: tuple[int, int]) -> None:
    found = rollout(daemonset(spec), nodes(10), 2, unready=unready, without=without)
    assert (found.at_once, found.waves) == expected


@pytest.mark.parametrize(
    ("spec", "down", "left", "expected"),
    [
        # What a real cluster of ten nodes did.
        (rolling("maxUnavailable: 3"), 2, 0, (False, 1, 8, 80, 2)),
        (rolling("maxUnavailable: 2"), 2, 0, (False, 0, 0, 0, 2)),
        (rolling("maxUnavailable: 3"), 0, 2, (False, 1, 10, 100, 2)),
        (rolling("maxUnavailable: 2"), 0, 2, (False, 0, 0, 0, 2)),
        (rolling("maxSurge: 1, maxUnavailable: 0"), 2, 0, (True, 1, 8, 80, 2)),
        (rolling("maxSurge: 3, maxUnavailable: 0"), 2, 0, (True, 3, 3, 30, 2)),
    ],
)
def test_nodes_that_are_down(spec: str, down: int, left: int, expected: tuple[bool, int, int, int, int]) -> None:
    found = rollout(daemonset(spec), nodes(10, down), 10, nodes(left, left))
    assert found[:7] == ("RollingUpdate", 10, *expected)


def test_on_delete() -> None:
    assert rollout(daemonset("updateStrategy: {type: OnDelete}"), nodes(5), 10) == Rollout("OnDelete", 5)
    assert not list(problems(daemonset("updateStrategy: {type: OnDelete}", "containers: [{name: a}]"), nodes(2, 2)))


def nodes(count: int, down: int = 0) -> list[Node]:
    return [Node(f"n{number}", {}, ready=number >= down) for number in range(count)]


SURGE = rolling("maxSurge: 1, maxUnavailable: 0")
PORT = "containers: [{name: agent, readinessProbe: {}, ports: [{containerPort: 80, hostPort: 80}]}]"


@pytest.mark.parametrize(
    ("root", "down", "expected"),
    [
        pytest.param(daemonset(), 0, [], id="fine"),
        pytest.param(daemonset(), 1, ["insufficient-max-unavailable spec.updateStrategy.rollingUpdate.maxUnavailable"], id="down"),
        pytest.param(daemonset(rolling("maxUnavailable: 2")), 1, [], id="budget"),
        pytest.param(daemonset(rolling("maxUnavailable: 2")), 2, ["insufficient-max-unavailable spec.updateStrategy.rollingUpdate.maxUnavailable"], id="spent"),
        pytest.param(daemonset(SURGE), 1, [], id="surge"),
        pytest.param(daemonset("", PORT), 0, [], id="port"),
        pytest.param(daemonset(SURGE, PORT), 0, ["conflicting-surge-host-ports spec.template.spec.containers[0].ports[0]"], id="surge-port"),
        pytest.param(daemonset("", "containers: [{name: a}]"), 0, ["missing-readiness-probe spec.template.spec.containers[0].name"], id="blind"),
        pytest.param(daemonset("minReadySeconds: 1", "containers: [{name: a}]"), 0, [], id="slow"),
    ],
)  # fmt: skip
def test_problems(root: Map, down: int, expected: list[str]) -> None:
    assert [f"{problem.code} {problem.field}" for problem in problems(root, nodes(10, down))] == expected


@pytest.mark.parametrize("root", [daemonset(SURGE, PORT), daemonset()])
def test_a_new_pod_does_not_wait_for_old_ones_that_are_not_ready(root: Map) -> None:
    """On a real cluster, a rollout whose old pods are all unready ends, also with a host port and `maxSurge`."""
    here = nodes(3, 1)
    assert len(list(problems(root, here, idle={"n1"}))) == 1
    assert not list(problems(root, here, idle={"n1", "n2"}))


def test_what_is_not_stated_stands_at_the_name() -> None:
    (problem,) = problems(daemonset(), nodes(3, 1))
    assert (problem.line, problem.column) == (2, 18)
    assert problem.message == "`maxUnavailable` is 1, and a node with its pod is down (n0), so no other pod is replaced"
    assert not list(problems(daemonset("", "containers: [{name: a}]"), []))


def test_a_pod_that_is_left_on_a_node_that_is_down_counts() -> None:
    (problem,) = problems(daemonset(), nodes(3), nodes(2, 2))
    assert problem.message.endswith("2 nodes with its pods are down (n0, n1), so no other pod is replaced")
    assert not list(problems(daemonset(), nodes(3), nodes(2)))
