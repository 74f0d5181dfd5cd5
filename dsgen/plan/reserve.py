"""What autoscalers reserve for DaemonSets on nodes that do not exist yet, beside what pods request there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dsgen.kubernetes.scheduling.instance_types import CLUSTER_AUTOSCALER, KARPENTER
from dsgen.kubernetes.scheduling.karpenter import Answer, Karpenter
from dsgen.kubernetes.scheduling.placement import InstanceType, Node
from dsgen.kubernetes.scheduling.pod_requests import Amounts, template_requests, total
from dsgen.kubernetes.schema.paths import POD
from dsgen.kubernetes.schema.quantity import ZERO, Quantity
from dsgen.kubernetes.schema.words import HOSTNAME
from dsgen.plan.agent import Agent
from dsgen.record import Record
from dsgen.tree import Map, Path, as_map

PODS: Final = "pods"
LIMITS: Final = "limits do not count as requests until a pod of it runs"
# What autoscalers reserve of a resource, and what is needed.
Less = tuple[tuple[str, Quantity, Quantity], ...]


class Reserved(Record):
    """What agents need at most on a node of an instance type, and what each autoscaler reserves."""

    type: InstanceType
    needed: Amounts
    reserved: dict[str, Amounts]


class OverheadDifference(Record):
    """Where autoscalers reserve something else for an agent than its pods request.

    `less` is what they reserve and what is needed, by resource; it is empty if they reserve something where no pod runs.
    """

    agent: Agent
    autoscalers: tuple[str, ...]
    types: tuple[InstanceType, ...]
    reason: str
    path: Path
    less: Less


class Risk(Record):
    """An agent that Karpenter does not count on some instance types if it looks at certain others before."""

    agent: Agent
    types: tuple[InstanceType, ...]


class Reservations(Record):
    """What autoscalers reserve for each instance type, where it is not what pods request, and where that depends on an order."""

    types: list[Reserved]
    differences: list[OverheadDifference]
    risks: list[Risk]


def reservations(agents: Sequence[Agent], nodes: Sequence[Node]) -> Reservations:
    """Return what autoscalers reserve for `agents` in those pools of `nodes` that have instance types."""
    groups: dict[tuple[str, str], tuple[InstanceType, list[Node]]] = {}
    for node in nodes:
        if node.instance_type is not None:
            type = node.instance_type
            groups.setdefault((type.pool, type.name), (type, []))[1].append(node)
    if not groups:
        return Reservations([], [], [])
    known = list(groups.values())
    fresh = [_fresh(members) for _, members in known]
    scaled = [type for type, _ in known if KARPENTER in type.autoscalers]
    karpenter = Karpenter(scaled)
    needed: list[list[Amounts]] = [[] for _ in known]
    reserved: list[dict[str, list[Amounts]]] = [{name: [] for name in type.autoscalers} for type, _ in known]
    differences: list[OverheadDifference] = []
    risks: list[Risk] = []
    for agent in agents:
        pod = _pod(agent)
        counts = {
            KARPENTER: template_requests(pod, with_limits=True),
            CLUSTER_AUTOSCALER: template_requests(pod, with_limits=False),
        }
        counted = karpenter.count(pod)
        by_karpenter = iter(counted.reasons)
        here: dict[tuple[str, Path, Less], dict[str, list[InstanceType]]] = {}
        first: dict[Path, str] = {}
        for index, (type, members) in enumerate(known):
            runs = _answer(agent, members)
            if not runs[0]:
                needed[index].append(_with_pod(agent.requests))
            for autoscaler in type.autoscalers:
                answer = next(by_karpenter) if autoscaler == KARPENTER else _answer(agent, fresh[index])
                if not answer[0]:
                    reserved[index][autoscaler].append(_with_pod(counts[autoscaler]))
                for reason, path, less in _difference(agent, runs, answer, counts[autoscaler]):
                    # The reason why no pod runs may have the name of the node in it.
                    one = reason if less else first.setdefault(path, reason)
                    here.setdefault((one, path, less), {}).setdefault(autoscaler, []).append(type)
        differences += _together(agent, here)
        if counted.at_risk:
            risks.append(Risk(agent, tuple(scaled[index] for index in counted.at_risk)))
    rows = [
        Reserved(type, total(needs), {name: total(amounts) for name, amounts in own.items()})
        for (type, _), needs, own in zip(known, needed, reserved, strict=True)
    ]
    return Reservations(rows, differences, risks)


def _pod(agent: Agent) -> Map:
    return agent.root.map("spec", "template", "spec")


def _with_pod(requests: Amounts) -> Amounts:
    return {PODS: Quantity(1), **requests}


def _fresh(nodes: Sequence[Node]) -> list[Node]:
    """Return each kind of node in a list as it is when it starts. All nodes are of the same type."""
    kinds: dict[tuple[tuple[str, str], ...], Node] = {}
    for node in nodes:
        later = node.instance_type.later if node.instance_type is not None else ()
        labels = {key: value for key, value in node.labels.items() if key not in later}
        kinds.setdefault(tuple(pair for pair in labels.items() if pair[0] != HOSTNAME), node._replace(labels=labels))
    return list(kinds.values())


def _answer(agent: Agent, nodes: Sequence[Node]) -> Answer:
    """Return the first reason why an agent runs on none of the nodes."""
    first: Answer | None = None
    for node in nodes:
        decision = agent.placement.decide(node)
        if decision.runs:
            return "", ()
        first = first or (decision.reason, decision.path)
    assert first is not None
    return first


def _difference(agent: Agent, runs: Answer, counted: Answer, requests: Amounts) -> Iterator[tuple[str, Path, Less]]:
    """Yield the reason, its place in the DaemonSet, and what is missing, if an autoscaler reserves something else than a pod requests."""
    if runs[0]:
        if not counted[0]:
            yield (*runs, ())
    elif counted[0]:
        yield (*counted, tuple((name, ZERO, amount) for name, amount in _with_pod(agent.requests).items() if amount))
    else:
        less = [(name, requests.get(name, ZERO), amount) for name, amount in agent.requests.items()]
        less = [each for each in less if each[1] < each[2]]
        if less:
            yield LIMITS, _limit(agent, less[0][0]), tuple(less)


def _limit(agent: Agent, resource: str) -> Path:
    """Return the place of the first limit of a resource, of the pod or of a container without a request."""
    pod = _pod(agent)
    if resource in pod.map("resources", "limits"):
        return (*POD, "resources", "limits", resource)
    for kind in ("initContainers", "containers"):
        for index, container in enumerate(map(as_map, pod.entries(kind))):
            if resource in container.map("resources", "limits") and resource not in container.map(
                "resources", "requests"
            ):
                return (*POD, kind, index, "resources", "limits", resource)
    return ("metadata", "name")


def _together(
    agent: Agent,
    found: dict[tuple[str, Path, Less], dict[str, list[InstanceType]]],
) -> Iterator[OverheadDifference]:
    """Yield one difference for all autoscalers that differ in the same way."""
    for (reason, path, less), by_name in found.items():
        alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
        for name, types in by_name.items():
            alike.setdefault(tuple((type.pool, type.name) for type in types), []).append(name)
        for names in alike.values():
            yield OverheadDifference(agent, tuple(names), tuple(by_name[names[0]]), reason, path, less)
