"""A plan as an HTML page: one file, without scripts or network requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from dsgen.kubernetes.scheduling.placement import Node
from dsgen.kubernetes.schema.quantity import ZERO
from dsgen.plan.agent import Agent
from dsgen.plan.plan import CRITICAL, PlacedAgent, Plan
from dsgen.plan.reserve_problems import described
from dsgen.plan.text import COLUMNS, RESERVED, duration, names_of, percent, place_of, reserved_rows, rollout
from dsgen.plan.use import Use, share_of
from dsgen.problem import Problem, plural
from dsgen.record import Record

TEMPLATE: Final = Path(__file__).with_name("page.html.j2")
# The page has at most so many rows.
MOST_BARS: Final = 12
MOST_REASONS: Final = 20


class Cell(Record):
    """An agent in a pool: on how many nodes it runs, and why not on the others."""

    runs: int
    nodes: int
    reasons: list[tuple[str, str, str]]

    @property
    def state(self) -> str:
        """`all`, `some` or `none` of the nodes."""
        return "all" if self.runs == self.nodes else "some" if self.runs else "none"


class Bar(Record):
    """One resource of identical nodes: each agent's share of what is allocatable."""

    resource: str
    parts: list[tuple[str, str, float, int]]
    share: float
    said: str

    @property
    def state(self) -> str:
        """`over` if more is requested than is allocatable, else `fits`."""
        return "over" if self.share > 1 else "fits"

    @property
    def scale(self) -> float:
        """The divisor of the parts, so that the bar never overflows."""
        return max(self.share, 1)


class PoolRows(Record):
    """Identical nodes of a pool, with their bars."""

    pool: str
    names: str
    bars: list[Bar]


def as_page(plan: Plan, problems: Iterable[Problem]) -> str:
    """Return a plan as HTML."""
    # Imported only here: nothing else in a plan needs templates.
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals.update(plural=plural, percent=percent)
    longest = max((placed.rollout.seconds for placed in plan.placed), default=0) or 1
    groups = list(_groups(plan))
    page = environment.from_string(TEMPLATE.read_text("utf-8"))
    return page.render(
        plan=plan,
        problems=list(problems),
        rows=[(placed, list(_cells(plan, placed))) for placed in plan.placed],
        groups=groups[:MOST_BARS],
        reserved=list(reserved_rows(plan.reservations)),
        reserved_columns=RESERVED,
        differences=list(map(described, plan.reservations.differences)),
        more_groups=max(0, len(groups) - MOST_BARS),
        rollouts=[(placed, rollout(placed.rollout), placed.rollout.seconds / longest) for placed in plan.placed],
        longest=duration(longest),
        evicted=[(agent.shown, _worth(agent)) for agent in plan.evicted],
        critical=[placed.agent.shown for placed in plan.placed if (placed.agent.priority or 0) >= CRITICAL],
    )


def _worth(agent: Agent) -> str:
    return f"class {agent.priority_class}, value unknown" if agent.priority is None else str(agent.priority)


def _cells(plan: Plan, placed: PlacedAgent) -> Iterator[Cell]:
    by_pool: dict[str, dict[tuple[str, str], list[Node]]] = {}
    for node, decision in placed.excluded:
        place = place_of(placed.agent.root, decision.path)
        by_pool.setdefault(node.pool, {}).setdefault((decision.reason, place), []).append(node)
    for pool in plan.pools:
        found = by_pool.get(pool.name, {})
        excluded = sum(map(len, found.values()))
        reasons = [(names_of(nodes), reason, place) for (reason, place), nodes in found.items()]
        yield Cell(len(pool.nodes) - excluded, len(pool.nodes), reasons[:MOST_REASONS])


def _groups(plan: Plan) -> Iterator[PoolRows]:
    alike: dict[tuple[object, ...], list[tuple[Node, Use]]] = {}
    for node, use in zip(plan.nodes, plan.uses, strict=True):
        allocatable = tuple(str(node.allocatable.get(name, "")) for name in COLUMNS)
        alike.setdefault((node.pool, *allocatable, use.agents), []).append((node, use))
    agents = [placed.agent for placed in plan.placed]
    for pairs in sorted(alike.values(), key=lambda pairs: pairs[0][0].pool):
        node, use = pairs[0]
        bars = list(_bars(node, use, agents))
        if bars:
            yield PoolRows(node.pool, names_of([each for each, _ in pairs]), bars)


def _bars(node: Node, use: Use, agents: list[Agent]) -> Iterator[Bar]:
    shares = share_of(use.requests, node.allocatable)
    for name in sorted(shares, key=lambda name: (name not in COLUMNS, name)):
        share = shares[name]
        taking = [(number, agents[number]) for number in use.agents if agents[number].requests.get(name)]
        parts = [
            (agent.shown, str(agent.requests[name]), share_of(agent.requests, node.allocatable)[name], number)
            for number, agent in sorted(taking, key=lambda each: each[1].requests[name], reverse=True)
        ]
        said = f"{use.requests.get(name, ZERO)} of {node.allocatable[name]}"
        yield Bar(name, parts, share, said)
