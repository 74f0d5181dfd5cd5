"""Differences as text for a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dsgen import harmless
from dsgen.diff.compare import Difference
from dsgen.diff.words import SIGNS, changed_lines, happens, summary
from dsgen.plain import plain
from dsgen.report import row, shortened


def as_text(differences: Sequence[Difference]) -> str:
    """Return the differences as text."""
    lines = []
    for each in shown(differences):
        lines.append(f"{SIGNS[each.what]} {harmless.line(str(each.key))}: {happens(each)}")
        lines += [f"    {line}" for line in lines_of(each)]
    return "".join(f"{line}\n" for line in [*lines, summary(differences)])


def as_json(differences: Sequence[Difference]) -> str:
    """Return the differences as one JSON object."""
    data = {"objects": list(map(_data, differences)), "summary": summary(differences)}
    return harmless.as_json(data)


def _data(each: Difference) -> dict[str, Any]:
    return {
        "environment": each.key.environment,
        "kind": each.key.kind,
        "namespace": each.key.namespace,
        "name": each.key.name,
        "verdict": each.what,
        "changes": [
            {"field": change.field, "old": plain(change.old), "new": plain(change.new)} for change in each.changes
        ],
        "pods": each.pods._asdict() if each.pods is not None else None,
        "podCount": each.pod_count,
        "onDelete": each.on_delete,
        "problems": [row(shortened(problem)) for problem in each.problems],
    }


def shown(differences: Sequence[Difference]) -> list[Difference]:
    """Return the differences without objects that stay the same."""
    return [each for each in differences if each.what != "same"]


def lines_of(difference: Difference) -> Iterator[str]:
    """Yield a line for each field that differs, and for each problem."""
    for change in difference.changes:
        yield from (f"{sign} {harmless.line(line)}" for sign, line in changed_lines(change))
    for problem in map(shortened, difference.problems):
        yield harmless.line(f"! {problem.field}{problem.field and ': '}{problem.message} [{problem.code}]")
