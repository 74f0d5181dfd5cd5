"""A profile as a person would lay it out: on one line what is short, by the line what is not, with its comments.

Short is what the eye takes in at once: a line of at most `WIDTH` columns, in which no more than `DEPTH` brackets are open at one
place. An entry of a table, such as a mount, may be wider; a list, whose entries have no names to find them by, is at most
`LIST_WIDTH` wide from bracket to bracket.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Final

from dsgen.importer import text
from dsgen.importer.comments import Comments, Line
from dsgen.tree import List, Map, Value, origin_of

WIDTH: Final = 100
ENTRY_WIDTH: Final = 120
LIST_WIDTH: Final = 80
DEPTH: Final = 3
# Maps whose entries stand each on a line of its own.
_BY_LINE: Final = frozenset({"profile", "Container"})
# What was an entry of a list: a comment at any of its lines is one on the entry.
_ENTRIES: Final = frozenset({"EnvFromSource", "EnvVar", "Mount", "Volume"})


def write(profile: Map, comments: Comments) -> str:
    """Return the profile as text. Comments stand at what they stood at, or at what is left of its surroundings."""
    writer = _Writer(_moved(comments, sorted(set(lines_of(profile)))))
    writer.map(profile, "")
    writer.lines += [words for line in sorted(comments.end) for words in comments.end[line]]
    return "\n".join([*writer.lines, ""])


def _moved(comments: Comments, known: list[Line]) -> Comments:
    """Return the comments at lines that the profile has something of: the next one, or else the last before."""
    stated = set(known)
    moved = Comments({}, {line: words for line, words in comments.behind.items() if line in stated}, {}, {})
    lost = ((line, [words]) for line, words in comments.behind.items() if line not in stated)
    for line, words in sorted([*comments.above.items(), *lost]):
        at = bisect_left(known, line)
        if at and (at == len(known) or known[at][0] != line[0]):
            moved.below.setdefault(known[at - 1], []).extend(words)
        else:
            moved.above.setdefault(known[at], []).extend(words)
    for line, words in comments.below.items():
        at = bisect_right(known, line)
        place = moved.below if at else moved.above
        place.setdefault(known[max(at - 1, 0)], []).extend(words)
    return moved


def lines_of(value: Value) -> Iterator[Line]:
    """Yield the lines on which the keys and leaves of a value were written."""
    if isinstance(value, Map):
        for key, child in value.items():
            at = origin_of(key)
            if at:
                yield at.file, at.line
            yield from lines_of(child)
    elif isinstance(value, List):
        for child in value:
            yield from lines_of(child)
    origin = origin_of(value)
    if origin and not (isinstance(value, (Map, List)) and value):
        yield origin.file, origin.line


class _Writer:
    def __init__(self, comments: Comments) -> None:
        self.comments = comments
        self.lines: list[str] = []

    def map(self, value: Map, indent: str) -> None:
        for key, child in value.items():
            origin = origin_of(key)
            self._entry(f"{text.key(key)}:", child, indent, [(origin.file, origin.line)] if origin else [])

    def _entry(self, start: str, value: Value, indent: str, at: list[Line]) -> None:
        """Write what stands behind a key or a dash, and its comments."""
        if isinstance(value, str) and "\n" in value:
            literal = text.block(value)
            if literal:
                header, body = literal
                below = self._open(f"{indent}{start} {header}", [*at, *lines_of(value)])
                self.lines.extend(f"{indent}  {line}" if line else "" for line in body)
                self.lines.extend(indent + words for words in below)
                return
        inside = [*at, *lines_of(value)]
        flow = f"{indent}{start} {_flow(value)}"
        if (
            not isinstance(value, (Map, List))
            or not value
            or (_fits(value, flow) and self._has_room(value, inside))
        ):
            self._line(flow, inside)
        else:
            below = self._open(f"{indent}{start}", at)
            if isinstance(value, Map):
                self.map(value, indent + "  ")
            else:
                self._list(value, indent + "  ")
            self.lines.extend(indent + words for words in below)

    def _list(self, value: List, indent: str) -> None:
        for child in value:
            first = len(self.lines)
            if not isinstance(child, (Map, List)) or not child or self._in_one_line(child, indent):
                self._entry("-", child, indent, [])
                continue
            if isinstance(child, Map):
                self.map(child, indent + "  ")
            else:
                self._list(child, indent + "  ")
            at = next(index for index in range(first, len(self.lines)) if self.lines[index].lstrip()[0] != "#")
            self.lines[at] = f"{indent}- {self.lines[at][len(indent) + 2 :]}"
            self.lines[first:at] = [line[2:] for line in self.lines[first:at]]

    def _in_one_line(self, item: Map | List, indent: str) -> bool:
        return _fits(item, f"{indent}- {_flow(item)}") and self._has_room(item, list(lines_of(item)))

    def _has_room(self, value: Map | List, lines: list[Line]) -> bool:
        """Tell whether one line can bear the comments of all these lines: those of the first, and a few more for an entry."""
        comments = self.comments
        spare = 2 if getattr(value, "type", "") in _ENTRIES else len(set(lines)) == 2
        noted = {line for line in lines if line in comments.above or line in comments.behind}
        return len(noted - {min(lines, default=("", 0))}) <= spare and not any(
            line in comments.below for line in {*lines[:-1]}
        )

    def _line(self, line: str, at: list[Line]) -> None:
        below = self._open(line, at)
        self.lines.extend(_indent(line) + words for words in below)

    def _open(self, line: str, at: list[Line]) -> list[str]:
        """Write a line with the comments above and behind it; return those for below."""
        places = sorted(set(at))
        above = [words for place in places for words in self.comments.above.pop(place, ())]
        behind = [self.comments.behind.pop(place) for place in places if place in self.comments.behind]
        self.lines.extend(_indent(line) + words for words in [*above, *behind[:-1]])
        self.lines.append(f"{line}  {behind[-1]}" if behind else line)
        return [words for place in places for words in self.comments.below.pop(place, ())]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _fits(value: Map | List, line: str) -> bool:
    """Tell whether a map or list reads well on one line, which is `line`."""
    if isinstance(value, List) and len(_flow(value)) > LIST_WIDTH:
        return False
    width = ENTRY_WIDTH if getattr(value, "type", "") in _ENTRIES else WIDTH
    return len(line) <= width and _depth(value) <= DEPTH and _is_short(value)


def _depth(value: Value) -> int:
    children = value.values() if isinstance(value, Map) else value if isinstance(value, List) else ()
    return 1 + max(map(_depth, children)) if children else 0


def _is_short(value: Map | List) -> bool:
    """Tell whether what a map or list holds reads well on one line, if it fits."""
    if isinstance(value, List):
        nested = [child for child in value if isinstance(child, (Map, List)) and child]
        return len(nested) <= (len(value) == 1) and all(map(_may_stand_in_line, value))
    maps = [child for child in value.values() if isinstance(child, Map) and child]
    if value.type in _BY_LINE or value.type[:1] == "<":
        short = {"Container": 1, "<name:ContainerPort>": 3}.get(value.type, 0)
        return len(value) <= short and not (maps and len(value) > 1) and all(map(_may_stand_in_line, value.values()))
    return len(maps) < 2 and len(value) <= 6 and all(map(_may_stand_in_line, value.values()))


def _may_stand_in_line(value: Value) -> bool:
    if isinstance(value, (Map, List)):
        return not value or _is_short(value)
    return not (isinstance(value, str) and "\n" in value)


def _flow(value: Value, place: text.Place = "block") -> str:
    if isinstance(value, Map):
        return "{" + ", ".join(f"{text.key(key)}: {_flow(child, 'map')}" for key, child in value.items()) + "}"
    if isinstance(value, List):
        return "[" + ", ".join(_flow(child, "list") for child in value) + "]"
    return text.scalar(value, place)
