"""What agents take of a node, as bars: identical nodes share theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dsgen.kubernetes.scheduling.placement import Node
from dsgen.kubernetes.schema.quantity import ZERO
from dsgen.page.page import natural
from dsgen.plan.agent import Agent
from dsgen.plan.plan import Plan
from dsgen.plan.text import COLUMNS, names_of, percent
from dsgen.plan.use import Use, share_of
from dsgen.problem import plural
from dsgen.record import Record

# The length of a bar in its own unit: fine enough that no rounding is visible.
LENGTH: Final = 100_000
# What is shorter is drawn as one part: nobody could tell the agents apart. The table below the bars has them all.
_SHORTEST: Final = LENGTH // 500
# Of each pool, at most so many kinds of nodes are shown: the fullest ones.
MOST_KINDS: Final = 4


class Part(Record):
    """A part of a bar: from where, how long, which agent (by its number) or -1 for several, and what it says."""

    start: int
    length: int
    number: int
    said: str


class Bar(Record):
    """One resource of identical nodes: each agent's share of what is allocatable. `limit` is where that ends, if more is requested."""

    resource: str
    parts: list[Part]
    share: float
    said: str
    limit: int

    @property
    def state(self) -> str:
        """`over` if more is requested than is allocatable, else `fits`."""
        return "over" if self.share > 1 else "fits"


class KindOfNode(Record):
    """Identical nodes of a pool, with their bars, and a row for each agent: its number, its name, and what it requests of each resource."""

    pool: str
    names: str
    bars: list[Bar]
    rows: list[tuple[int, str, list[str]]]


class PoolBars(Record):
    """A pool with its kinds of nodes, the fullest first; of very many, `more` are left out."""

    name: str
    kinds: list[KindOfNode]
    more: int


def bars_of(plan: Plan) -> Iterator[PoolBars]:
    """Yield the pools of which something is known, in the order of the plan."""
    alike: dict[str, dict[tuple[object, ...], list[tuple[Node, Use]]]] = {}
    for node, use in zip(plan.nodes, plan.uses, strict=True):
        allocatable = tuple(str(node.allocatable.get(name, "")) for name in COLUMNS)
        alike.setdefault(node.pool, {}).setdefault((*allocatable, use.agents), []).append((node, use))
    agents = [placed.agent for placed in plan.placed]
    for pool in plan.pools:
        groups = [
            (share_of(pairs[0][1].requests, pairs[0][0].allocatable), pairs) for pairs in alike[pool.name].values()
        ]
        groups = sorted(
            ((shares, pairs) for shares, pairs in groups if shares), key=lambda each: -max(each[0].values())
        )
        if groups:
            kinds = [_kind(shares, pairs, agents) for shares, pairs in groups[:MOST_KINDS]]
            yield PoolBars(pool.name, kinds, max(0, len(groups) - MOST_KINDS))


def _kind(shares: dict[str, float], pairs: list[tuple[Node, Use]], agents: Sequence[Agent]) -> KindOfNode:
    node, use = pairs[0]
    resources = sorted(shares, key=lambda name: (name not in COLUMNS, name))
    own = {number: share_of(agents[number].requests, node.allocatable) for number in use.agents}
    bars = [_bar(name, shares[name], node, use, agents, own) for name in resources]
    rows = []
    for number in sorted(use.agents, key=lambda number: -max(own[number].values(), default=0)):
        amounts = agents[number].requests
        said = [
            f"{amounts[name]} ({percent(own[number][name])})" if amounts.get(name) and name in own[number] else "-"
            for name in resources
        ]
        rows.append((number, agents[number].shown, said))
    nodes = sorted((each for each, _ in pairs), key=lambda each: natural(each.name))
    return KindOfNode(node.pool, names_of(nodes), bars, rows)


def _bar(
    name: str, share: float, node: Node, use: Use, agents: Sequence[Agent], own: dict[int, dict[str, float]]
) -> Bar:
    taking = [number for number in use.agents if agents[number].requests.get(name)]
    taking.sort(key=lambda number: agents[number].requests[name], reverse=True)
    # The divisor of the parts, so that the bar never overflows.
    scale = max(share, 1)
    parts: list[Part] = []
    small: list[int] = []
    reached, drawn = 0.0, 0
    for number in taking:
        reached += own[number][name]
        # Each part begins exactly where the one before it ends, so there are no gaps.
        end = min(round(reached / scale * LENGTH), LENGTH)
        if end - drawn < _SHORTEST:
            # All that follow are not larger.
            small = taking[len(parts) :]
            break
        parts.append(
            Part(
                drawn,
                end - drawn,
                number,
                f"{agents[number].shown}: {agents[number].requests[name]} ({percent(own[number][name])})",
            )
        )
        drawn = end
    end = round(share / scale * LENGTH)
    if small and end > drawn:
        parts.append(
            Part(
                drawn,
                end - drawn,
                -1,
                f"{plural(len(small), 'agent')} with less than {percent(_SHORTEST / LENGTH * scale)} each",
            )
        )
    said = f"{use.requests.get(name, ZERO)} of {node.allocatable[name]}"
    return Bar(name, parts, share, said, round(LENGTH / scale) if share > 1 else 0)
