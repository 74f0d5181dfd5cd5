"""Which agents a problem is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dsgen.origin import Origin
from dsgen.plan.agent import Agent
from dsgen.problem import Problem
from dsgen.traversal import paths
from dsgen.tree import origin_of

# The first and the last line of an agent in a file.
Lines = tuple[int, int]


class Concerned:
    """Finds the agents of a problem: those that its message names, and those of the place where it is."""

    def __init__(self, agents: Sequence[Agent]) -> None:
        self._by_name = {agent.shown: number for number, agent in enumerate(agents)}
        self._by_file: dict[str, dict[int, Lines]] = {}
        for number, agent in enumerate(agents):
            origins = [each for each in (agent.own, origin_of(agent.root)) if each]
            origins += (origin for origin, _ in paths(agent.root))
            for file, lines in _lines(origins).items():
                self._by_file.setdefault(file, {})[number] = lines

    def __call__(self, problem: Problem) -> list[int]:
        """Return the numbers of the agents, in order; none if the problem is about something else."""
        words = re.split(r"[\s,;:'`()]+", problem.message)
        named = {self._by_name[word] for word in words if word in self._by_name}
        there = self._by_file.get(problem.file, {})
        within = {
            number for number, (first, last) in there.items() if first <= problem.line <= last or not problem.line
        }
        return sorted(named or within)


def _lines(origins: Sequence[Origin]) -> dict[str, Lines]:
    found: dict[str, Lines] = {}
    for file, line, _, end, _ in origins:
        first, last = found.get(file, (line, end))
        found[file] = min(first, line), max(last, end)
    return found
