"""Whether an object is what a test expects: the differences, each at the line of the test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dsgen.origin import Origin
from dsgen.plain import plain
from dsgen.record import Record
from dsgen.tree import List, Map, Null, Path, Value, maps_in, origin_of


class FailedExpectation(Record):
    """A field that differs: its path, where the test sets it, and what was expected and found."""

    path: Path
    origin: Origin | None
    expected: str
    found: str


def differences(expected: Map, generated: Any, defaulted: Any) -> list[FailedExpectation]:
    """Return where an object differs from a part of one. A field that is not generated may have the value that is its default."""
    return list(_differ(expected, _Pair(generated, defaulted), (), origin_of(expected))) if expected else []


class _Pair(Record):
    """A value of the generated object, and that of the object with defaults."""

    generated: Any
    defaulted: Any

    def below(self, step: str) -> _Pair:
        """Return the values of a field."""
        return _Pair(*(each.get(step) if isinstance(each, dict) else None for each in self))

    def named(self, name: str) -> _Pair:
        """Return the items of a list that have a name."""
        return _Pair(*(_item(each, name) for each in self))


def _item(items: Any, name: str) -> Any:
    found = items if isinstance(items, list) else []
    return next((each for each in found if isinstance(each, dict) and each.get("name") == name), None)


def _differ(expected: Value, found: _Pair, path: Path, origin: Origin | None) -> Iterator[FailedExpectation]:
    if isinstance(expected, Map) and expected:
        for key, child in expected.items():
            yield from _differ(child, found.below(key), (*path, str(key)), origin_of(child) or origin_of(key))
    elif isinstance(expected, List) and expected and all(isinstance(each, Map) and "name" in each for each in expected):
        for each in maps_in(expected):
            name = str(each["name"])
            item = found.named(name)
            if item.generated is None and item.defaulted is None:
                yield FailedExpectation(
                    (*path, name), origin_of(each["name"]), f"an item with the name {name}", "no such item"
                )
            else:
                yield from _differ(each, item, (*path, name), origin_of(each))
    else:
        wanted = plain(expected)
        if all(_is_other(wanted, each) for each in found):
            shown = found.defaulted if found.generated is None else found.generated
            yield FailedExpectation(path, origin, _shown(expected), _shown(shown))


def _is_other(wanted: object, found: Any) -> bool:
    value = plain(found)
    # A boolean is not a number, and both are equal in Python.
    return wanted != value or isinstance(wanted, bool) != isinstance(value, bool)


def _shown(value: Any) -> str:
    """Return a value as a message shows it."""
    import json

    if value is None or isinstance(value, Null):
        return "nothing"
    text = json.dumps(plain(value), ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:79]}…"
