"""A plan as an HTML page: one file, without network requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from dsgen.kubernetes.scheduling.placement import Node
from dsgen.page.page import natural, render
from dsgen.plan.agent import Agent
from dsgen.plan.bars import LENGTH, bars_of
from dsgen.plan.concerned import Concerned
from dsgen.plan.plan import CRITICAL, PlacedAgent, Plan
from dsgen.plan.reserve_problems import described
from dsgen.plan.text import RESERVED, duration, names_of, percent, place_of, reserved_rows, rollout
from dsgen.problem import Problem, plural
from dsgen.record import Record

TEMPLATE: Final = Path(__file__).with_name("page.html.j2")
# Of an agent, at most so many reasons are shown; of a problem, so many of its agents, and so many reasons when one points at a cell.
MOST_REASONS: Final = 20
MOST_NAMES: Final = 5
MOST_HINTS: Final = 4
# Groups of problems are open if there are at most so many problems; errors always are.
MOST_OPEN: Final = 30
# The waves of a rollout are marked if each is at least this part of the longest one, some pixels.
SHORTEST_WAVE: Final = 0.015
SEVERITIES: Final = ("error", "warning", "note")


class Cell(Record):
    """An agent in a pool: on how many nodes it runs, and why not on the others."""

    runs: int
    nodes: int
    reasons: str

    @property
    def state(self) -> str:
        """`all`, `some` or `none` of the nodes."""
        return "all" if self.runs == self.nodes else "some" if self.runs else "none"


class Shown(Record):
    """A problem: its number on the page, the numbers of its agents, the pools in which they run, and what it is found by."""

    problem: Problem
    number: int
    agents: list[int]
    pools: str
    text: str


class Alike(Record):
    """Problems that differ only in their place: they are shown as one."""

    problem: Problem
    places: list[Shown]

    @property
    def text(self) -> str:
        """What the filter by name finds them by."""
        return " ".join(each.text for each in self.places)

    @property
    def pools(self) -> str:
        """The numbers of the pools in which their agents run."""
        return _words({int(number) for each in self.places for number in each.pools.split()})


class ProblemGroup(Record):
    """Problems of one code."""

    severity: str
    code: str
    number: int
    problems: list[Alike]
    is_open: bool


class Row(Record):
    """An agent: its number, its cells, and its problems."""

    number: int
    placed: PlacedAgent
    cells: list[Cell]
    problems: list[Shown]

    @property
    def words(self) -> str:
        """What the filter by problem finds it by."""
        return " ".join(
            sorted({word for each in self.problems for word in ("any", each.problem.severity, each.problem.code)})
        )

    @property
    def worst(self) -> str:
        """The severity of its worst problem."""
        return min((each.problem.severity for each in self.problems), key=SEVERITIES.index)


class Exclusion(Record):
    """Why an agent is not on some nodes: the numbers of their pools, what is said of them, the reason, and the place of the condition."""

    pools: str
    nodes: str
    reason: str
    place: str


class Rolled(Record):
    """The rollout of an agent: what is said, and the lengths of its bar in percent: at most, and of that the expected one."""

    said: str
    most: float
    expected: float
    has_marks: bool
    is_stuck: bool


def as_page(plan: Plan, problems: Iterable[Problem]) -> str:
    """Return a plan as HTML."""
    plan = plan._replace(pools=sorted(plan.pools, key=lambda pool: natural(pool.name)))
    agents = [placed.agent for placed in plan.placed]
    order = sorted(
        range(len(agents)), key=lambda number: (natural(agents[number].namespace), natural(agents[number].name))
    )
    shown = list(_shown(plan, agents, problems))
    of_agent: dict[int, list[Shown]] = {}
    for each in shown:
        for number in each.agents:
            of_agent.setdefault(number, []).append(each)
    rows = []
    for number in order:
        placed = plan.placed[number]
        rows.append(Row(number, placed, list(_cells(plan, placed)), of_agent.get(number, [])))
    longest = max((max(each.rollout.seconds, each.rollout.most_seconds) for each in plan.placed), default=0) or 1
    why = [(number, plan.placed[number], list(_reasons(plan, plan.placed[number]))) for number in order]
    return render(
        TEMPLATE,
        plan=plan,
        groups=_grouped(shown),
        counts=[plural(_count(shown, each), each) for each in SEVERITIES if each != "note" or _count(shown, each)],
        rows=rows,
        bars=list(bars_of(plan)),
        index_of={pool.name: index for index, pool in enumerate(plan.pools)},
        reserved=list(reserved_rows(plan.reservations)),
        reserved_columns=RESERVED,
        differences=list(map(described, plan.reservations.differences)),
        rollouts=[(row, _rolled(row.placed, longest)) for row in rows],
        longest=duration(longest),
        evicted=_evicted(plan),
        critical=[(each, agents[each].shown) for each in order if (agents[each].priority or 0) >= CRITICAL],
        why=[
            (number, placed, found[:MOST_REASONS], max(0, len(found) - MOST_REASONS)) for number, placed, found in why
        ],
        codes=list(dict.fromkeys(each.problem.code for each in shown)),
        plural=plural,
        percent=percent,
        most_names=MOST_NAMES,
        length=LENGTH,
    )


def _shown(plan: Plan, agents: Sequence[Agent], problems: Iterable[Problem]) -> Iterator[Shown]:
    concerned = Concerned(agents)
    place = {node.name: index for index, pool in enumerate(plan.pools) for node in pool.nodes}
    pools = [{place[node.name] for node in placed.nodes} for placed in plan.placed]
    for number, problem in enumerate(sorted(problems, key=lambda each: SEVERITIES.index(each.severity))):
        found = concerned(problem)
        # What runs nowhere concerns all pools.
        where = set().union(*(pools[each] for each in found)) or set(range(len(plan.pools)))
        text = " ".join(agents[each].shown for each in found)
        yield Shown(problem, number, found, _words(where), text or problem.file)


def _words(numbers: Iterable[int]) -> str:
    return " ".join(map(str, sorted(numbers)))


def _count(problems: Sequence[Shown], severity: str) -> int:
    return sum(each.problem.severity == severity for each in problems)


def _grouped(problems: Sequence[Shown]) -> list[ProblemGroup]:
    found: dict[tuple[str, str], dict[tuple[str, str], list[Shown]]] = {}
    for each in problems:
        of_code = found.setdefault((each.problem.severity, each.problem.code), {})
        of_code.setdefault((each.problem.message, each.problem.hint), []).append(each)
    few = sum(map(len, found.values())) <= MOST_OPEN
    groups = []
    for (severity, code), its in found.items():
        alike = [Alike(each[0].problem, each) for each in its.values()]
        many = sum(len(each.places) for each in alike)
        groups.append(ProblemGroup(severity, code, many, alike, few or severity == "error"))
    return groups


def _cells(plan: Plan, placed: PlacedAgent) -> Iterator[Cell]:
    by_pool: dict[str, dict[str, int]] = {}
    for node, decision in placed.excluded:
        found = by_pool.setdefault(node.pool, {})
        found[decision.reason] = found.get(decision.reason, 0) + 1
    for pool in plan.pools:
        found = by_pool.get(pool.name, {})
        lines = [f"{plural(number, 'node')}: {reason}" for reason, number in found.items()]
        more = [f"and {plural(len(lines) - MOST_HINTS, 'more reason')}"] if len(lines) > MOST_HINTS else []
        yield Cell(len(pool.nodes) - sum(found.values()), len(pool.nodes), "; ".join([*lines[:MOST_HINTS], *more]))


def _reasons(plan: Plan, placed: PlacedAgent) -> Iterator[Exclusion]:
    """Yield why an agent is not on some nodes, most nodes first."""
    place = {pool.name: index for index, pool in enumerate(plan.pools)}
    found: dict[tuple[str, str], list[Node]] = {}
    for node, decision in placed.excluded:
        found.setdefault((decision.reason, place_of(placed.agent.root, decision.path)), []).append(node)
    for (reason, where), nodes in sorted(found.items(), key=lambda each: -len(each[1])):
        pools = sorted({place[node.pool] for node in nodes})
        names = ", ".join(plan.pools[index].name for index in pools)
        nodes = sorted(nodes, key=lambda node: (place[node.pool], natural(node.name)))
        yield Exclusion(_words(pools), f"{names_of(nodes)} of {names}", reason, where)


def _rolled(placed: PlacedAgent, longest: int) -> Rolled:
    plan = placed.rollout
    most = max(plan.seconds, plan.most_seconds)
    marks = bool(plan.waves) and plan.seconds / longest / plan.waves >= SHORTEST_WAVE
    stuck = bool(placed.nodes) and plan.strategy == "RollingUpdate" and not plan.at_once
    said = rollout(plan) if placed.nodes else "on no node"
    return Rolled(said, most / longest * 100, plan.seconds / most * 100 if most else 0, marks, stuck)


def _evicted(plan: Plan) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for agent in plan.evicted:
        unknown = f"class {agent.priority_class}, value unknown"
        found.setdefault(unknown if agent.priority is None else str(agent.priority), []).append(agent.shown)
    return [(worth, sorted(names, key=natural)) for worth, names in found.items()]
