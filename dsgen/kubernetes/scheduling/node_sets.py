"""Sets of nodes, over all nodes that could exist: whether two overlap, whether several leave one out, and what remains.

The values that a label can have fall into a few classes that no condition distinguishes: missing, each value that a
condition names, a number between two bounds, any other string. So a term is a set of classes for each label, and every
answer is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import combinations
from typing import Final

from dsgen.kubernetes.scheduling.node_selection import Requirement, Selection
from dsgen.kubernetes.scheduling.node_states import NAME, OTHER, Dimension, dimension_of, states_of, unlike
from dsgen.kubernetes.scheduling.placement import BLOCKING_EFFECTS, Placement, Taint
from dsgen.kubernetes.validation.node_affinity import NAME_FIELD
from dsgen.record import Record

# The classes of each dimension that are in a set of nodes, as bits; a dimension that is not named has all of them.
Region = dict[Dimension, int]

# The steps of one proof: a second of work.
MAX_STEPS: Final = 500_000


class Example(Record):
    """An example of a node: its labels, its name if that matters, and its taints."""

    labels: dict[str, str]
    name: str = ""
    taints: tuple[Taint, ...] = ()

    def __str__(self) -> str:
        said = [f"{key}={value}" for key, value in self.labels.items()]
        named = [f"named {self.name}"] if self.name else []
        tainted = [f"with the taint {taint}" for taint in self.taints]
        return " ".join([f"labelled {', '.join(said)}" if said else "without labels", *named, *tainted])


class NotProvenError(Exception):
    """Raised when the proof would take too long."""


def overlap(one: Selection, other: Selection) -> Example | None:
    """Return a node that both select, or None when there can be none. Taints do not count: a node may have none.

    Raises NotProvenError when the proof would take too long.
    """
    universe = Universe([one, other])
    regions = [list(universe.regions(each)) for each in (one, other)]
    both = universe.shared(*regions)
    return None if both is None else universe.example(both)


def overlapping(selections: Sequence[Selection]) -> Iterator[tuple[int, int, Example]]:
    """Yield each two selections that overlap, by their numbers, with a node that both select. Raises NotProvenError."""
    universe = Universe(selections)
    regions = [list(universe.regions(each)) for each in selections]
    for one, other in combinations(range(len(selections)), 2):
        if universe.shared(regions[one], regions[other]) is not None:
            # The example only needs the classes that these two distinguish.
            example = overlap(selections[one], selections[other])
            assert example is not None
            yield one, other, example


def uncovered(whole: Placement, parts: Sequence[Placement]) -> Example | None:
    """Return a node where a pod of `whole` runs and none of `parts`, or None when there can be none.

    Raises NotProvenError when the proof would take too long.
    """
    universe = Universe([each.selection for each in (whole, *parts)], [whole, *parts])
    taken = [region for each in parts for region in universe.reached(each)]
    # Parts of the whole, each with those of the `taken` regions that it may share nodes with.
    waiting = [(region, taken) for region in universe.reached(whole)][::-1]
    while waiting:
        region, near = waiting.pop()
        universe.look(1 + len(near))
        near = [other for other in near if all(intersection(region, other).values())]
        if not near:
            return universe.example(region)
        ways: list[Dimension] | None = None
        chosen: Region = {}
        for other in near:
            leaving = [each for each, mask in other.items() if universe.every(each, region) & ~mask]
            if ways is None or len(leaving) < len(ways):
                ways, chosen = leaving, other
        outside = []
        for way in ways or ():
            states = universe.every(way, region)
            outside.append(({**region, way: states & ~chosen[way]}, near))
            # What is outside on this way need not be checked again.
            region = {**region, way: states & chosen[way]}
        waiting += outside[::-1]
    return None


def intersection(one: Region, other: Region) -> Region:
    """Return what is in both regions; it is empty when one of its masks is 0."""
    return {**one, **{each: mask & one.get(each, mask) for each, mask in other.items()}}


def _bits(states: Iterable[bool]) -> int:
    """Return a number with a bit for each of the classes, the first one lowest."""
    return int("".join("01"[state] for state in states)[::-1] or "0", 2)


class Universe:
    """All nodes, as far as some selections (and tolerations) distinguish them. Its methods raise NotProvenError for what takes too long."""

    def __init__(self, selections: Iterable[Selection], tolerating: Sequence[Placement] = ()) -> None:
        self._left = MAX_STEPS
        asked: dict[Dimension, list[Requirement]] = {}
        for each in (each for selection in selections for term in selection.alternatives for each in term):
            self.look(1 + len(each.values))
            asked.setdefault(dimension_of(each), []).append(each)
        names = [each.node_name for each in tolerating if each.node_name]
        if names:
            asked.setdefault(NAME, []).append(Requirement(NAME_FIELD, "In", tuple(names), is_field=True))
        self._states: dict[Dimension, list[str | None]] = {
            dimension: states_of(dimension, requirements) for dimension, requirements in asked.items()
        }
        tolerations = dict.fromkeys(each for placement in tolerating for each in placement.tolerations)
        taints = dict.fromkeys(each.key for each in tolerations)
        for key in taints and (*filter(None, taints), unlike(OTHER, taints)):
            self.look(len(tolerations))
            values = dict.fromkeys(each.value for each in tolerations if each.key in (key, ""))
            for effect in BLOCKING_EFFECTS:
                self._states["taint", key, effect] = [None, *values, unlike(OTHER, values)]

    def look(self, number: int) -> None:
        """Count the steps. Raises NotProvenError if there are too many."""
        self._left -= number
        if self._left < 0:
            raise NotProvenError

    def mask(self, requirement: Requirement) -> int:
        """Return the classes of its dimension in which a requirement holds."""
        states = self._states[dimension_of(requirement)]
        self.look(1 + len(states) // 16)
        if requirement.operator in ("In", "NotIn"):
            values, wanted = frozenset(requirement.values), requirement.operator == "In"
            return _bits((state in values) is wanted for state in states)
        return _bits(map(requirement.holds, states))

    def every(self, dimension: Dimension, region: Region) -> int:
        """Return the classes of a dimension that are in `region`."""
        return region.get(dimension, (1 << len(self._states[dimension])) - 1)

    def region(self, term: Iterable[Requirement]) -> Region:
        """Return the nodes that meet all requirements of a term."""
        return reduce(intersection, ({dimension_of(each): self.mask(each)} for each in term), {})

    def regions(self, selection: Selection) -> Iterator[Region]:
        """Yield the nodes that each term of a selection matches, if any can be."""
        return (region for region in map(self.region, selection.alternatives) if all(region.values()))

    def shared(self, some: Iterable[Region], others: Sequence[Region]) -> Region | None:
        """Return what one of some regions and one of others have in common, if any have."""
        for region in some:
            self.look(1 + len(others))
            for other in others:
                both = intersection(region, other)
                if all(both.values()):
                    return both
        return None

    def reached(self, placement: Placement) -> Iterator[Region]:
        """Yield the nodes on which pods run, by the term that selects them."""
        tolerated: Region = {}
        for dimension, states in self._states.items():
            if dimension[0] == "taint":
                _, key, effect = dimension
                self.look(1 + len(states) * len(placement.tolerations) // 16)
                tolerated[dimension] = _bits(
                    state is None or placement.tolerates(Taint(key, state, effect)) for state in states
                )
        if placement.node_name:
            tolerated[NAME] = 1 << self._states[NAME].index(placement.node_name)
        for region in self.regions(placement.selection):
            both = intersection(region, tolerated)
            if all(both.values()):
                yield both

    def example(self, region: Region) -> Example:
        """Return a node of a region, with as few labels and taints as can be."""
        labels, taints, name = {}, [], ""
        for dimension, mask in region.items():
            state = self._states[dimension][(mask & -mask).bit_length() - 1]
            if state is None:
                continue
            if dimension[0] == "label":
                labels[dimension[1]] = state
            elif dimension[0] == "taint":
                taints.append(Taint(dimension[1], state, dimension[2]))
            elif dimension == NAME:
                name = state
        return Example(labels, name, tuple(taints))
