"""The user's own line for a problem that several layers cause together, or that only a preset or a shipped template causes.

A rule reports one value, but compares several: a profile that lowers a limit below the request of its preset is reported at the request.
Which value of a higher layer takes part is found out by leaving it out: without it, the problem is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from dsgen.generate.own_line import at_own_line, moved
from dsgen.origin import Origin
from dsgen.problem import Problem, is_shipped
from dsgen.record import Record
from dsgen.traversal import children, locate, value_at
from dsgen.tree import List, Map, Path, Value, as_map

# A profile is rendered again at most so often; problems that are not attributed by then stay where they are.
ATTEMPTS: Final = 300

# Returns the problems of a profile with other layers, or None if its objects cannot be rendered.
Again = Callable[[Sequence[Map]], "Sequence[Problem] | None"]


class Layer(Record):
    """One layer of a profile, in its long form, and the name of its file."""

    file: str
    layer: Map


def attributed(problems: Iterable[Problem], layers: Sequence[Layer], own: Origin | None, again: Again) -> list[Problem]:
    """Return the problems, each at the highest of the `layers` (lowest first) that takes part in it.

    `again` is called with the layers without one of their values. A problem that only shipped files cause is placed at `own`.
    """
    search = _Search(layers, again)
    result = []
    for problem in problems:
        place = search.place(problem) if problem.line else None
        result.append(moved(problem, place, "over") if place else at_own_line(problem, own))
    return result


class _Search:
    """Leaves out values of layers, and remembers which problems are left."""

    def __init__(self, layers: Sequence[Layer], again: Again) -> None:
        self._layers = layers
        self._again = again
        self._left = ATTEMPTS
        self._known: dict[tuple[int, Path], Sequence[Problem] | None] = {}
        self._rank: Final = {each.file: rank for rank, each in enumerate(layers)}

    def place(self, problem: Problem) -> Origin | None:
        """Return the place of the value in the highest layer above the problem's own without which the problem is gone, or None."""
        lowest = self._rank.get(problem.file, -1 if is_shipped(problem.file) else len(self._layers))
        for rank in reversed(range(lowest + 1, len(self._layers))):
            # In a layer that the problem is there without, no single value is looked for.
            if not is_shipped(self._layers[rank].file) and self._is_there(problem, rank, ()) is not True:
                path = self._cause(problem, rank, ())
                if path:
                    return locate(self._layers[rank].layer, path)
        return None

    def _cause(self, problem: Problem, rank: int, path: Path) -> Path:
        """Return the path of the smallest value below `path` without which the problem is gone; `path` itself if there is none."""
        for step, _ in children(value_at(self._layers[rank].layer, path)):
            if self._is_there(problem, rank, (*path, step)) is False:
                return self._cause(problem, rank, (*path, step))
        return path

    def _is_there(self, problem: Problem, rank: int, path: Path) -> bool | None:
        """Return whether the problem is there without the value at `path`, or None if that cannot be found out."""
        if (rank, path) not in self._known:
            if not self._left:
                return None
            self._left -= 1
            layers = [each.layer for each in self._layers]
            layers[rank] = as_map(_without(layers[rank], path))
            self._known[rank, path] = self._again(layers)
        found = self._known[rank, path]
        return None if found is None else any(_is_same(problem, each) for each in found)


def _is_same(problem: Problem, other: Problem) -> bool:
    """Return whether two problems are the same one: without another value, its line or the index in its field may differ."""
    return problem.code == other.code and (
        problem.field == other.field or (problem.file, problem.line) == (other.file, other.line)
    )


def _without(value: Value, path: Path) -> Value:
    """Return a tree without the value at `path`, or empty for an empty path."""
    if not path:
        return as_map(value).with_items()
    step, below = path[0], path[1:]
    if isinstance(value, Map) and isinstance(step, str):
        return value.updated({step: _without(value[step], below)}) if below else value.without(step)
    assert isinstance(value, List)
    assert isinstance(step, int)
    return List(_entries(value, step, below), value.origin)


def _entries(value: List, step: int, below: Path) -> Iterator[Value]:
    for index, entry in enumerate(value):
        if index != step:
            yield entry
        elif below:
            yield _without(entry, below)
