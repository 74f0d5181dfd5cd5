"""Proof that a formatted text has the meaning of the original, and all its comments."""

from __future__ import annotations

from collections import Counter

from yaml.events import NodeEvent

from dsgen import source
from dsgen.fmt.read import words
from dsgen.parser import events
from dsgen.tree import List, Map, Null, Text
from dsgen.yaml_writer import scalar


def difference(before: str, after: str) -> str:
    """Return what differs between a text and its formatted form, or an empty string if nothing does."""
    old, _ = source.read(before, "")
    new, problems = source.read(after, "")
    if problems:
        return f"its text would not be valid: {problems[0].message}"
    if not _same(old, new):
        return "a value would change"
    if Counter(words(before)) != Counter(words(after)):
        return "a comment would be lost"
    if _names(before) != _names(after):
        return "an anchor would be lost"
    return ""


def _same(old: object, new: object) -> bool:
    """Return whether two values are the same, in any order of their keys."""
    if isinstance(old, Map) and isinstance(new, Map):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    if isinstance(old, List) and isinstance(new, List):
        return len(old) == len(new) and all(map(_same, old, new))
    if isinstance(old, Text) and isinstance(new, Text):
        # Quotes make a difference only if the text could be something else without them.
        return old == new and (old.plain == new.plain or scalar(str.__str__(old))[0] not in "\"'")
    return isinstance(old, Null) and isinstance(new, Null)


def _names(text: str) -> Counter[tuple[str, str]]:
    """Return the anchors and aliases of a text."""
    return Counter(
        (type(event).__name__, event.anchor) for event in events(text) if isinstance(event, NodeEvent) and event.anchor
    )
