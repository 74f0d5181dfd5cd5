"""The lines that summarize what of a schema, and which expressions, were not evaluated: one for each reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from dsgen.problem import LISTED, Problem

# Notes that can be many for one reason: text has a line for all of them.
SUMMARIZED: Final = ("unvalidated-schema", "unvalidated-expression")
_WHAT: Final = "(CEL): "
# What a note says of other lines of the same object.
_OTHER_LINES: Final = re.compile("[,;] nor (the one|those) on lines? .*")


def summaries(problems: Iterable[Problem]) -> list[str]:
    """Return a line for each reason, with the places to which it applies."""
    by_reason: dict[tuple[str, str], list[Problem]] = {}
    for each in problems:
        if each.code in SUMMARIZED:
            reason = _OTHER_LINES.sub("", each.message.rpartition(_WHAT)[2])
            by_reason.setdefault((each.code, reason), []).append(each)
    return [_line(reason, found) for (_, reason), found in by_reason.items()]


def _line(reason: str, found: list[Problem]) -> str:
    message = found[0].message if len({each.message for each in found}) == 1 else f"not evaluated (CEL): {reason}"
    places = list(dict.fromkeys(f"{each.file}:{each.line}" if each.line else each.file for each in found))
    more = f" and {len(places) - LISTED} more" if len(places) > LISTED else ""
    return f"note: {message} ({', '.join(places[:LISTED])}{more}) [{found[0].code}]"
