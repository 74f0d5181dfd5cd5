"""Unified diffs of texts of any size, in linear time.

`difflib` alone takes cubic time for repeated lines. Here, lines that occur once in each text split the two, and
`difflib` compares only the parts between them; a long part without any such line counts as changed as a whole.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from typing import Final

# The number of pairs of lines that are left to difflib; and how often parts are split again.
_FEW: Final = 10_000
_LEVELS: Final = 8


def unified(old: Sequence[str], new: Sequence[str], before: str, after: str, context: int = 3) -> Iterator[str]:
    """Yield the lines of a unified diff, as `difflib.unified_diff` does: none for equal texts. `before` and `after` name the two."""
    started = False
    for group in _Matcher(old, new).get_grouped_opcodes(context):
        if not started:
            started = True
            yield f"--- {before}\n"
            yield f"+++ {after}\n"
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n"
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                yield from (f" {line}" for line in old[old_start:old_end])
                continue
            yield from (f"-{line}" for line in old[old_start:old_end])
            yield from (f"+{line}" for line in new[new_start:new_end])


def _range(start: int, end: int) -> str:
    """Format a range of lines, counted from 1; an empty one begins before its line."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + (length > 0)},{length}"


class _Matcher(SequenceMatcher[str]):
    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        super().__init__(None, old, new, autojunk=False)
        self._old, self._new = list(old), list(new)

    def get_matching_blocks(self) -> list[Match]:
        """Return the matching blocks of both texts, in order, and an empty block at their ends."""
        blocks: list[Match] = []
        for old_at, new_at, size in _blocks(self._old, self._new):
            last = blocks[-1] if blocks else None
            if last and (last.a + last.size, last.b + last.size) == (old_at, new_at):
                blocks[-1] = last._replace(size=last.size + size)
            else:
                blocks.append(Match(old_at, new_at, size))
        return [*blocks, Match(len(self._old), len(self._new), 0)]


def _blocks(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int]]:
    """Yield the places and lengths of matching blocks."""
    # Parts of both texts, the first one last, with their level; or a matching block, as a part of level -1.
    waiting = [(0, len(old), 0, len(new), 0)]
    while waiting:
        old_at, old_end, new_at, new_end, level = waiting.pop()
        if level < 0:
            yield old_at, new_at, old_end - old_at
            continue
        start = old_at
        while old_at < old_end and new_at < new_end and old[old_at] == new[new_at]:
            old_at, new_at = old_at + 1, new_at + 1
        if old_at > start:
            yield start, new_at - (old_at - start), old_at - start
        end = old_end
        while old_at < old_end and new_at < new_end and old[old_end - 1] == new[new_end - 1]:
            old_end, new_end = old_end - 1, new_end - 1
        if old_end < end:
            waiting.append((old_end, end, new_end, new_end + (end - old_end), -1))
        if (old_end - old_at) * (new_end - new_at) <= _FEW:
            inside = SequenceMatcher(None, old[old_at:old_end], new[new_at:new_end], autojunk=False)
            yield from ((old_at + a, new_at + b, size) for a, b, size in inside.get_matching_blocks() if size)
        elif level < _LEVELS:
            parts = []
            for a, b in [*_anchors(old, new, (old_at, old_end, new_at, new_end)), (old_end, new_end)]:
                parts.append((old_at, a, new_at, b, level + 1))
                old_at, new_at = a, b
            if len(parts) > 1:
                waiting += parts[::-1]


def _anchors(old: list[str], new: list[str], part: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """Return the places of lines that occur once in each part: the longest sequence that has the same order in both."""
    old_at, old_end, new_at, new_end = part
    counted, others = Counter(old[old_at:old_end]), Counter(new[new_at:new_end])
    places = {new[at]: at for at in range(new_at, new_end)}
    pairs = [
        (at, places[line]) for at, line in enumerate(old[old_at:old_end], old_at) if counted[line] == others[line] == 1
    ]
    # The longest increasing chain of pairs: for each length, the chain with the lowest end.
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, at) in enumerate(pairs):
        length = bisect_left(ends, at)
        ends[length : length + 1] = [at]
        last[length : length + 1] = [index]
        before.append(last[length - 1] if length else -1)
    chain = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]
