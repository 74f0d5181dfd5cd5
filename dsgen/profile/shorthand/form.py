"""What a short form is, and the catalogue of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from dsgen.profile.problems import Report
from dsgen.record import Record
from dsgen.tree import Map, Text, Value, origin_of

Expand = Callable[[Value, Report], Value]


class ShortForm(Record):
    """A short form of the type `type`: what it looks like, what it means, and the JSON Schema of what it accepts.

    `more` are the keys that the short form takes beside the type's own fields, with their notation.
    """

    type: str
    example: str
    means: str
    expand: Expand
    json: dict[str, Any] | None
    more: dict[str, str]


SHORT_FORMS: Final[dict[str, ShortForm]] = {}


def short_form(
    type: str, example: str, means: str, json: dict[str, Any] | None = None, more: dict[str, str] | None = None
) -> Callable[[Expand], Expand]:
    """Enter the decorated function as the short form of `type`."""

    def enter(expand: Expand) -> Expand:
        SHORT_FORMS[type] = ShortForm(type, example, means, expand, json, more or {})
        return expand

    return enter


def pattern(text: str, *types: str) -> dict[str, Any]:
    """Return the JSON Schema of text that has a form, or is one of the other `types`."""
    return {"type": ["string", *types], "pattern": f"^(?:{text})$"}


def expand_to(short: Value, /, **fields: Value) -> Map:
    """Return the long form of `short`: each field at the place where the short form stands."""
    return Map(fields, origin_of(short))


def text_at(text: str, value: Value) -> Text:
    """Return a piece of `value` as text that was written where `value` stands."""
    return Text.at(text, origin_of(value))


def unquoted_at(text: str, value: Value) -> Text:
    """Return a piece of `value` that may be a number: unquoted text, which the field table decides on."""
    return Text.at(text, origin_of(value), plain=True)
