"""Differences as text for a terminal, as Markdown for a pull request, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from dsgen.diff.compare import Difference
from dsgen.diff.words import SIGNS, changed_lines, happens, summary
from dsgen.report import JSON_FIELDS
from dsgen.tree import plain


def as_text(differences: Sequence[Difference]) -> str:
    """Return the differences as text."""
    lines = []
    for each in _shown(differences):
        lines.append(f"{SIGNS[each.what]} {each.key}: {happens(each)}")
        lines += [f"    {line}" for line in _lines(each)]
    return "".join(f"{line}\n" for line in [*lines, summary(differences)])


def as_markdown(differences: Sequence[Difference]) -> str:
    """Return the differences as Markdown: a table, and the fields of each object to unfold."""
    parts = [f"**{summary(differences)}**\n"]
    shown = _shown(differences)
    if shown:
        rows = [f"| {_cell(str(each.key))} | {_cell(happens(each))} |" for each in shown]
        parts.append("\n".join(["| object | what happens |", "| --- | --- |", *rows]) + "\n")
    for each in shown:
        lines = list(_lines(each))
        if lines:
            fence = "`" * max(3, 1 + max(_longest_run(line) for line in lines))
            block = "\n".join([f"{fence}diff", *lines, fence])
            parts.append(f"<details><summary>{_escaped(str(each.key))}</summary>\n\n{block}\n\n</details>\n")
    return "\n".join(parts)


def as_json(differences: Sequence[Difference]) -> str:
    """Return the differences as one JSON object."""
    data = {"objects": list(map(_data, differences)), "summary": summary(differences)}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


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
        "problems": [{name: getattr(problem, name) for name in JSON_FIELDS} for problem in each.problems],
    }


def _shown(differences: Sequence[Difference]) -> list[Difference]:
    return [each for each in differences if each.what != "same"]


def _lines(difference: Difference) -> Iterator[str]:
    for change in difference.changes:
        yield from (f"{sign} {line}" for sign, line in changed_lines(change))
    for problem in difference.problems:
        yield f"! {problem.field}{problem.field and ': '}{problem.message} [{problem.code}]".replace("\n", " ")


def _cell(text: str) -> str:
    return _escaped(text).replace("|", "\\|").replace("\n", " ")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _longest_run(text: str) -> int:
    return max((len(run) for run in text.replace("`", " ` ").split() if run == "`"), default=0) and text.count("`")
