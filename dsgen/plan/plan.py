"""The plan: each DaemonSet's nodes, what all of them request from each node, and conflicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dsgen.generate.own_line import at_own_line
from dsgen.kubernetes.scheduling import rollout
from dsgen.kubernetes.scheduling.placement import Decision, Node, origin_at
from dsgen.kubernetes.scheduling.pod_requests import Amounts, total
from dsgen.kubernetes.scheduling.pods import OwnPod, RunningPods, together
from dsgen.kubernetes.scheduling.rollout import Rollout
from dsgen.kubernetes.schema.paths import field_path
from dsgen.plan import reserve_problems
from dsgen.plan.agent import Agent
from dsgen.plan.conflicts import misfits, no_room_for_surge, occupied_ports, ports_taken_twice
from dsgen.plan.pods import misscheduled, never_started
from dsgen.plan.reserve import Reservations, reservations
from dsgen.plan.use import Use, share_of, use_of
from dsgen.plan.volumes import too_many_volumes
from dsgen.problem import Problem, code
from dsgen.record import Record

RUNS_NOWHERE = code(
    "runs-nowhere",
    """The agent runs on none of the nodes: each lacks a label that it requires, or has a taint that it does not tolerate. The plan shows
    which. This is a mistake, unless the agent is for nodes that are not in the plan.""",
    "warning",
)
# Kubernetes' SystemCriticalPriority: the kubelet does not evict pods of at least this priority.
CRITICAL: Final = 2_000_000_000


class PlacedAgent(Record):
    """A DaemonSet: the nodes where it runs, the excluded nodes with the first reason, those among them where a pod that is there is `left`,
    and how a change is rolled out.
    """

    agent: Agent
    nodes: list[Node]
    excluded: list[tuple[Node, Decision]]
    left: list[Node]
    rollout: Rollout


class Pool(Record):
    """Nodes of one pool: what all agents request there together, and the largest share of a node by resource."""

    name: str
    nodes: list[Node]
    use: Use
    allocatable: Amounts
    shares: dict[str, float]


class Plan(Record):
    """The plan of DaemonSets on nodes. `uses` are in the order of `nodes`."""

    placed: list[PlacedAgent]
    nodes: list[Node]
    uses: list[Use]
    pools: list[Pool]
    problems: list[Problem]
    reservations: Reservations

    @property
    def evicted(self) -> list[Agent]:
        """The agents in the order in which they are evicted by priority under node pressure; critical ones are not."""
        known = (each.agent for each in self.placed if (each.agent.priority or 0) < CRITICAL)
        return sorted(known, key=lambda agent: (agent.priority or 0, agent.namespace, agent.name))


def plan(
    agents: Sequence[Agent],
    nodes: list[Node],
    others: Mapping[str, RunningPods],
    start_up: int,
    own: Mapping[tuple[str, str], Mapping[str, OwnPod]] | None = None,
    shut_down: int | None = None,
) -> Plan:
    """Return the plan of `agents` on `nodes`.

    `others` are the pods that are there besides, by node name, and `own` those of the agents, if the pods of the cluster are known. A pod is
    ready `start_up` seconds after its creation, and ends in `shut_down` seconds, if that is known.
    """
    placed = []
    # Of each agent, the nodes that are up where no pod of it is ready.
    idle_nodes: list[set[str]] = []
    problems: list[Problem] = []
    others = dict(others)
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
        left = [node for node, decision in excluded if decision.stays]
        unready = without = 0
        idle: set[str] = set()
        if own is not None:
            pods = own.get((agent.namespace, agent.name), {})
            left = [node for node in left if node.name in pods]
            # Without any pod the DaemonSet is not there yet: then the plan is that of a later change.
            idle = {node.name for node in runs if node.ready and not _has_ready(pods, node.name)} if pods else set()
            unready = sum(name in pods for name in idle)
            without = len(idle) - unready
            for node in left:
                others[node.name] = together([others.get(node.name), pods[node.name].pod])
            problems += misscheduled(agent, left)
        of_change = rollout.rollout(agent.root, runs, start_up, left, unready, shut_down, without)
        idle_nodes.append(idle)
        placed.append(PlacedAgent(agent, runs, excluded, left, of_change))
    known: dict[tuple[int, ...], Use] = {}
    uses = [known.get(chosen) or known.setdefault(chosen, use_of(agents, chosen)) for chosen in map(tuple, here)]
    problems += [
        at_own_line(problem, each.agent.own)
        for each, idle in zip(placed, idle_nodes, strict=True)
        for problem in rollout.problems(each.agent.root, each.nodes, each.left, idle)
    ]
    problems += (_runs_nowhere(each) for each in placed if nodes and not each.nodes)
    problems += (problem for each in placed for problem in never_started(each.agent, each.nodes))
    problems += ports_taken_twice(agents, nodes, uses)
    problems += occupied_ports(agents, nodes, uses, others)
    problems += misfits(agents, nodes, uses, others)
    problems += too_many_volumes(agents, nodes, uses)
    surging = {
        number: free for number, (each, free) in enumerate(zip(placed, idle_nodes, strict=True)) if each.rollout.surge
    }
    problems += no_room_for_surge(agents, nodes, uses, others, surging)
    reserved = reservations(agents, nodes)
    problems += reserve_problems.problems(reserved)
    return Plan(placed, nodes, uses, list(_pools(nodes, uses)), problems, reserved)


def _has_ready(pods: Mapping[str, OwnPod], node: str) -> bool:
    return node in pods and pods[node].is_ready


def _runs_nowhere(placed: PlacedAgent) -> Problem:
    decisions = Counter(decision for _, decision in placed.excluded)
    (most, count), root = decisions.most_common(1)[0], placed.agent.root
    among = "" if count == len(placed.excluded) else f" on {count} of them"
    of = f"{len(placed.excluded)} nodes" if len(placed.excluded) > 1 else "1 node"
    found = f"{placed.agent.shown} runs on none of {of}:{among} {most.reason}"
    hint = "require only labels that nodes have, and tolerate their taints, or leave the agent out of this plan"
    problem = RUNS_NOWHERE.at(origin_at(root, most.path), found, hint=hint, field=field_path(most.path))
    return at_own_line(problem, placed.agent.own)


def _pools(nodes: Sequence[Node], uses: Sequence[Use]) -> Iterator[Pool]:
    members: dict[str, list[tuple[Node, Use]]] = {}
    for node, use in zip(nodes, uses, strict=True):
        members.setdefault(node.pool, []).append((node, use))
    for name, pairs in sorted(members.items()):
        numbers = tuple(sorted({number for _, use in pairs for number in use.agents}))
        limits = total(use.limits for _, use in pairs)
        limited = {
            each: limit for each, limit in limits.items() if all(each in use.limits for _, use in pairs if use.agents)
        }
        whole = Use(numbers, total(use.requests for _, use in pairs), limited)
        shares: dict[str, float] = {}
        for node, own in pairs:
            for resource, share in share_of(own.requests, node.allocatable).items():
                shares[resource] = max(share, shares.get(resource, 0))
        its = [node for node, _ in pairs]
        yield Pool(name, its, whole, total(node.allocatable for node in its), shares)
