"""Lay out a profile as a person would: short values on one line, others on several, with the comments."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from dsgen.importer.read.comments import Comments, Line, is_yaml
from dsgen.profile.one_line import WIDTH, is_entry, on_one_line
from dsgen.profile.order import ordered
from dsgen.tree import List, Map, Text, Value, origin_of, place_of
from dsgen.yaml_writer import flow, key, literal


def write(profile: Map, comments: Comments) -> str:
    """Return the profile as text. Comments stay at the values that they were at, or move to the nearest ones that are left."""
    end = [words for line in sorted(comments.end) for words in comments.end[line]]
    return "\n".join([*lines(profile, comments), *end, ""])


def lines(value: Map | List, comments: Comments) -> list[str]:
    """Return the lines of a map or a list, each entry on lines of its own, its keys in order."""
    value = ordered(value)
    if any(comments[:3]):
        comments = _moved(comments, sorted(set(lines_of(value))), sorted(_extents(value)))
    writer = _Writer(comments)
    writer.value(value, "")
    return [*writer.lines, *writer.left()]


def _moved(comments: Comments, known: list[Line], extents: list[tuple[Line, int]]) -> Comments:
    """Return the comments, moved to lines from which the profile has a value: the next one, or else the last one before.

    A comment inside an entry that is now one text, as `extents` has them, moves to that.
    """
    kept = set(known)
    moved = Comments({}, {line: words for line, words in comments.behind.items() if line in kept}, {}, {}, {})
    lost = ((line, [words]) for line, words in comments.behind.items() if line not in kept)
    for line, words in sorted([*comments.above.items(), *lost]):
        at = bisect_left(known, line)
        inside = bisect_left(extents, (line, 0)) - 1
        if line not in kept and inside >= 0 and _is_within(line, extents[inside]):
            moved.above.setdefault(extents[inside][0], []).extend(words)
        elif at and (at == len(known) or known[at][0] != line[0]):
            moved.below.setdefault(known[at - 1], []).extend(words)
        else:
            moved.above.setdefault(known[at], []).extend(words)
    columns = comments.columns
    for line, words in comments.below.items():
        at = bisect_right(known, line)
        # The last line before that is not indented further: the comment was not in the block of a deeper one.
        before = (known[place] for place in range(at - 1, -1, -1))
        around = (each for each in before if columns.get(each, 0) <= columns.get(line, 0))
        place = moved.below if at else moved.above
        place.setdefault(next(around, known[max(at - 1, 0)]), []).extend(words)
    return moved


def lines_of(value: Value) -> list[Line]:
    """Return the lines on which the keys, the leaves and the entries of a value were written, in no order."""
    located: list[Value] = []
    pending: list[Value] = [value]
    while pending:
        part = pending.pop()
        if type(part) is Map and part:
            located += part
            pending += part.values()
            if part.type[:1] == "<":
                located += part.values()
        else:
            located.append(part)
            if type(part) is List:
                located += part
                pending += part
    return [line for line in map(_line_of, located) if line]


def _extents(value: Value) -> Iterator[tuple[Line, int]]:
    """Yield where each entry of a list that is one text now was written on several lines: its first line, and the one after its last."""
    for child in value.values() if isinstance(value, Map) else value if isinstance(value, List) else ():
        if isinstance(child, (Map, List)):
            yield from _extents(child)
        elif isinstance(value, List):
            origin = origin_of(child)
            if origin and origin.end_line > origin.line + 1:
                yield (origin.file, origin.line), origin.end_line


def _is_within(line: Line, extent: tuple[Line, int]) -> bool:
    (file, start), end = extent
    return line[0] == file and start < line[1] < end


def begins(value: Value) -> list[Line]:
    """Return the line on which a value begins, if it has a position."""
    line = _line_of(value)
    return [line] if line else []


class _Writer:
    def __init__(self, comments: Comments) -> None:
        self.comments = comments
        self.noted = {*comments.above, *comments.behind, *comments.below}
        self.lines: list[str] = []

    def value(self, value: Map | List, indent: str) -> None:
        """Write the lines of a map or a list."""
        if isinstance(value, Map):
            self.map(value, indent)
        else:
            self.items(value, indent)

    def map(self, value: Map, indent: str) -> None:
        for name, child in value.items():
            # An entry of a list began on the line of its dash.
            entry = begins(child) if value.type[:1] == "<" else []
            self._entry(f"{key(name)}:", child, indent, begins(name), entry)

    def _entry(self, start: str, value: Value, indent: str, at: list[Line], entry: list[Line]) -> None:
        """Write the value after a key or a dash, and its comments."""
        if isinstance(value, str) and "\n" in value:
            block = literal(value)
            if block:
                header, body = block
                below = self._open(f"{indent}{start} {header}", [*at, *lines_of(value)])
                self.lines.extend(f"{indent}  {line}" if line else "" for line in body)
                self.lines.extend(indent + words for words in below)
                return
        folded = _folded(value, indent) if isinstance(value, Text) else None
        if folded:
            below = self._open(f"{indent}{start} >-", [*at, *lines_of(value)])
            self.lines.extend(f"{indent}  {line}" for line in folded)
            self.lines.extend(indent + words for words in below)
            return
        line = self._one_line(f"{indent}{start}", value)
        if line and not self.noted:
            self.lines.append(line)
            return
        inside = [*at, *entry, *lines_of(value)] if line else []
        if line and (not isinstance(value, (Map, List)) or not value or self._has_room(value, inside)):
            self._line(line, inside)
        else:
            assert isinstance(value, (Map, List))
            if isinstance(value, List) and begins(value) != begins(value[0]):
                at = [*at, *begins(value)]  # that of a key that the short form leaves out
            below = self._open(f"{indent}{start}", at, entry)
            self.value(value, indent + "  ")
            self.lines.extend(indent + words for words in below)

    def _one_line(self, start: str, value: Value) -> str | None:
        """Return the line with a value after `start`, or None for a map or list that needs several lines."""
        if isinstance(value, (Map, List)) and value:
            return on_one_line(value, start)
        return f"{start} {flow(value)}"

    def items(self, value: List, indent: str) -> None:
        for child in value:
            if not isinstance(child, (Map, List)) or not child or self._in_one_line(child, indent):
                self._entry("-", child, indent, [], begins(child))
                continue
            above, below = self._beside(begins(child))
            self.lines.extend(indent + words for words in above)
            first = len(self.lines)
            self.value(child, indent + "  ")
            at = next(index for index in range(first, len(self.lines)) if self.lines[index].lstrip()[0] != "#")
            self.lines[at] = f"{indent}- {self.lines[at][len(indent) + 2 :]}"
            self.lines[first:at] = [line[2:] for line in self.lines[first:at]]
            self.lines[first:first] = [indent + words for words in self._behind(begins(child))]
            self.lines.extend(indent + words for words in below)

    def _in_one_line(self, item: Map | List, indent: str) -> bool:
        alone = isinstance(item, Map) and len(item) == 1  # `- key: value` needs no braces
        line = None if alone else on_one_line(item, f"{indent}-")
        return line is not None and self._has_room(item, lines_of(item))

    def _has_room(self, value: Map | List, lines: list[Line]) -> bool:
        """Return whether one line can have the comments of all these lines: those of the first, and a few more for an entry."""
        if self.noted.isdisjoint(lines):
            return True
        comments, places = self.comments, sorted(set(lines))
        noted = [line for line in places[1:] if line in comments.above or line in comments.behind]
        spare = 2 if is_entry(value) else len(places) == 2
        words = [
            each for line in places[1:] for part in (comments.above, comments.below) for each in part.get(line, ())
        ]
        if not is_entry(value) and any(map(is_yaml, words)):
            return False
        if isinstance(value, List):
            # A comment above the first item, or inside the only one, goes above the list.
            first = noted[0] if noted else None
            spare += bool(first) and (first == places[1] or len(value) == 1) and first not in comments.behind
        return len(noted) <= spare and not any(line in comments.below for line in places[1:-1])

    def _line(self, line: str, at: list[Line]) -> None:
        below = self._open(line, at)
        self.lines.extend(_indent(line) + words for words in below)

    def _open(self, line: str, at: list[Line], entry: Iterable[Line] = ()) -> list[str]:
        """Write a line with the comments above and after it, and return those below it. A comment after an `entry` goes above."""
        if self.noted.isdisjoint(at) and self.noted.isdisjoint(entry):
            self.lines.append(line)
            return []
        above, below = self._beside([*at, *entry])
        behind = self._behind(at)
        self.lines.extend(_indent(line) + words for words in [*above, *self._behind(entry), *behind[:-1]])
        self.lines.append(f"{line}  {behind[-1]}" if behind else line)
        return below

    def left(self) -> Iterator[str]:
        """Yield the comments without a place, so that none is lost."""
        for part in (self.comments.above, self.comments.below):
            yield from (words for place in sorted(part) for words in part[place])
        yield from self.comments.behind.values()

    def _behind(self, at: Iterable[Line]) -> list[str]:
        """Take the comments after the content of these lines."""
        behind = self.comments.behind
        return [behind.pop(place) for place in sorted(set(at)) if place in behind]

    def _beside(self, at: list[Line]) -> tuple[list[str], list[str]]:
        """Take the comments above and below these lines."""
        above, below = (
            [words for place in sorted(set(at)) for words in part.pop(place, ())]
            for part in (self.comments.above, self.comments.below)
        )
        return above, below


def _folded(text: Text, indent: str) -> list[str] | None:
    """Return the lines of a long text that was written on several lines, to be folded again; None for any other."""
    width = WIDTH - len(indent) - 2
    if len(text) <= width or "\n" in text or (origin := text.origin) is None or origin.line == origin.end_line:
        return None
    # A reader joins lines with one blank, and keeps lines that begin with one.
    words = text.split(" ")
    if "" in words or not text.isprintable():
        return None
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] += f" {word}"
    return lines


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _line_of(value: object) -> tuple[str, int] | None:
    """Return the file and the line of `value`, like `origin_of`, but without computing the rest of its position."""
    place = place_of(value)
    if place is None:
        return None
    return (place[0], place[1].line + 1) if type(place) is tuple else (place[0], place[1])
