"""Patterns of schemas, matched as Go's `regexp` does: the syntax is RE2's, and the time grows only with the length of the text.

Python's `re` reads some patterns otherwise (`$`, `\\s`, `\\z`), and can run for ever. Here a pattern becomes an automaton without
backtracking: a set of nodes for each character, which is kept for the next text.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from dsgen.kubernetes.schema.custom.pattern_characters import Ranges
from dsgen.kubernetes.schema.custom.pattern_errors import UnsupportedPatternError
from dsgen.kubernetes.schema.custom.pattern_syntax import Parser, PatternPart

# The sizes up to which a pattern is matched: nodes of its automaton, steps between them for a text, and sets of nodes that are kept.
MOST_STATES: Final = 20_000
MOST_STEPS: Final = 2_000_000
MOST_KEPT: Final = 5_000

# What is before a character, or after it: nothing, the end of a line, a part of a word, or another character.
_NOTHING, _NEWLINE, _WORD, _OTHER = range(4)


def _kind(char: str) -> int:
    if not char:
        return _NOTHING
    if char == "\n":
        return _NEWLINE
    return _WORD if char == "_" or (char.isascii() and char.isalnum()) else _OTHER


def _holds(assertion: str, before: int, after: int) -> bool:
    if assertion == "start":
        return before == _NOTHING
    if assertion == "end":
        return after == _NOTHING
    if assertion == "bol":
        return before in (_NOTHING, _NEWLINE)
    if assertion == "eol":
        return after in (_NOTHING, _NEWLINE)
    return ((before == _WORD) != (after == _WORD)) == (assertion == "word")


class Pattern:
    """A pattern as an automaton. A node is the ranges of the characters that it takes, an assertion, or a choice of nodes."""

    def __init__(self, text: str) -> None:
        self._sets: list[Ranges | str] = []
        self._next: list[tuple[int, ...]] = []
        self._last = self._state("", ())
        parser = Parser(text)
        self._first = self._compiled(parser.parse(), self._last)
        self._is_ascii = parser.is_ascii
        self._steps = 0
        self._known: dict[tuple[frozenset[int], int, str], frozenset[int] | None] = {}

    def matches(self, text: str) -> bool:
        """Return whether the pattern matches anywhere in `text`. Raises UnsupportedPatternError if that takes too long."""
        if self._is_ascii and not text.isascii():
            raise UnsupportedPatternError("a category of characters, which depends on the version of Unicode")
        states, before, self._steps = frozenset[int](), _NOTHING, 0
        for char in (*text, ""):
            key = (states, before, char)
            if key not in self._known:
                if len(self._known) >= MOST_KEPT:
                    self._known.clear()
                self._known[key] = self._after(states, before, char)
            found = self._known[key]
            if found is None:
                return True
            states, before = found, _kind(char)
        return False

    def _after(self, states: frozenset[int], before: int, char: str) -> frozenset[int] | None:
        """Return the nodes behind a character, or None if the pattern matches before it."""
        after, code = _kind(char), ord(char) if char else -1
        todo = [*states, self._first]
        seen = set(todo)
        found = set[int]()
        while todo:
            state = todo.pop()
            if state == self._last:
                return None
            taken, following = self._sets[state], self._next[state]
            if isinstance(taken, tuple):
                if any(low <= code <= high for low, high in taken):
                    found.update(following)
            elif not taken or _holds(taken, before, after):
                new = [each for each in following if each not in seen]
                seen.update(new)
                todo += new
        self._steps += len(seen)
        if self._steps > MOST_STEPS:
            raise UnsupportedPatternError("it takes too long on this text")
        return frozenset(found)

    def _state(self, taken: Ranges | str, following: tuple[int, ...]) -> int:
        if len(self._sets) >= MOST_STATES:
            raise UnsupportedPatternError("it is too large")
        self._sets.append(taken)
        self._next.append(following)
        return len(self._sets) - 1

    def _compiled(self, node: PatternPart, after: int) -> int:
        """Return the first state of a part that goes on to the state `after`."""
        if node.kind == "set":
            return self._state(node.ranges, (after,))
        if node.kind == "cat":
            for part in reversed(node.parts):
                after = self._compiled(part, after)
            return after
        if node.kind == "alt":
            return self._state("", tuple(self._compiled(part, after) for part in node.parts))
        if node.kind == "repeat":
            return self._repeat(node, after)
        return self._state(node.kind, (after,))

    def _repeat(self, node: PatternPart, after: int) -> int:
        (part,) = node.parts
        if node.most is None:
            loop = self._state("", ())
            self._next[loop] = (self._compiled(part, loop), after)
            start = loop
        else:
            start = after
            for _ in range(node.most - node.least):
                start = self._state("", (self._compiled(part, start), after))
        for _ in range(node.least):
            start = self._compiled(part, start)
        return start


@lru_cache(maxsize=1_024)
def compiled(text: str) -> Pattern:
    """Return a pattern. Raises UnsupportedPatternError."""
    return Pattern(text)
