"""The record of expressions: a few of each function and operator, with the server's outcome, and why dsgen does not evaluate some."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from conformance.cel.samples import DATA

FILE: Final = Path(__file__).parent.parent.parent / "tests" / "kubernetes" / "cel" / "recorded.json"
# Of the expressions that call the same functions with the same kind of outcome.
_EACH: Final = 2
_CALLED: Final = re.compile(r"[\w.]*\w(?=\()|(?<= )(?:[-+*/%<>=!&|?]+|in)(?= )")
_SYMBOL: Final = re.compile(r"(?<= )(?:[-+*/%<>=!&|?]+|in)(?= )|^[-!]|\[")
# The library's own words, and what depends on the system's time zones.
_UNSTABLE: Final = re.compile("^the library reports")
_ZONES: Final = "Europe/"


class Compared(NamedTuple):
    """An expression of a group, with the outcome that the server has and the one that dsgen has."""

    group: str
    source: str
    server: tuple[str, Any]
    ours: tuple[str, Any]


class Recorded(NamedTuple):
    """An expression with the server's outcome, and if dsgen does not evaluate it, why: an empty text if it does."""

    source: str
    server: tuple[str, Any]
    why: str

    @property
    def id(self) -> str:
        """The expression, as far as a report of tests shows it."""
        return self.source[:60]


def save(found: Iterable[Compared], minor: str) -> str:
    """Write the record, and return how large it is."""
    rows = [[one.source, *one.server, one.ours[1] if one.ours[0] == "unevaluated" else ""] for one in _chosen(found)]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    head = json.dumps({"minor": minor, "data": DATA})[1:-1]
    FILE.write_text(f'{{{head}, "expressions": [\n{lines}\n]}}\n', encoding="utf-8")
    return f"{FILE.name}: {len(rows)} expressions, {FILE.stat().st_size} bytes"


def _chosen(found: Iterable[Compared]) -> Iterator[Compared]:
    """Yield the first and the last ones of those that are alike, in order, and of those that dsgen does not evaluate for one reason."""
    alike: dict[tuple[Any, ...], list[Compared]] = defaultdict(list)
    for one in found:
        unevaluated = one.ours[1] if one.ours[0] == "unevaluated" else ""
        if _ZONES in one.source or _UNSTABLE.search(unevaluated):
            continue
        alike_by = _SYMBOL if one.group == "operators" else _CALLED
        called = (one.source,) if one.group == "unlike" else tuple(sorted({*alike_by.findall(one.source)}))
        if unevaluated and one.group != "unlike":
            called = ()
        alike[one.group, called, one.server[0], unevaluated].append(one)
    for same in alike.values():
        yield from same if len(same) <= _EACH else (*same[: _EACH - 1], same[-1])


def load() -> tuple[str, Any, list[Recorded]]:
    """Return the minor version that was asked, the value of `self`, and the expressions."""
    whole = json.loads(FILE.read_text(encoding="utf-8"))
    rows = [Recorded(source, (kind, value), why) for source, kind, value, why in whole["expressions"]]
    return whole["minor"], whole["data"], rows
