"""Patterns of schemas, matched as Go's `regexp` does: the syntax is RE2's, and the time grows only with the length of the text.

Python's `re` reads some patterns otherwise (`$`, `\\s`, `\\z`), and can run for ever. Here a pattern becomes an automaton without
backtracking: a set of nodes for each character, which is kept for the next text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

# The sizes up to which a pattern is matched: nodes of its automaton, steps between them for a text, and sets of nodes that are kept.
MOST_STATES: Final = 20_000
MOST_STEPS: Final = 2_000_000
MOST_KEPT: Final = 5_000
# Go refuses to repeat more often.
MOST_REPEATS: Final = 1_000
DEEPEST: Final = 200
_END: Final = 0x10FFFF
Ranges = tuple[tuple[int, int], ...]


class UnsupportedPatternError(Exception):
    """A pattern that is not matched here: invalid, too large, or with a part whose meaning depends on the version of Unicode."""


class InvalidPatternError(UnsupportedPatternError):
    """A pattern that is not one of RE2's."""


def _ranges(text: str) -> Ranges:
    return tuple((ord(pair[0]), ord(pair[-1])) for pair in text.split())


_CLASSES: Final = {
    "d": _ranges("09"),
    "w": _ranges("09 AZ _ az"),
    "s": ((9, 10), (12, 13), (32, 32)),
}
_POSIX: Final = {
    "alnum": _ranges("09 AZ az"), "alpha": _ranges("AZ az"), "ascii": ((0, 127),), "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)), "digit": _ranges("09"), "graph": _ranges("!~"), "lower": _ranges("az"),
    "print": ((32, 126),), "punct": ((33, 47), (58, 64), (91, 96), (123, 126)), "space": ((9, 13), (32, 32)),
    "upper": _ranges("AZ"), "word": _ranges("09 AZ _ az"), "xdigit": _ranges("09 AF af"),
}  # fmt: skip
_ESCAPES: Final = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_REPEAT: Final = re.compile(r"\{(\d+)(?:(,)(\d*))?\}", re.ASCII)
_FLAGS: Final = re.compile(r"\(\?([ims]*)(?:-([ims]+))?([:)])")
_ANY: Final[Ranges] = ((0, _END),)
_NOT_NEWLINE: Final[Ranges] = ((0, 9), (11, _END))


def _negated(ranges: Ranges) -> Ranges:
    found: list[tuple[int, int]] = []
    after = 0
    for low, high in sorted(ranges):
        if low > after:
            found.append((after, low - 1))
        after = max(after, high + 1)
    return (*found, *(((after, _END),) if after <= _END else ()))


def _folded(ranges: Ranges) -> Ranges:
    """Return what matches without regard to case: of ASCII. Raises UnsupportedPatternError for other letters."""
    found = list(ranges)
    for low, high in ranges:
        if low > 127 or (high > 127 and high != _END):
            raise UnsupportedPatternError("`(?i)` with letters other than those of ASCII")
        for first, last, off in ((65, 90, 32), (97, 122, -32)):
            start, end = max(low, first), min(high, last)
            if start <= end:
                found.append((start + off, end + off))
    # The Kelvin sign and the long s are the only others that fold to a letter of ASCII.
    for letter, other in (("k", 0x212A), ("s", 0x17F)):
        if any(low <= ord(letter) <= high for low, high in found):
            found.append((other, other))
    return tuple(found)


class _Node:
    """A part of a pattern: `kind` is `set`, `cat`, `alt`, `repeat`, or one of the assertions."""

    __slots__ = ("kind", "least", "most", "parts", "ranges")

    def __init__(
        self, kind: str, parts: tuple[_Node, ...] = (), ranges: Ranges = (), least: int = 0, most: int | None = None
    ) -> None:
        self.kind, self.parts, self.ranges, self.least, self.most = kind, parts, ranges, least, most


