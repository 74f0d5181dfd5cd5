"""Differences as Markdown for a comment on a pull request: a table, and a collapsed section with the fields of each object.

The text fits into a comment, whatever differs, and no name or value can leave its place in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dsgen import harmless
from dsgen.diff.compare import Difference
from dsgen.diff.report import lines_of, shown
from dsgen.diff.words import ORDER, happens, summary
from dsgen.problem import plural

# GitHub takes 65,536 characters, and GitLab more. Some are left for what others write around it.
LONGEST: Final = 60_000
# The table takes at most this part of it, so that the fields of some objects are shown too.
_TABLE: Final = LONGEST // 2
_LONGEST_NAME: Final = 300
_LONGEST_LINE: Final = 500
_FEWEST_LINES: Final = 5
_HEAD: Final = "| object | what happens |\n| --- | --- |\n"


def as_markdown(differences: Sequence[Difference]) -> str:
    """Return the differences as Markdown of at most `LONGEST` characters."""
    found = shown(differences)
    head = f"**{summary(differences)}**\n"
    by_weight = sorted(range(len(found)), key=lambda number: ORDER.index(found[number].what))
    rows = _fitting([_row(each) for each in found], by_weight, _TABLE)
    left = LONGEST - len(head) - sum(map(len, rows.values())) - len(_HEAD)
    sections: dict[int, str] = {}
    for number in by_weight:
        section = _section(found[number], left - 500)
        if section:
            sections[number] = section
            left -= len(section) + 1
    parts = [head]
    if found:
        parts.append(_HEAD + "".join(row for _, row in sorted(rows.items())))
    if len(rows) < len(found):
        parts.append(f"… and {plural(len(found) - len(rows), 'more object')}: run `dsgen diff` to see all\n")
    parts += (section for _, section in sorted(sections.items()))
    missing = sum(bool(each.changes or each.problems) for each in found) - len(sections)
    if missing:
        parts.append(
            f"The fields of {plural(missing, 'more object')} are too long for a comment: run `dsgen diff` to see them\n"
        )
    return "\n".join(parts)


def _fitting(texts: list[str], order: Sequence[int], room: int) -> dict[int, str]:
    """Return those texts that fit, by their number; `order` is that in which they are preferred."""
    found = {}
    for number in order:
        if len(texts[number]) <= room:
            room -= len(texts[number])
            found[number] = texts[number]
    return found


def _row(difference: Difference) -> str:
    return f"| {harmless.code(_name(difference))} | {happens(difference, harmless.code)} |\n"


def _name(difference: Difference) -> str:
    return _cut(str(difference.key), _LONGEST_NAME)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"


def _section(difference: Difference, room: int) -> str:
    """Return the fields of an object in a section of at most `room` characters, or an empty string if not even a few fit."""
    lines = [_cut(line, _LONGEST_LINE) for line in lines_of(difference)]
    name = harmless.html(_name(difference))
    kept = list(_first(lines, room - len(name) - 200))
    if not lines or len(kept) < min(len(lines), _FEWEST_LINES):
        return ""
    if len(kept) < len(lines):
        kept.append(f"  … and {plural(len(lines) - len(kept), 'more line')}")
    fence = harmless.fence("\n".join(kept), 3)
    block = "\n".join([f"{fence}diff", *kept, fence])
    return f"<details><summary>{name}</summary>\n\n{block}\n\n</details>\n"


def _first(lines: Sequence[str], room: int) -> Iterator[str]:
    for line in lines:
        # A fence may be as long as a line, twice.
        room -= len(line) + 1
        if room < 2 * _LONGEST_LINE:
            return
        yield line
