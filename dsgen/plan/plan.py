"""The plan: each DaemonSet's nodes, what all of them take from each node, and what cannot work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from dsgen.kubernetes import rollout
from dsgen.kubernetes.admission.rule import write
from dsgen.kubernetes.placement import POD, Decision, Node, origin_at
from dsgen.kubernetes.pod_requests import Amounts, HostPort, total
from dsgen.kubernetes.quantity import ZERO, Quantity
from dsgen.kubernetes.rollout import Rollout
from dsgen.plan.agent import Agent
from dsgen.problem import Problem, code
from dsgen.tree import Path

DOES_NOT_FIT = code(
    "does-not-fit",
    """All agents of a node, and what else is known to run there, request more than is allocatable on it: a pod would wait for
    ever, or push others off the node.""",
)
HOST_PORT_TWICE = code(
    "host-port-twice",
    "Two agents take the same port of a node, and there are nodes where both should run: one of the two pods waits for ever.",
)
PODS: Final = "pods"
# Kubernetes' SystemCriticalPriority: the kubelet does not evict what has at least this.
CRITICAL: Final = 2_000_000_000
_USUAL: Final = ("cpu", "memory", "ephemeral-storage", PODS)


class Placed(NamedTuple):
    """A DaemonSet: the nodes where it runs, the others with the first reason, and how a change is rolled out."""

    agent: Agent
    nodes: list[Node]
    excluded: list[tuple[Node, Decision]]
    rollout: Rollout


class Use(NamedTuple):
    """What agents take: requests, and limits for what each of them has one for."""

    agents: tuple[int, ...]
    requests: Amounts
    limits: Amounts


class Pool(NamedTuple):
    """Nodes of one pool: what all agents take there together, and the largest share of a node by resource."""

    name: str
    nodes: list[Node]
    use: Use
    allocatable: Amounts
    shares: dict[str, float]


class Plan(NamedTuple):
    """What DaemonSets mean for nodes. `uses` are in the order of `nodes`."""

    placed: list[Placed]
    nodes: list[Node]
    uses: list[Use]
    pools: list[Pool]
    problems: list[Problem]

    @property
    def evicted(self) -> list[Agent]:
        """The agents in the order in which priority would let them go when a node runs short; critical ones stay."""
        known = (each.agent for each in self.placed if (each.agent.priority or 0) < CRITICAL)
        return sorted(known, key=lambda agent: (agent.priority or 0, agent.namespace, agent.name))


def plan(agents: Sequence[Agent], nodes: list[Node], others: Mapping[str, Amounts], start_up: int) -> Plan:
    """Return the plan of `agents` on `nodes`.

    `others` is what else is requested on a node, by its name; a pod is ready `start_up` seconds after its creation.
    """
    placed = []
    here: list[list[int]] = [[] for _ in nodes]
    for number, agent in enumerate(agents):
        runs, excluded = [], []
        for index, node in enumerate(nodes):
            decision = agent.placement.decide(node)
            if decision.runs:
                runs.append(node)
                here[index].append(number)
            else:
                excluded.append((node, decision))
        placed.append(Placed(agent, runs, excluded, rollout.rollout(agent.root, len(runs), start_up)))
    known: dict[tuple[int, ...], Use] = {}
    uses = [known.get(chosen) or known.setdefault(chosen, _use(agents, chosen)) for chosen in map(tuple, here)]
    problems = [problem for each in placed for problem in rollout.problems(each.agent.root, each.nodes)]
    problems += _port_problems(agents, nodes, uses)
    problems += _misfits(agents, nodes, uses, others)
    return Plan(placed, nodes, uses, list(_pools(nodes, uses)), problems)


def _use(agents: Sequence[Agent], chosen: tuple[int, ...]) -> Use:
    each = [agents[number] for number in chosen]
    names = {name for agent in each for name in agent.limits}
    limited = {name for name in names if all(name in agent.limits for agent in each)}
    limits = total({name: amount for name, amount in agent.limits.items() if name in limited} for agent in each)
    return Use(chosen, total(agent.requests for agent in each), limits)


def _pools(nodes: Sequence[Node], uses: Sequence[Use]) -> Iterator[Pool]:
    for name in sorted({node.pool for node in nodes}):
        pairs = [(node, use) for node, use in zip(nodes, uses, strict=True) if node.pool == name]
        numbers = tuple(sorted({number for _, use in pairs for number in use.agents}))
        limits = total(use.limits for _, use in pairs)
        limited = {
            each: limit for each, limit in limits.items() if all(each in use.limits for _, use in pairs if use.agents)
        }
        use = Use(numbers, total(use.requests for _, use in pairs), limited)
        shares: dict[str, float] = {}
        for node, own in pairs:
            for resource, share in share_of(own.requests, node.allocatable).items():
                shares[resource] = max(share, shares.get(resource, 0))
        members = [node for node, _ in pairs]
        yield Pool(name, members, use, total(node.allocatable for node in members), shares)


def share_of(requested: Amounts, allocatable: Mapping[str, Quantity]) -> dict[str, float]:
    """Return which share of what is allocatable is requested, by resource."""
    known = (name for name in requested if allocatable.get(name))
    return {name: _number(requested[name]) / _number(allocatable[name]) for name in known}


def _number(amount: Quantity) -> float:
    return amount.number * 10.0**amount.scale


def _misfits(
    agents: Sequence[Agent], nodes: Sequence[Node], uses: Sequence[Use], others: Mapping[str, Amounts]
) -> Iterator[Problem]:
    """Yield a problem for each resource that does not suffice, with the first node of each pool."""
    seen: dict[tuple[str, str], list[str]] = {}
    first: dict[tuple[str, str], tuple[Use, str]] = {}
    for node, use in zip(nodes, uses, strict=True):
        if not node.allocatable or not use.agents:
            continue
        other = others.get(node.name, {})
        needed = total([use.requests, {PODS: Quantity(len(use.agents))}])
        for resource, amount in needed.items():
            available = node.allocatable.get(resource)
            if available is None and (resource in _USUAL or "/" not in resource):
                continue
            elsewhere = other.get(resource, ZERO)
            if amount and amount + elsewhere > (available or ZERO):
                key = (node.pool, resource)
                seen.setdefault(key, []).append(node.name)
                beside = f" and other pods {elsewhere}" if elsewhere else ""
                first.setdefault(
                    key, (use, f"agents request {amount} {resource}{beside}, and {available or 0} is allocatable")
                )
    for (pool, resource), names in seen.items():
        use, said = first[pool, resource]
        agent = max((agents[number] for number in use.agents), key=lambda agent: agent.requests.get(resource, ZERO))
        where = names[0] if len(names) == 1 else f"{len(names)} nodes of the pool {pool}, such as {names[0]}"
        path = _request(agent, resource)
        most = "" if resource == PODS else f"; {agent.shown} requests the most, {agent.requests.get(resource, ZERO)}"
        yield DOES_NOT_FIT.at(
            origin_at(agent.root, path), f"on {where}: {said}{most}", hint="request less, or keep agents off these nodes", field=write(path)
        )  # fmt: skip


def _request(agent: Agent, resource: str) -> Path:
    """Return the place where an agent requests a resource, or its name where none does."""
    pod: object = agent.root
    for step in POD:
        pod = pod.get(step) if isinstance(pod, dict) else None
    containers = pod.get("containers") if isinstance(pod, dict) else None
    for index, container in enumerate(containers if isinstance(containers, list) else ()):
        for kind in ("requests", "limits"):
            if resource in ((container.get("resources") or {}).get(kind) or {}):
                return (*POD, "containers", index, "resources", kind, resource)
    return ("metadata", "name")


def _port_problems(agents: Sequence[Agent], nodes: Sequence[Node], uses: Sequence[Use]) -> Iterator[Problem]:
    where: dict[tuple[int, ...], list[Node]] = {}
    for node, use in zip(nodes, uses, strict=True):
        where.setdefault(use.agents, []).append(node)
    found: dict[tuple[int, int, HostPort, HostPort], list[Node]] = {}
    for chosen, members in where.items():
        taking = [number for number in chosen if agents[number].ports]
        for one, other in combinations(taking, 2):
            for port in agents[other].ports:
                for taken in agents[one].ports:
                    if port.clashes(taken):
                        found.setdefault((one, other, taken, port), []).extend(members)
    for (one, other, _, port), members in found.items():
        path = (*POD, *port.path)
        on = f"{len(members)} nodes, such as {members[0].name}" if len(members) > 1 else f"node {members[0].name}"
        said = f"{agents[other].shown} and {agents[one].shown} both take port {port} of {on}"
        hint = "give one of the two another port, or keep them on different nodes"
        yield HOST_PORT_TWICE.at(origin_at(agents[other].root, path), said, hint=hint, field=write(path))
