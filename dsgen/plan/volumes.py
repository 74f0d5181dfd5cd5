"""Volumes that cannot be attached, since nodes have a limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dsgen.generate.own_line import at_own_line
from dsgen.kubernetes.scheduling.node_selection import text
from dsgen.kubernetes.scheduling.placement import Node, origin_at
from dsgen.kubernetes.schema.paths import POD, field_path
from dsgen.plan.agent import Agent
from dsgen.plan.use import Use
from dsgen.problem import Problem, code, plural

EXCESSIVE_NODE_VOLUMES = code(
    "excessive-node-volumes",
    """The agents of a node need more volumes of a CSI driver than can be attached to it, by the `allocatable.count` of its CSINode. A pod stays pending
    forever. Counted are the generic ephemeral volumes of the agents whose StorageClass is known; inline volumes of the source `csi` have no limit.""",
)


def too_many_volumes(agents: Sequence[Agent], nodes: Sequence[Node], uses: Sequence[Use]) -> Iterator[Problem]:
    """Yield a problem for each driver of which the agents need more volumes than a node takes, with the first node of each pool."""
    if not any(node.attachable for node in nodes):
        return
    classes = [list(_classes(agent)) for agent in agents]
    found: dict[tuple[str, str], list[tuple[Node, int, int, int]]] = {}
    for node, use in zip(nodes, uses, strict=True):
        counts: dict[str, dict[int, int]] = {}
        for number in use.agents:
            for _, name in classes[number]:
                if name in node.attachable:
                    of_driver = counts.setdefault(node.attachable[name][0], {})
                    of_driver[number] = of_driver.get(number, 0) + 1
        limits = dict(node.attachable.values())
        for driver, of_agents in counts.items():
            if sum(of_agents.values()) > limits[driver]:
                most = max(of_agents, key=lambda number: of_agents[number])
                here = (node, sum(of_agents.values()), limits[driver], most)
                found.setdefault((node.pool, driver), []).append(here)
    for (pool, driver), places in found.items():
        node, count, limit, most = places[0]
        agent = agents[most]
        index = next(index for index, name in classes[most] if node.attachable.get(name, ("", 0))[0] == driver)
        where = f"{len(places)} nodes of the pool {pool}, such as {node.name}" if len(places) > 1 else node.name
        said = f"on {where}: agents need {plural(count, 'volume')} of {driver}, but {limit} can be attached; {agent.shown} needs the most"
        path = (*POD, "volumes", index)
        hint = "use fewer `ephemeral` volumes, or keep agents off these nodes"
        problem = EXCESSIVE_NODE_VOLUMES.at(origin_at(agent.root, path), said, hint=hint, field=field_path(path))
        yield at_own_line(problem, agent.own)


def _classes(agent: Agent) -> Iterator[tuple[int, str]]:
    """Yield the StorageClass of each generic ephemeral volume that sets one, with the index of the volume."""
    for index, volume in enumerate(agent.root.map("spec", "template", "spec").maps("volumes")):
        name = text(volume.map("ephemeral", "volumeClaimTemplate", "spec").get("storageClassName"))
        if name:
            yield index, name
