"""Which minor versions have a field. This loads the tables of all of them, so only documentation and mistakes ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dsgen.kubernetes.schema import fields

# How a span of versions is written: from `first` on, up to `last`, only one, and from one to another.
Words = tuple[str, str, str, str]
_SHORT: Final[Words] = ("since {first}", "until {last}", "only {first}", "{first} to {last}")


def minors_with(type: str, name: str) -> list[str]:
    """Return the minor versions in which a type has the field `name`."""
    return [minor for minor in fields.MINORS if name in fields.of(type, minor).types.get(type, ())]


def versions(type: str, name: str) -> str:
    """Return which versions have a field: `since 1.34`, `until 1.35`, `1.33 to 1.35` or `only 1.35`; an empty string if all have it."""
    minors = minors_with(type, name)
    return "" if not minors or len(minors) == len(fields.MINORS) else span(minors, _SHORT)


def span(minors: Sequence[str], words: Words) -> str:
    """Return which versions some successive ones are, in these `words`."""
    first, last = minors[0], minors[-1]
    since, until, only, between = words
    if last == fields.MINORS[-1]:
        form = since
    elif first == fields.MINORS[0]:
        form = until
    else:
        form = only if first == last else between
    return form.format(first=first, last=last)
