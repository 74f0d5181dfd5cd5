"""The comments of a YAML text. YAML parsers drop them."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from yaml.events import ScalarEvent

from dsgen.parser import events
from dsgen.record import Record
from dsgen.syntax import LINE_BREAK


class Comment(Record):
    """A comment: the place `at` which it begins, also as line and column (from 0), and its words, with the `#`."""

    at: int
    line: int
    column: int
    words: str


def of_yaml(text: str) -> list[Comment]:
    """Return the comments of a text of YAML. Raises what `events` raises."""
    return comments(text, [span(text, event) for event in events(text) if isinstance(event, ScalarEvent)])


def comments(text: str, spans: list[tuple[int, int]]) -> list[Comment]:
    """Return the comments of a text: from a `#` at the beginning of a line or after a blank, unless it is inside a scalar of `spans`."""
    starts = [start for start, _ in spans]
    result, begin = [], 0
    for number, line in enumerate(LINE_BREAK.split(text)):
        for match in re.finditer(r"(?:^|(?<=[ \t]))#", line):
            index = begin + match.start()
            at = bisect_right(starts, index) - 1
            if at < 0 or index >= spans[at][1]:
                result.append(Comment(index, number, match.start(), line[match.start() :].rstrip()))
                break
        end = LINE_BREAK.match(text, begin + len(line))
        begin = end.end() if end else len(text)
    return result


def span(text: str, event: Any) -> tuple[int, int]:
    """Return the range of the scalar of an event; that of a block begins after its header, which may have a comment."""
    start, end = event.start_mark.index, event.end_mark.index
    if event.style in ("|", ">"):
        body = text.find("\n", start) + 1 or end
        start = min(body, end)
    return start, end
