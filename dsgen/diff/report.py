"""Differences as text for a terminal, as Markdown for a pull request, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dsgen import harmless
from dsgen.diff.compare import Difference
from dsgen.diff.words import SIGNS, changed_lines, happens, summary
from dsgen.report import row, shortened
from dsgen.tree import plain


def as_text(differences: Sequence[Difference]) -> str:
    """Return the differences as text."""
    lines = []
    for each in _shown(differences):
        lines.append(f"{SIGNS[each.what]} {harmless.line(str(each.key))}: {happens(each)}")
        lines += [f"    {line}" for line in _lines(each)]
    return "".join(f"{line}\n" for line in [*lines, summary(differences)])


def as_markdown(differences: Sequence[Difference]) -> str:
    """Return the differences as Markdown: a table, and a collapsed section with the fields of each object."""
    parts = [f"**{summary(differences)}**\n"]
    shown = _shown(differences)
    if shown:
        rows = [f"| {harmless.code(str(each.key))} | {happens(each, harmless.code)} |" for each in shown]
        parts.append("\n".join(["| object | what happens |", "| --- | --- |", *rows]) + "\n")
    for each in shown:
        lines = list(_lines(each))
        if lines:
            fence = harmless.fence("\n".join(lines), 3)
            block = "\n".join([f"{fence}diff", *lines, fence])
            parts.append(f"<details><summary>{harmless.html(str(each.key))}</summary>\n\n{block}\n\n</details>\n")
    return "\n".join(parts)


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


def _shown(differences: Sequence[Difference]) -> list[Difference]:
    return [each for each in differences if each.what != "same"]


def _lines(difference: Difference) -> Iterator[str]:
    for change in difference.changes:
        yield from (f"{sign} {harmless.line(line)}" for sign, line in changed_lines(change))
    for problem in map(shortened, difference.problems):
        yield harmless.line(f"! {problem.field}{problem.field and ': '}{problem.message} [{problem.code}]")
