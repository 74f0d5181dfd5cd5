"""Where something was written: the positions that values, keys and problems carry."""

from __future__ import annotations

from typing import Any

from dsgen.record import Record


class Origin(Record):
    """A range of text. Lines and columns count from 1; the end is exclusive. `file` is as the user named it."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class TemplateLine(Origin):
    """The position of something that a template sets: the line to report if no profile caused the problem."""

    __slots__ = ()


class ShippedLine(TemplateLine):
    """The position of something that a shipped template sets: the template is correct, so its input caused the problem."""

    __slots__ = ()


class Located:
    """A value that was read from a file.

    `place` is its origin, or what `origin_at` converts to one on demand: the origin of most values is never used.
    """

    __slots__ = ()
    place: Any

    @property
    def origin(self) -> Origin | None:
        """The position of the value."""
        place: Origin | None = self.place
        if type(place) is tuple:
            self.place = place = origin_at(*place)
        return place

    @origin.setter
    def origin(self, origin: Origin | None) -> None:
        self.place = origin


def origin_at(file: str, start: Any, end: Any) -> Origin:
    """Return the range of text between two marks of the YAML parser."""
    # Bypasses its own constructor: a big file has many.
    return tuple.__new__(Origin, (file, start.line + 1, start.column + 1, end.line + 1, end.column + 1))
