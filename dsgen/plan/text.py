"""A plan as text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.scheduling.instance_types import AUTOSCALERS
from dsgen.kubernetes.scheduling.placement import InstanceType, Node, origin_at
from dsgen.kubernetes.scheduling.rollout import Rollout
from dsgen.plan.plan import CRITICAL, PlacedAgent, Plan
from dsgen.plan.reserve import Reservations
from dsgen.plan.reserve_problems import described, types_of
from dsgen.problem import plural
from dsgen.tree import Map, Path

# The columns of the table.
COLUMNS = ("cpu", "memory")
RESERVED = ("pods", "cpu", "memory", "ephemeral-storage")
_MOST = 3
# Who needs or reserves what, in the order of the columns.
Rows = tuple[tuple[str, tuple[str, ...]], ...]


def as_text(plan: Plan) -> str:
    """Return a plan as text: each DaemonSet with its nodes, and the requests in each pool."""
    parts = ["".join(_daemonset(placed)) for placed in plan.placed]
    if plan.placed and plan.nodes:
        parts.append("".join(_pools(plan)))
        if plan.reservations.types:
            parts.append("".join(_reservations(plan.reservations)))
        parts.append("".join(_eviction(plan)))
    return "\n".join(parts)


def _daemonset(placed: PlacedAgent) -> Iterator[str]:
    every = len(placed.nodes) + len(placed.excluded)
    yield f"{placed.agent.shown}: {len(placed.nodes)} of {plural(every, 'node')}\n"
    for pools, nodes, reason, place in reasons(placed):
        at = f" ({place})" if place else ""
        yield f"  not on {names_of(nodes)} of {', '.join(pools)}: {reason}{at}\n"
    if placed.nodes:
        yield f"  rollout: {rollout(placed.rollout)}\n"


def reasons(placed: PlacedAgent) -> Iterator[tuple[list[str], list[Node], str, str]]:
    """Yield each reason that excludes nodes: the pools, the nodes, the reason, and the place of the condition in a file."""
    groups: dict[tuple[str, Path], list[Node]] = {}
    for node, decision in placed.excluded:
        groups.setdefault((decision.reason, decision.path), []).append(node)
    for (reason, path), nodes in groups.items():
        pools = sorted({node.pool for node in nodes})
        yield pools, nodes, reason, place_of(placed.agent.root, path)


def place_of(root: Map, path: Path) -> str:
    """Return the place of the condition that excludes a node, as `file:line:column`, or an empty string if it has none."""
    origin = origin_at(root, path)
    named = origin_at(root, ("metadata", "name"))
    return str(origin) if origin and origin != named else ""


def rollout(plan: Rollout) -> str:
    """Describe how a change is rolled out."""
    if plan.strategy != "RollingUpdate":
        return f"{plan.strategy}: a pod is replaced when you delete it"
    if plan.nodes and not plan.at_once:
        pod = "no ready pod" if plan.unready else "no pod"
        return f"{pod} is replaced while {'a node is' if plan.down == 1 else f'{plan.down} nodes are'} down"
    surge = ", new before old" if plan.surge else ""
    longest = f", at most {duration(plan.most_seconds)}" if plan.most_seconds > plan.seconds else ""
    unready = ""
    if plan.unready:
        unready = f"; {plural(plan.unready, 'pod')} that {'is' if plan.unready == 1 else 'are'} not ready {'is' if plan.unready == 1 else 'are'} replaced at once"
    waves, time = plural(plan.waves, "wave"), f"about {duration(plan.seconds)}{longest}"
    return f"{plural(plan.at_once, 'pod')} at a time{surge}, {waves}, {time}{unready}"


def _eviction(plan: Plan) -> Iterator[str]:
    """Yield the order in which agents are evicted under node pressure, and which are never evicted."""
    worth: dict[str, list[str]] = {}
    for agent in plan.evicted:
        unknown = f"class {agent.priority_class}, whose value is unknown"
        worth.setdefault(unknown if agent.priority is None else str(agent.priority), []).append(agent.shown)
    critical = [each.agent.shown for each in plan.placed if (each.agent.priority or 0) >= CRITICAL]
    yield "eviction order under node pressure:\n"
    yield from (f"  priority {priority}: {', '.join(names)}\n" for priority, names in worth.items())
    yield f"  never evicted (critical): {', '.join(critical)}\n" if critical else ""


def _pools(plan: Plan) -> Iterator[str]:
    """Yield a table: for each pool, what all agents request there, the largest share of a node, and the limits."""
    columns = [f"{name} {kind}" for name in COLUMNS for kind in ("requests", "of a node", "limits")]
    rows = [["pool", "nodes", "agents", *columns]]
    for pool in plan.pools:
        row = [pool.name, str(len(pool.nodes)), str(len(pool.use.agents))]
        for name in COLUMNS:
            share = pool.shares.get(name)
            row += [
                str(pool.use.requests.get(name, "-")),
                "-" if share is None else percent(share),
                str(pool.use.limits.get(name, "-")),
            ]
        rows.append(row)
    yield from table(rows)


def _reservations(found: Reservations) -> Iterator[str]:
    """Yield a table of what pods need on a new node of each instance type and what autoscalers reserve, and why they differ."""
    yield "what autoscalers reserve for these agents on a new node:\n"
    yield from table(
        [["instance type", "", *RESERVED], *([name, of, *amounts] for name, of, amounts in reserved_rows(found))]
    )
    yield from (f"  {described(each)}\n" for each in found.differences)


def reserved_rows(found: Reservations) -> Iterator[tuple[str, str, list[str]]]:
    """Yield rows of a table: instance types for which the same is reserved, by whom, and the amounts."""
    alike: dict[tuple[str, Rows], list[InstanceType]] = {}
    for each in found.types:
        lines = (("needed", each.needed), *((AUTOSCALERS[name], amounts) for name, amounts in each.reserved.items()))
        rows = tuple((of, tuple(str(amounts.get(name) or "-") for name in RESERVED)) for of, amounts in lines)
        alike.setdefault((each.type.pool, rows), []).append(each.type)
    for (_, rows), types in alike.items():
        for index, (of, amounts) in enumerate(rows):
            yield "" if index else types_of(types), of, list(amounts)


def table(rows: list[list[str]]) -> Iterator[str]:
    """Yield the lines of a table; the first column is left-aligned, the others are right-aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        first, *others = row
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        yield "  ".join(cells).rstrip() + "\n"


def names_of(nodes: list[Node]) -> str:
    """Return the number of nodes, with the names of a few."""
    names = ", ".join(node.name for node in nodes[:_MOST])
    return f"{plural(len(nodes), 'node')} ({names}{', …' if len(nodes) > _MOST else ''})"


def percent(share: float) -> str:
    """Return a share as a percentage; a share above 0 is never shown as 0."""
    return f"{share:.0%}" if share >= 0.095 or not share else f"{share:.1%}"


def duration(seconds: int) -> str:
    """Return a duration in its two largest units."""
    units = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    said = [f"{number} {unit}" for number, unit in units if number]
    return " ".join(said[:2]) or "0 s"
