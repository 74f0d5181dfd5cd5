"""A record is what a `typing.NamedTuple` is."""

from __future__ import annotations

import pickle
from typing import NamedTuple, get_type_hints

import pytest

from dsgen.record import Record


class Point(Record):
    """A point."""

    x: int
    y: int = 2
    name: str = ""

    @property
    def sum(self) -> int:
        """Both."""
        return self.x + self.y


class Like(NamedTuple):
    """A point."""

    x: int
    y: int = 2
    name: str = ""


def test_a_record_is_a_tuple_with_names() -> None:
    point = Point(1)
    assert point == (1, 2, "") == Like(1)
    assert (point.x, point.sum) == (1, 3)
    assert point._replace(y=5) == Point(1, 5) == Point(x=1, y=5)
    assert pickle.loads(pickle.dumps(point)) == point
    assert (Point._fields, Point._field_defaults) == (Like._fields, Like._field_defaults)
    assert get_type_hints(Point) == get_type_hints(Like) == {"x": int, "y": int, "name": str}
    assert (Point.__doc__, Point.__name__, Point.__module__) == (Like.__doc__, "Point", __name__)
    assert repr(point) == "Point(x=1, y=2, name='')"


def test_a_field_without_a_default_is_asked_for() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Point()  # type: ignore[call-arg]
