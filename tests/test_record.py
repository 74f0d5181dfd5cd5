"""A record is what a `typing.NamedTuple` is."""

from __future__ import annotations

import pickle
from typing import Any, NamedTuple, get_type_hints

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
    assert (Point._fields, point._asdict()) == (Like._fields, Like(1)._asdict())
    assert get_type_hints(Point) == get_type_hints(Like) == {"x": int, "y": int, "name": str}
    assert (Point.__doc__, Point.__name__, Point.__module__) == (Like.__doc__, "Point", __name__)
    assert repr(point) == "Point(x=1, y=2, name='')"


@pytest.mark.parametrize(
    ("values", "named", "wrong"),
    [
        ((), {"y": 1}, r"missing \['x'\]"),
        ((1,), {"z": 1}, "unknown or set twice: .*'z'"),
        ((1,), {"x": 1}, "unknown or set twice: .*'x'"),
        ((1, 2, "", 3), {}, "unknown or set twice: .*3"),
    ],
)
def test_a_record_is_of_its_fields(values: Any, named: Any, wrong: str) -> None:
    with pytest.raises(TypeError, match=wrong):
        Point(*values, **named)
    with pytest.raises(TypeError, match="Point has no z"):
        Point(1)._replace(z=1)  # type: ignore[call-arg]


def test_a_record_has_no_other_attributes() -> None:
    with pytest.raises(AttributeError):
        Point(1).z = 1  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        Point(1).x = 2  # type: ignore[misc]
