"""The type of a short form, and the catalogue of all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from dsgen.profile.coercion import DECIMAL
from dsgen.profile.shape_problems import NOT_PARSED, ReportPart
from dsgen.record import Record
from dsgen.tree import Map, Text, Value, is_integer, new_map, place_of

Expand = Callable[[Value, ReportPart], Value]
Shorten = Callable[[Map], "Value | None"]


class ShortForm(Record):
    """A short form of the type `type`: an example, what it means, and the JSON Schema of what it accepts.

    `expand` takes the short form to Kubernetes' own and leaves that as it is. `shorten` is the way back: it takes a map of the type
    without defaults, whose values may be in their short forms, and returns None where the map has no short form. `more` are the keys
    that the short form takes beside the type's own fields, with their notation.
    """

    type: str
    example: str
    means: str
    expand: Expand
    shorten: Shorten
    json: dict[str, Any] | None
    more: dict[str, str]


# A list of words that would be longer as one text stays a list: then a new word is one line of a diff.
LONGEST: Final = 100
SHORT_FORMS: Final[dict[str, ShortForm]] = {}


def short_form(
    type: str,
    example: str,
    means: str,
    json: dict[str, Any] | None = None,
    more: dict[str, str] | None = None,
    *,
    shorten: Shorten,
) -> Callable[[Expand], Expand]:
    """Register the decorated function, and `shorten`, its inverse, as the short form of `type`."""

    def enter(expand: Expand) -> Expand:
        SHORT_FORMS[type] = ShortForm(type, example, means, expand, shorten, json, more or {})
        return expand

    return enter


def pattern(text: str, *types: str) -> dict[str, Any]:
    """Return the JSON Schema of text that matches a pattern, or that has one of the other `types`."""
    return {"type": ["string", *types], "pattern": f"^(?:{text})$"}


def expand_to(short: Value, /, **fields: Value) -> Map:
    """Return the long form of `short`; each field has the position of the short form."""
    result = new_map("", place_of(short))
    result.update(fields)
    return result


def text_at(text: str, value: Value) -> Text:
    """Return a piece of `value` as text with the position of `value`."""
    return Text.at(text, place_of(value))


def unquoted_at(text: str, value: Value) -> Text:
    """Return a piece of `value` that may be a number: unquoted text, whose type the field table decides."""
    return Text.at(text, place_of(value), plain=True)


def not_parsed(value: str, what: str, hint: str, report: ReportPart) -> Map:
    """Report that text is not a valid short form of `what`, and return an empty long form."""
    report(NOT_PARSED, value, f"{str(value)!r} is not a valid {what}", hint)
    return expand_to(value)


def text_of(value: Map, key: str) -> str | None:
    """Return the text under `key`, an empty one if the key is missing, or None if the value is not text."""
    found = value.get(key, "")
    return str(found) if isinstance(found, str) else None


def port_text(value: Value | None) -> str | None:
    """Return a port written without quotes, or None if that would mean another one, as for the name "80"."""
    if is_integer(value):
        return str(int(value))
    return None if not isinstance(value, str) or DECIMAL.fullmatch(value) else str(value)
