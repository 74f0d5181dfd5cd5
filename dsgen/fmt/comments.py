"""The comments of a YAML text. YAML parsers drop them."""

from __future__ import annotations

import re
from bisect import bisect_right

from dsgen.record import Record
from dsgen.syntax import LINE_BREAK


class Comment(Record):
    """A comment: the place `at` which it begins, also as line and column (from 0), and its words, with the `#`."""

    at: int
    line: int
    column: int
    words: str


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
