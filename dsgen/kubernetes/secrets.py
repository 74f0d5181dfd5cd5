"""Secrets: their values are never printed, neither in differences nor in syntax errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from dsgen.kubernetes.semantics.field_diff import Change
from dsgen.problem import CATALOGUE, Problem
from dsgen.source import EXPLICIT_TAG, INVALID_MERGE_KEY, INVALID_YAML_KEY, SYNTAX
from dsgen.syntax import LINE_BREAK
from dsgen.tree import Map, Text, Value, as_map

KIND: Final = "Secret"
# As `kubectl diff` writes values: the same on both sides, before and after.
MASK, BEFORE, AFTER = "***", "*** (before)", "*** (after)"
# What can be printed of a Secret; an annotation may contain a copy of all of it, as that of `kubectl apply` does.
_PUBLIC: Final = frozenset(("apiVersion", "kind", "type", "immutable"))
_STATES_KIND: Final = r"""(?m)(^|[\s{,"'])kind["']?\s*:\s*(!!str\s+)?["']?Secret(List)?["']?\s*([,}#]|$)"""
# Problems whose messages quote the text.
_QUOTING: Final = frozenset(
    (
        *(code.name for code in (INVALID_YAML_KEY, INVALID_MERGE_KEY, EXPLICIT_TAG)),
        "invalid-yaml-tag",
        "non-finite-number",
        "question-mark-in-brackets",
    )
)


def masked(root: Map, other: Map, differs: str) -> Map:
    """Return a Secret without its values: each is `***`, or `differs` if the `other` has another value for the same key."""
    result = Map((), root.origin)
    metadata = root.child("metadata")
    for key, value in root.items():
        if key == "metadata" and metadata is not None:
            result[key] = masked_metadata(metadata, other.map(key), differs)
        else:
            result[key] = value if key in _PUBLIC else _masked(value, other.get(key), differs)
    return result


def masked_metadata(metadata: Map, other: Map, differs: str) -> Map:
    """Return the metadata of a Secret without the values of its annotations."""
    return Map(
        {
            key: _masked(value, other.get(key), differs) if key == "annotations" else value
            for key, value in metadata.items()
        }
    )


def _masked(value: Any, other: Any, differs: str) -> Value:
    if isinstance(value, Map):
        return Map({key: _masked(child, as_map(other).get(key), differs) for key, child in value.items()})
    return Text(MASK if other is None or other == value else differs)


def masked_changes(changes: Sequence[Change]) -> list[Change]:
    """Return what differs between two Secrets, without the values."""
    return [change if _is_public(change.field) else _masked_change(change) for change in changes]


def _is_public(field: str) -> bool:
    return field in _PUBLIC or (field.startswith("metadata.") and not field.startswith("metadata.annotations"))


def _masked_change(change: Change) -> Change:
    old, new = change.old, change.new
    return change._replace(
        old=None if old is None else _masked(old, new, BEFORE), new=None if new is None else _masked(new, old, AFTER)
    )


def is_secret(text: str) -> bool:
    """Return whether a text, of one document or more, probably contains a Secret, without parsing it."""
    return KIND in text and bool(re.search(_STATES_KIND, text))


def secret_lines(lines: Sequence[str]) -> list[range]:
    """Return the numbers of the lines, from 1, of each document that contains a Secret."""
    if not any(KIND in line for line in lines):
        return []
    marks = [number for number, line in enumerate(lines) if number and re.match(r"---(\s|$)", line)]
    documents = pairwise([0, *marks, len(lines)])
    return [range(start + 1, end + 1) for start, end in documents if is_secret("\n".join(lines[start:end]))]


def without_values(problems: Sequence[Problem], text: str) -> Iterator[Problem]:
    """Yield the problems of a text; one that would quote the text of a Secret says in general what is wrong."""
    hidden = secret_lines(LINE_BREAK.split(text))
    for problem in problems:
        quotes = problem.code in _QUOTING or (problem.code == SYNTAX.name and "alias" in problem.message)
        if quotes and any(problem.line in lines for lines in hidden):
            yield problem._replace(message=CATALOGUE[problem.code].prose, hint="")
        else:
            yield problem
