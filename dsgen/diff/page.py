"""Differences as an HTML page in the style of a plan's: what needs attention first, then each object with its fields."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dsgen.diff.compare import Difference
from dsgen.diff.report import lines_of, shown
from dsgen.diff.words import ORDER, SIGNS, happens, summary
from dsgen.page.page import natural, render
from dsgen.problem import plural
from dsgen.record import Record

TEMPLATE: Final = Path(__file__).with_name("page.html.j2")
# All objects are open if there are at most so many; those that cannot be applied as they are always are.
MOST_OPEN: Final = 20
# Of one object at most so many lines are shown: nobody reads more, and a browser would take long.
MOST_LINES: Final = 2_000
_HEADINGS: Final = {
    "refused": "Rejected",
    "recreated": "Must be deleted and recreated",
    "restarted": "Restarted",
    "unknown": "Effect on pods not known",
    "deleted": "Deleted, or no longer generated",
    "kept": "Configured",
    "created": "Created",
}
_KINDS_OF_LINE: Final = {"+": "plus", "-": "minus", "!": "bang"}


class ComparedObject(Record):
    """An object on the page: its number, and its lines, each with its class."""

    number: int
    difference: Difference
    name: str
    happens: str
    lines: list[tuple[str, str]]
    more: int

    @property
    def needs_attention(self) -> bool:
        """Whether it cannot be applied as it is, or something is wrong with it."""
        return self.difference.what in ("refused", "recreated") or bool(self.difference.problems)


def as_page(differences: Sequence[Difference]) -> str:
    """Return the differences as HTML."""
    found = sorted(shown(differences), key=lambda each: (ORDER.index(each.what), natural(str(each.key))))
    entries = [_entry(number, each) for number, each in enumerate(found)]
    kinds = sorted({each.key.kind for each in found})
    return render(
        TEMPLATE,
        summary=summary(differences),
        first=[each for each in entries if each.needs_attention],
        sections=[
            (what, _HEADINGS[what], [each for each in entries if each.difference.what == what]) for what in ORDER
        ],
        kinds=kinds,
        kind_number={kind: number for number, kind in enumerate(kinds)},
        signs=SIGNS,
        are_open=len(entries) <= MOST_OPEN,
        plural=plural,
    )


def _entry(number: int, difference: Difference) -> ComparedObject:
    lines = list(lines_of(difference))
    kept = [(_KINDS_OF_LINE.get(line[:1], ""), line) for line in lines[:MOST_LINES]]
    said = happens(difference)
    return ComparedObject(number, difference, str(difference.key), said, kept, len(lines) - len(kept))
