"""How a changed DaemonSet is rolled out: how many pods at a time, how long it takes, and why it may never finish."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from dsgen.kubernetes.scheduling.placement import Node, origin_at
from dsgen.kubernetes.scheduling.pod_requests import host_ports
from dsgen.kubernetes.schema.paths import POD, field_path
from dsgen.problem import Code, Problem, code
from dsgen.record import Record
from dsgen.tree import Map, Path, is_integer

CONFLICTING_SURGE_HOST_PORTS = code(
    "conflicting-surge-host-ports",
    """With `maxSurge`, the old and the new pod run on the same node for a while, but they cannot both use a port of the
    node: the new one waits forever. The API server accepts this.""",
)
INSUFFICIENT_MAX_UNAVAILABLE = code(
    "insufficient-max-unavailable",
    """The pods of nodes that are down count as unavailable: while there are as many of them as `maxUnavailable` allows, no other pod is
    replaced, also if the node has a taint that keeps new pods away. Allow more than are usually down. With `maxSurge`, they do not count.""",
    "warning",
)
MISSING_READINESS_PROBE = code(
    "missing-readiness-probe",
    """Without a readiness probe, a container is ready as soon as its process runs, and without `minReadySeconds` the
    rollout continues at that moment: a version that fails a second later reaches every node.""",
    "warning",
)
UPDATE: Final[Path] = ("spec", "updateStrategy", "rollingUpdate")


class Rollout(Record):
    """The rollout over `nodes` nodes: `at_once` pods in each of `waves`, which take `seconds` together.

    With `surge`, a new pod starts beside the old one. With the strategy `OnDelete` no pod is replaced automatically, and while as many nodes
    are `down` as may be unavailable, none is either: all numbers are 0. Pods that are `unready` are replaced at once, in the first wave.
    The time is `most_seconds` if old pods take all of their grace period to end.
    """

    strategy: str
    nodes: int
    surge: bool = False
    at_once: int = 0
    waves: int = 0
    seconds: int = 0
    down: int = 0
    unready: int = 0
    most_seconds: int = 0


def rollout(
    root: Map,
    nodes: Sequence[Node],
    start_up: int,
    left: Sequence[Node] = (),
    unready: int = 0,
    shut_down: int | None = None,
    without: int = 0,
) -> Rollout:
    """Return how a change of the (decoded) DaemonSet reaches `nodes`, if a pod is ready `start_up` seconds after its creation.

    `left` are other nodes on which pods stay, but are not replaced. What is down is taken to have a pod: it counts as unavailable. `unready` is
    the number of nodes that are not down and whose pod is not ready, and `without` of those that have no pod yet and get it at once. An old pod ends after `shut_down` seconds, if that is known; with
    `maxUnavailable`, the new one is created after that (pkg/controller/daemon: rollingUpdate).
    """
    spec = root.map("spec")
    strategy = str(spec.map("updateStrategy").get("type") or "RollingUpdate")
    if strategy != "RollingUpdate":
        return Rollout(strategy, len(nodes))
    surge = _scaled(_stated(root, "maxSurge", 0), len(nodes))
    down = len(_down(nodes, left))
    at_once = surge or max(_unavailable(root, nodes) - down, 0)
    to_do = sum(node.ready for node in nodes)
    # Unready and missing pods count as unavailable, but do not wait; a surge does not count them.
    free = unready + without
    first = free + (at_once if surge else max(at_once - free, 0)) if free else 0
    waves = -(-max(to_do - first, 0) // at_once) if at_once else 0
    waves += bool(first)
    pod = spec.map("template", "spec")
    grace = pod.get("terminationGracePeriodSeconds", 30)
    ready: Any = spec.get("minReadySeconds") or 0
    # With surge, nothing but a timer of a second more wakes the controller: it looks at the old pods, which are available.
    ready += bool(surge and ready)
    least = waves * (start_up + ready + (0 if surge else shut_down or 0))
    longest = waves * (start_up + ready + (grace if isinstance(grace, int) and not surge else 0))
    most = least if shut_down is not None else max(longest, least)
    old = to_do - without
    at_most = old if unready and unready >= old else min(at_once, old)
    return Rollout(strategy, len(nodes), bool(surge), at_most, waves, least, down, unready, most)


def _unavailable(root: Map, nodes: Sequence[Node]) -> int:
    return _scaled(_stated(root, "maxUnavailable", 1), len(nodes)) or 1


def _down(nodes: Sequence[Node], left: Sequence[Node]) -> list[str]:
    return [node.name for node in (*nodes, *left) if not node.ready]


def problems(
    root: Map, nodes: Sequence[Node], left: Sequence[Node] = (), idle: Collection[str] = ()
) -> Iterator[Problem]:
    """Yield why a rollout of the (decoded) DaemonSet over `nodes` may never finish, or does not notice failing pods.

    `idle` are the names of nodes that are up without a ready pod: there, the new pod waits for nothing.
    """
    plan = rollout(root, nodes, 0, left)
    if plan.strategy != "RollingUpdate" or not nodes:
        return
    pod = root.map("spec", "template", "spec")
    name = "maxUnavailable"
    down = _down(nodes, left)
    waits = any(node.ready and node.name not in idle for node in nodes)
    if waits and not plan.surge and len(down) >= _unavailable(root, nodes):
        are = f"{len(down)} nodes with its pods are down" if len(down) > 1 else "a node with its pod is down"
        found = f"`{name}` is {_stated(root, name, 1)}, and {are} ({_some(down)}), so no other pod is replaced"
        hint = f"allow more than {len(down)}, or set `maxSurge`, which does not count them"
        yield _problem(INSUFFICIENT_MAX_UNAVAILABLE, root, (*UPDATE, name), found, hint)
    ports = host_ports(pod)
    if waits and plan.surge and ports:
        found = f"with `maxSurge`, the old and the new pod need port {ports[0]} of the same node, so the new one waits forever"
        hint = "use `maxUnavailable`, or remove the host port"
        yield _problem(CONFLICTING_SURGE_HOST_PORTS, root, (*POD, *ports[0].path), found, hint)
    containers = pod.maps("containers")
    silent = [each for each in containers if each.child("readinessProbe") is None]
    if silent and not root.map("spec").get("minReadySeconds"):
        index = containers.index(silent[0])
        found = f"container `{silent[0].get('name')}` has no `readinessProbe`, and `minReadySeconds` is 0"
        hint = "a new version that fails after its start would reach every node: set one of the two"
        yield _problem(MISSING_READINESS_PROBE, root, (*POD, "containers", index, "name"), found, hint)


def _problem(kind: Code, root: Map, path: Path, found: str, hint: str) -> Problem:
    return kind.at(origin_at(root, path), found, hint=hint, field=field_path(path))


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _stated(root: Map, name: str, default: int) -> Any:
    stated = root.map("spec", "updateStrategy", "rollingUpdate").get(name)
    return stated if isinstance(stated, (int, str)) else default


def _scaled(value: Any, nodes: int) -> int:
    """Return a number of nodes; a percentage is rounded up."""
    return int(value) if is_integer(value) else -(-int(str(value).removesuffix("%") or 0) * nodes // 100)