class _Parser:
    """Reads a pattern."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.flags = frozenset[str]()
        self.depth = 0
        # Whether the pattern is only known for texts of ASCII.
        self.is_ascii = False

    def parse(self) -> _Node:
        found = self._alternatives()
        if self.at < len(self.text):
            raise InvalidPatternError("unexpected `)`")
        return found

    def _alternatives(self) -> _Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnsupportedPatternError("too many groups in each other")
        options = [self._sequence()]
        while self._take("|"):
            options.append(self._sequence())
        self.depth -= 1
        return options[0] if len(options) == 1 else _Node("alt", tuple(options))

    def _sequence(self) -> _Node:
        parts: list[_Node] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            part = self._atom()
            if part is not None:
                parts.append(self._repeated(part))
        return parts[0] if len(parts) == 1 else _Node("cat", tuple(parts))

    def _repeated(self, part: _Node) -> _Node:
        twice = False
        while self.at < len(self.text):
            char = self.text[self.at]
            counted = _REPEAT.match(self.text, self.at) if char == "{" else None
            if char not in "*+?" and counted is None:
                break
            if twice:
                raise InvalidPatternError("a repetition of a repetition")
            twice = True
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(char, (0, None))
            self.at += 1
            if counted is not None:
                self.at = counted.end()
                least = int(counted[1])
                most = least if not counted[2] else int(counted[3]) if counted[3] else None
                if max(least, most or 0) > MOST_REPEATS or (most is not None and most < least):
                    raise InvalidPatternError("an invalid count of repetitions")
            self._take("?")  # lazy: the same texts match
            part = _Node("repeat", (part,), least=least, most=most)
        return part

    def _atom(self) -> _Node | None:
        char = self.text[self.at]
        if char == "(":
            return self._group()
        self.at += 1
        if char == "[":
            return _Node("set", ranges=self._class())
        if char == "\\":
            return self._escape()
        if char == ".":
            return _Node("set", ranges=_ANY if "s" in self.flags else _NOT_NEWLINE)
        if char in "^$":
            return _Node({"^": "start", "$": "end"}[char] if "m" not in self.flags else {"^": "bol", "$": "eol"}[char])
        if char in "*+?" or (char == "{" and _REPEAT.match(self.text, self.at - 1)):
            raise InvalidPatternError(f"`{char}` repeats nothing")
        return _Node("set", ranges=self._fold(((ord(char), ord(char)),)))

    def _group(self) -> _Node | None:
        flags = _FLAGS.match(self.text, self.at)
        before = self.flags
        if flags is not None:
            self.at = flags.end()
            self.flags = (self.flags | set(flags[1])) - set(flags[2] or "")
            if flags[3] == ")":
                return None
        elif named := re.compile(r"\(\?P?<\w+>", re.ASCII).match(self.text, self.at):
            self.at = named.end()
        elif self.text.startswith("(?", self.at):
            known = re.compile(r"\(\?[imsU]*(-[imsU]+)?[:)]").match(self.text, self.at)
            error = UnsupportedPatternError if known else InvalidPatternError
            raise error(f"`{self.text[self.at : self.at + 4]}`")
        else:
            self.at += 1
        found = self._alternatives()
        if not self._take(")"):
            raise InvalidPatternError("a `)` is missing")
        self.flags = before
        return found

    def _escape(self) -> _Node:
        char = self.text[self.at : self.at + 1]
        if char in ("A", "z", "b", "B"):
            self.at += 1
            return _Node({"A": "start", "z": "end", "b": "word", "B": "inner"}[char])
        if char == "Q":
            end = self.text.find("\\E", self.at)
            quoted = self.text[self.at + 1 : end if end >= 0 else None]
            self.at = len(self.text) if end < 0 else end + 2
            parts = tuple(_Node("set", ranges=self._fold(((ord(each), ord(each)),))) for each in quoted)
            return parts[0] if len(parts) == 1 else _Node("cat", parts)
        return _Node("set", ranges=self._escaped())

    def _escaped(self) -> Ranges:
        """Return the characters of the escape that the parser has just entered."""
        char = self.text[self.at : self.at + 1]
        self.at += 1
        if char and char.lower() in _CLASSES:
            ranges = self._fold(_CLASSES[char.lower()])
            return ranges if char.islower() else _negated(ranges)
        if char in _ESCAPES:
            return ((_ESCAPES[char],) * 2,)
        if char in ("p", "P"):
            return self._category(char == "P")
        if char == "x":
            found = re.compile(r"\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2})").match(self.text, self.at)
            code = int(found[1] or found[2], 16) if found else _END + 1
            if found is None or code > _END:
                long = re.compile(r"\{[0-9A-Fa-f]{7,}\}").match(self.text, self.at)
                raise (UnsupportedPatternError if long else InvalidPatternError)("an invalid `\\x`")
            self.at = found.end()
            return self._fold(((code, code),))
        if char and ord(char) < 128 and not char.isalnum():
            return self._fold(((ord(char), ord(char)),))
        octal = char == "0" or (char in "1234567" and self.text[self.at : self.at + 1] in tuple("01234567"))
        raise (UnsupportedPatternError if char and octal else InvalidPatternError)(f"`\\{char}`")

    def _category(self, negated: bool) -> Ranges:
        """Return the characters of ASCII in a category of Unicode, such as `\\pL` or `\\p{Lu}`; others are not known."""
        found = re.compile(r"\{(\^?)([A-Z][a-z]?)\}|([A-Z])").match(self.text, self.at)
        name = (found[2] or found[3]) if found else ""
        if found is None or name[0] not in "CLMNPSZ":
            raise UnsupportedPatternError("a script of Unicode")
        self.at = found.end()
        self.is_ascii = True
        member = [code for code in range(128) if unicodedata.category(chr(code)).startswith(name)]
        ranges = self._fold(tuple((code, code) for code in member))
        return _negated(ranges) if negated != bool(found[1]) else ranges

    def _class(self) -> Ranges:
        negated = self._take("^")
        found: list[tuple[int, int]] = []
        first = True
        while first or not self.text.startswith("]", self.at):
            if self.at >= len(self.text):
                raise InvalidPatternError("a `]` is missing")
            if self.text.startswith("[:", self.at) and (end := self.text.find(":]", self.at)) >= 0:
                name = self.text[self.at + 2 : end]
                if name.removeprefix("^") not in _POSIX:
                    raise InvalidPatternError(f"`[:{name}:]`")
                ranges = _POSIX[name.removeprefix("^")]
                found += _negated(ranges) if name.startswith("^") else self._fold(ranges)
                self.at = end + 2
            else:
                found += self._span()
            first = False
        self.at += 1
        return _negated(tuple(found)) if negated else tuple(found)

    def _span(self) -> Ranges:
        low = self._one()
        if len(low) != 1 or low[0][0] != low[0][1] or not self.text.startswith("-", self.at):
            return self._fold(low)
        if self.text[self.at + 1 : self.at + 2] in ("]", ""):
            return self._fold(low)
        self.at += 1
        high = self._one()
        if len(high) != 1 or high[0][0] != high[0][1] or high[0][0] < low[0][0]:
            raise InvalidPatternError("an invalid range of characters")
        return self._fold(((low[0][0], high[0][0]),))

    def _one(self) -> Ranges:
        char = self.text[self.at]
        self.at += 1
        if char != "\\":
            return ((ord(char), ord(char)),)
        before, self.flags = self.flags, self.flags - {"i"}
        found = self._escaped()
        self.flags = before
        return found

    def _fold(self, ranges: Ranges) -> Ranges:
        return _folded(ranges) if "i" in self.flags else ranges

    def _take(self, text: str) -> bool:
        if not self.text.startswith(text, self.at):
            return False
        self.at += len(text)
        return True


def syntax_fault(text: str) -> str:
    """Return what is wrong with the syntax of a pattern, or an empty string if nothing is, or it is not known."""
    try:
        found = _Parser(text).parse()
    except InvalidPatternError as error:
        return str(error)
    except UnsupportedPatternError:
        return ""
    return "" if _repeats_at_most(found, MOST_REPEATS) else "too many repetitions of repetitions"


def _repeats_at_most(node: _Node, most: int) -> bool:
    if node.kind == "repeat":
        count = node.least if node.most is None else node.most
        if count == 0:
            return True
        if count > most:
            return False
        most //= count
    return all(_repeats_at_most(part, most) for part in node.parts)


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
        parser = _Parser(text)
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

    def _compiled(self, node: _Node, after: int) -> int:
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

    def _repeat(self, node: _Node, after: int) -> int:
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
