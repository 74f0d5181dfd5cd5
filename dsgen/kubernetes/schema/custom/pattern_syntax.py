"""The syntax of a pattern: RE2's, as Go's `regexp` reads it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from dsgen.kubernetes.schema.custom.pattern_characters import (
    ANY,
    CLASSES,
    LAST_CODE,
    NOT_NEWLINE,
    POSIX,
    Ranges,
    folded,
    negated,
)
from dsgen.kubernetes.schema.custom.pattern_errors import InvalidPatternError, UnsupportedPatternError

# Go refuses to repeat more often.
MOST_REPEATS: Final = 1_000
DEEPEST: Final = 200
_ESCAPES: Final = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_REPEAT: Final = re.compile(r"\{(\d+)(?:(,)(\d*))?\}", re.ASCII)
_FLAGS: Final = re.compile(r"\(\?([ims]*)(?:-([ims]+))?([:)])")


class PatternPart:
    """A part of a pattern: `kind` is `set`, `cat`, `alt`, `repeat`, or one of the assertions."""

    __slots__ = ("kind", "least", "most", "parts", "ranges")

    def __init__(
        self,
        kind: str,
        parts: tuple[PatternPart, ...] = (),
        ranges: Ranges = (),
        least: int = 0,
        most: int | None = None,
    ) -> None:
        self.kind, self.parts, self.ranges, self.least, self.most = kind, parts, ranges, least, most


class Parser:
    """Reads a pattern."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.flags = frozenset[str]()
        self.depth = 0
        # Whether the pattern is only known for texts of ASCII.
        self.is_ascii = False

    def parse(self) -> PatternPart:
        """Return the whole pattern. Raises UnsupportedPatternError."""
        found = self._alternatives()
        if self.at < len(self.text):
            raise InvalidPatternError("unexpected `)`")
        return found

    def _alternatives(self) -> PatternPart:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnsupportedPatternError("too many groups in each other")
        options = [self._sequence()]
        while self._take("|"):
            options.append(self._sequence())
        self.depth -= 1
        return options[0] if len(options) == 1 else PatternPart("alt", tuple(options))

    def _sequence(self) -> PatternPart:
        parts: list[PatternPart] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            part = self._atom()
            if part is not None:
                parts.append(self._repeated(part))
        return parts[0] if len(parts) == 1 else PatternPart("cat", tuple(parts))

    def _repeated(self, part: PatternPart) -> PatternPart:
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
            part = PatternPart("repeat", (part,), least=least, most=most)
        return part

    def _atom(self) -> PatternPart | None:
        char = self.text[self.at]
        if char == "(":
            return self._group()
        self.at += 1
        if char == "[":
            return PatternPart("set", ranges=self._class())
        if char == "\\":
            return self._escape()
        if char == ".":
            return PatternPart("set", ranges=ANY if "s" in self.flags else NOT_NEWLINE)
        if char in "^$":
            return PatternPart(
                {"^": "start", "$": "end"}[char] if "m" not in self.flags else {"^": "bol", "$": "eol"}[char]
            )
        if char in "*+?" or (char == "{" and _REPEAT.match(self.text, self.at - 1)):
            raise InvalidPatternError(f"`{char}` repeats nothing")
        return PatternPart("set", ranges=self._fold(((ord(char), ord(char)),)))

    def _group(self) -> PatternPart | None:
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

    def _escape(self) -> PatternPart:
        char = self.text[self.at : self.at + 1]
        if char in ("A", "z", "b", "B"):
            self.at += 1
            return PatternPart({"A": "start", "z": "end", "b": "word", "B": "inner"}[char])
        if char == "Q":
            end = self.text.find("\\E", self.at)
            quoted = self.text[self.at + 1 : end if end >= 0 else None]
            self.at = len(self.text) if end < 0 else end + 2
            parts = tuple(PatternPart("set", ranges=self._fold(((ord(each), ord(each)),))) for each in quoted)
            return parts[0] if len(parts) == 1 else PatternPart("cat", parts)
        return PatternPart("set", ranges=self._escaped())

    def _escaped(self) -> Ranges:
        """Return the characters of the escape that the parser has just entered."""
        char = self.text[self.at : self.at + 1]
        self.at += 1
        if char and char.lower() in CLASSES:
            ranges = self._fold(CLASSES[char.lower()])
            return ranges if char.islower() else negated(ranges)
        if char in _ESCAPES:
            return ((_ESCAPES[char],) * 2,)
        if char in ("p", "P"):
            return self._category(char == "P")
        if char == "x":
            found = re.compile(r"\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2})").match(self.text, self.at)
            code = int(found[1] or found[2], 16) if found else LAST_CODE + 1
            if found is None or code > LAST_CODE:
                long = re.compile(r"\{[0-9A-Fa-f]{7,}\}").match(self.text, self.at)
                raise (UnsupportedPatternError if long else InvalidPatternError)("an invalid `\\x`")
            self.at = found.end()
            return self._fold(((code, code),))
        if char and ord(char) < 128 and not char.isalnum():
            return self._fold(((ord(char), ord(char)),))
        octal = char == "0" or (char in "1234567" and self.text[self.at : self.at + 1] in tuple("01234567"))
        raise (UnsupportedPatternError if char and octal else InvalidPatternError)(f"`\\{char}`")

    def _category(self, is_complement: bool) -> Ranges:
        """Return the characters of ASCII in a category of Unicode, such as `\\pL` or `\\p{Lu}`; others are not known."""
        found = re.compile(r"\{(\^?)([A-Z][a-z]?)\}|([A-Z])").match(self.text, self.at)
        name = (found[2] or found[3]) if found else ""
        if found is None or name[0] not in "CLMNPSZ":
            raise UnsupportedPatternError("a script of Unicode")
        self.at = found.end()
        self.is_ascii = True
        member = [code for code in range(128) if unicodedata.category(chr(code)).startswith(name)]
        ranges = self._fold(tuple((code, code) for code in member))
        return negated(ranges) if is_complement != bool(found[1]) else ranges

    def _class(self) -> Ranges:
        is_complement = self._take("^")
        found: list[tuple[int, int]] = []
        first = True
        while first or not self.text.startswith("]", self.at):
            if self.at >= len(self.text):
                raise InvalidPatternError("a `]` is missing")
            if self.text.startswith("[:", self.at) and (end := self.text.find(":]", self.at)) >= 0:
                name = self.text[self.at + 2 : end]
                if name.removeprefix("^") not in POSIX:
                    raise InvalidPatternError(f"`[:{name}:]`")
                ranges = POSIX[name.removeprefix("^")]
                found += negated(ranges) if name.startswith("^") else self._fold(ranges)
                self.at = end + 2
            else:
                found += self._span()
            first = False
        self.at += 1
        return negated(tuple(found)) if is_complement else tuple(found)

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
        return folded(ranges) if "i" in self.flags else ranges

    def _take(self, text: str) -> bool:
        if not self.text.startswith(text, self.at):
            return False
        self.at += len(text)
        return True


def syntax_fault(text: str) -> str:
    """Return what is wrong with the syntax of a pattern, or an empty string if nothing is, or it is not known."""
    try:
        found = Parser(text).parse()
    except InvalidPatternError as error:
        return str(error)
    except UnsupportedPatternError:
        return ""
    return "" if _repeats_at_most(found, MOST_REPEATS) else "too many repetitions of repetitions"


def _repeats_at_most(node: PatternPart, most: int) -> bool:
    if node.kind == "repeat":
        count = node.least if node.most is None else node.most
        if count == 0:
            return True
        if count > most:
            return False
        most //= count
    return all(_repeats_at_most(part, most) for part in node.parts)
