"""Conflicts on a node: requests above what is allocatable, and ports used twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, islice
from typing import Final

from dsgen.generate.own_line import at_own_line
from dsgen.kubernetes.scheduling.placement import Node, origin_at
from dsgen.kubernetes.scheduling.pod_requests import HostPort, total
from dsgen.kubernetes.scheduling.pods import RunningPods
from dsgen.kubernetes.scheduling.rollout import UPDATE
from dsgen.kubernetes.schema.paths import POD, field_path
from dsgen.kubernetes.schema.quantity import ZERO, Quantity
from dsgen.plan.agent import Agent
from dsgen.plan.use import Use
from dsgen.problem import Problem, code
from dsgen.tree import Path

INSUFFICIENT_NODE_RESOURCES = code(
    "insufficient-node-resources",
    """All agents of a node, and the other known pods there, request more than is allocatable on it. A pod would stay pending
    forever, or evict others.""",
)
CONFLICTING_HOST_PORTS = code(
    "conflicting-host-ports",
    "Two agents use the same port of the host, and should run on the same nodes. One of the two pods stays pending forever.",
)
OCCUPIED_HOST_PORT = code(
    "conflicting-pod-host-port",
    "A pod that is on the node already uses a host port of the agent. The agent's pod stays pending there until that pod is gone.",
)
INSUFFICIENT_SURGE_RESOURCES = code(
    "insufficient-surge-resources",
    """With `maxSurge`, the new pod starts while the old one still runs. If a node has no room for both, the new pod stays pending there, and
    the rollout waits forever.""",
    "warning",
)
PODS: Final = "pods"
MAX_SURGE: Final[Path] = (*UPDATE, "maxSurge")
# At most so many pairs of agents with one port are reported.
MOST: Final = 1_000


def misfits(
    agents: Sequence[Agent], nodes: Sequence[Node], uses: Sequence[Use], others: Mapping[str, RunningPods]
) -> Iterator[Problem]:
    """Yield a problem for each insufficient resource, with the first node of each pool."""
    seen: dict[tuple[str, str], list[str]] = {}
    first: dict[tuple[str, str], tuple[Use, str]] = {}
    for node, use in zip(nodes, uses, strict=True):
        if not node.allocatable or not use.agents:
            continue
        other = others[node.name].requests if node.name in others else {}
        needed = total([use.requests, {PODS: Quantity(len(use.agents))}])
        for resource, amount in needed.items():
            available = node.allocatable.get(resource)
            # A list of nodes may omit some of the standard resources; an extended resource that is not listed does not exist.
            if available is None and "/" not in resource:
                continue
            elsewhere = other.get(resource, ZERO)
            if amount and amount + elsewhere > (available or ZERO):
                key = (node.pool, resource)
                seen.setdefault(key, []).append(node.name)
                beside = f" and other pods {elsewhere}" if elsewhere else ""
                said = f"agents request {amount} {resource}{beside}, but {available or 0} is allocatable"
                first.setdefault(key, (use, said))
    for (pool, resource), names in seen.items():
        use, said = first[pool, resource]
        agent = max((agents[number] for number in use.agents), key=lambda agent: agent.requests.get(resource, ZERO))
        where = names[0] if len(names) == 1 else f"{len(names)} nodes of the pool {pool}, such as {names[0]}"
        path = _request(agent, resource)
        most = "" if resource == PODS else f"; {agent.shown} requests the most, {agent.requests.get(resource, ZERO)}"
        found, hint = f"on {where}: {said}{most}", "request less, or keep agents off these nodes"
        kind = INSUFFICIENT_NODE_RESOURCES
        yield at_own_line(kind.at(origin_at(agent.root, path), found, hint=hint, field=field_path(path)), agent.own)


def _request(agent: Agent, resource: str) -> Path:
    """Return the place where an agent requests a resource, or else that of its name."""
    for index, container in enumerate(agent.root.map("spec", "template", "spec").maps("containers")):
        for kind in ("requests", "limits"):
            if resource in container.map("resources", kind):
                return (*POD, "containers", index, "resources", kind, resource)
    return ("metadata", "name")


def ports_taken_twice(agents: Sequence[Agent], nodes: Sequence[Node], uses: Sequence[Use]) -> Iterator[Problem]:
    """Yield a problem for each port that two agents use on one node; of very many, only for the first."""
    where: dict[tuple[int, ...], list[Node]] = {}
    for node, use in zip(nodes, uses, strict=True):
        where.setdefault(use.agents, []).append(node)
    found: dict[tuple[int, int, HostPort, HostPort], list[Node]] = {}
    for chosen, members in where.items():
        takers: dict[tuple[int, str], dict[int, list[HostPort]]] = {}
        for number in chosen:
            for port in agents[number].ports:
                takers.setdefault((port.port, port.protocol), {}).setdefault(number, []).append(port)
        pairs = {pair for numbers in takers.values() for pair in islice(combinations(numbers, 2), MOST)}
        for one, other in sorted(pairs):
            for port in agents[other].ports:
                for taken in takers[port.port, port.protocol].get(one, ()):
                    key = (one, other, taken, port)
                    if port.clashes(taken) and (key in found or len(found) < MOST):
                        found.setdefault(key, []).extend(members)
    for (one, other, _, port), members in found.items():
        path = (*POD, *port.path)
        on = f"{len(members)} nodes, such as {members[0].name}" if len(members) > 1 else f"node {members[0].name}"
        said = f"{agents[other].shown} and {agents[one].shown} both use port {port} of {on}"
        hint = "change the port of one of the two, or run them on different nodes"
        agent = agents[other]
        problem = CONFLICTING_HOST_PORTS.at(origin_at(agent.root, path), said, hint=hint, field=field_path(path))
        yield at_own_line(problem, agent.own)


def occupied_ports(
    agents: Sequence[Agent], nodes: Sequence[Node], uses: Sequence[Use], others: Mapping[str, RunningPods]
) -> Iterator[Problem]:
    """Yield a problem for each port of an agent that other pods have on some of its nodes."""
    found: dict[tuple[int, HostPort], list[tuple[str, str]]] = {}
    for node, use in zip(nodes, uses, strict=True):
        if node.name not in others:
            continue
        taken: dict[tuple[int, str], list[tuple[str, HostPort]]] = {}
        for name, port in others[node.name].ports:
            taken.setdefault((port.port, port.protocol), []).append((name, port))
        for number in use.agents if taken else ():
            for port in agents[number].ports:
                there = [pod for pod, other in taken.get((port.port, port.protocol), ()) if port.clashes(other)]
                if there:
                    found.setdefault((number, port), []).append((node.name, there[0]))
    for (number, port), places in found.items():
        agent, (node_name, pod) = agents[number], places[0]
        path = (*POD, *port.path)
        on = (
            f"{len(places)} nodes, such as {node_name}, where pod {pod} uses"
            if len(places) > 1
            else f"node {node_name}: pod {pod} uses"
        )
        said = f"{agent.shown} is pending on {on} port {port}"
        hint = "change the port, or keep the agent off these nodes"
        problem = OCCUPIED_HOST_PORT.at(origin_at(agent.root, path), said, hint=hint, field=field_path(path))
        yield at_own_line(problem, agent.own)


def no_room_for_surge(
    agents: Sequence[Agent],
    nodes: Sequence[Node],
    uses: Sequence[Use],
    others: Mapping[str, RunningPods],
    surging: Mapping[int, Collection[str]],
) -> Iterator[Problem]:
    """Yield a problem for each of the agents that are `surging` whose new pod does not fit beside the old one on some of its nodes.

    Of each, these are the nodes on which no old pod waits for the new one: it is not ready and goes at once, or there is none.
    """
    found: dict[int, list[tuple[str, str, Quantity]]] = {}
    for node, use in zip(nodes, uses, strict=True):
        chosen = [number for number in use.agents if number in surging and node.name not in surging[number]]
        # The new pods of nodes that are down do not count against `maxSurge`, whether they fit or not.
        if not chosen or not node.ready:
            continue
        needed = total([use.requests, others[node.name].requests if node.name in others else {}])
        for number in chosen:
            for resource, amount in agents[number].requests.items():
                available = node.allocatable.get(resource)
                own = needed.get(resource, ZERO)
                # Where not even one fits, `misfits` says so.
                if available is not None and own <= available < own + amount:
                    found.setdefault(number, []).append((node.name, resource, amount))
                    break
    for number, places in found.items():
        agent, (name, resource, amount) = agents[number], places[0]
        on = f"{len(places)} nodes, such as {name}, have" if len(places) > 1 else f"node {name} has"
        said = (
            f"with `maxSurge`, {on} no room for a second pod of {agent.shown}, which requests {amount} {resource}: "
            "the rollout waits forever"
        )
        problem = INSUFFICIENT_SURGE_RESOURCES.at(
            origin_at(agent.root, MAX_SURGE),
            said,
            hint="use `maxUnavailable`, or request less",
            field=field_path(MAX_SURGE),
        )
        yield at_own_line(problem, agent.own)
