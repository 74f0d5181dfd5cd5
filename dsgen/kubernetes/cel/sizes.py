"""How large values are: the lengths of texts, and the numbers of items and fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from dsgen.kubernetes.cel.names import escaped
from dsgen.kubernetes.cel.reads import EACH, Steps
from dsgen.record import Record

# The library does not take all numbers that are as long.
_LONG: Final = 10**18


class Scale(Record):
    """What no size of some values is above: by the name of a variable, the largest size, and the largest of a list or a map; `whole` is
    that of all values together. The numbers are rounded up, so that many values are of the same scale.
    """

    by_name: tuple[tuple[str, int, int], ...]
    whole: int


class AnySizes(Protocol):
    """The sizes of values at paths."""

    @property
    def largest(self) -> int:
        """The size of what is at no path."""
        ...

    def at(self, path: Steps) -> int:
        """Return the largest size of the values at a path."""
        ...

    def count(self, path: Steps) -> int:
        """Return the largest size of the lists and maps at a path."""
        ...


class Sizes:
    """The sizes of some data."""

    def __init__(self, data: Mapping[str, Any], optional: frozenset[str] = frozenset()) -> None:
        self._data = {
            name: (value[0] if value else None) if name in optional else value for name, value in data.items()
        }
        self._known: dict[Steps, int] = {}
        self._largest = 0

    def at(self, path: Steps) -> int:
        """Return the largest size of the values at a path."""
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = max(map(_size, found_at(self._data, path)), default=0)
        return known

    count = at

    @property
    def largest(self) -> int:
        """The size of all data together, of which no part is larger."""
        if not self._largest:
            self._largest = 1 + _whole(self._data)
        return self._largest


class Measured(Record):
    """The largest size in a value, of keys too, the largest of a list or a map, and the size of all of it together.

    The library may not take the value if it `is_odd`.
    """

    size: int
    most: int
    whole: int
    is_odd: bool


def measured(value: Any) -> Measured:
    """Return how large plain data is; all sizes are at least 1."""
    size = count = whole = 1
    is_odd = False
    waiting: list[Iterable[Any]] = [[value]]
    # Tests of exact types take a third of the time of `isinstance`.
    for values in waiting:
        for each in values:
            kind = type(each)
            if kind is str or kind is bytes:
                length = len(each)
                whole += length
                if length > size:
                    size = length
                if kind is str and not each.isascii() and not _is_encoded(each):
                    is_odd = True
            elif kind is dict or kind is list:
                length = len(each)
                whole += length
                if length > count:
                    count = length
                if kind is list:
                    waiting.append(each)
                elif each:
                    waiting += each, each.values()
            else:
                whole += 1
                if kind is int and not -_LONG < each < _LONG:
                    is_odd = True
    return Measured(max(size, count), count, whole, is_odd)


def _is_encoded(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def rounded(size: int) -> int:
    """Return the next number with at most three digits other than 0 in base 2."""
    shift = max(size.bit_length() - 3, 0)
    return -(-size >> shift) << shift


def found_at(value: Any, path: Steps) -> list[Any]:
    """Return the values at a path in plain data, and for a loop over a map its keys too."""
    found = [value]
    for step in path:
        below: list[Any] = []
        for each in found:
            if isinstance(each, dict):
                if step == EACH:
                    # A loop over a map has its keys.
                    below += [*each.values(), *each]
                    continue
                name = step if step in each else escaped(str(step))
                if name in each:
                    below.append(each[name])
            elif isinstance(each, list):
                below += each if not isinstance(step, int) else each[step : step + 1]
        found = below
    return found


def extent(value: Any, path: Steps) -> int:
    """Return the number of characters, items and fields in all values at a path."""
    return sum(map(_whole, found_at(value, path)))


def _size(value: Any) -> int:
    return len(value) if isinstance(value, (str, bytes, list, dict)) else 1


def _whole(value: Any) -> int:
    """Return the number of characters, items and fields in a value."""
    if isinstance(value, dict):
        return len(value) + sum(len(str(name)) + _whole(each) for name, each in value.items())
    if isinstance(value, list):
        return len(value) + sum(map(_whole, value))
    return len(value) if isinstance(value, (str, bytes)) else 1
