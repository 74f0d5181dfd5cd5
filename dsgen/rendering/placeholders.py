"""Placeholders for values in rendered text: a template writes one-line handles, and the values are stored separately.

So a template cannot cut, quote or misread a value. Three private-use characters mark handles and lines; neither templates nor
Jinja2 use them for anything else.
"""

from __future__ import annotations

import re
from typing import Final

from dsgen.tree import Value

OPEN: Final = "\ue000"
CLOSE: Final = "\ue001"
LINE: Final = "\ue002"
NOTHING: Final = OPEN + CLOSE

HANDLE: Final = re.compile(f"{OPEN}([0-9]*){CLOSE}")
RESERVED: Final = re.compile(f"[{OPEN}{CLOSE}{LINE}]")
# A line with one field whose value is nothing, or with nothing alone, after its mark: removed before the text is parsed.
GONE: Final = re.compile(f" *(?:[A-Za-z_][A-Za-z0-9_./-]*: *)?{NOTHING} *")


class Absent:
    """A field of `type` that is not set. Its own fields are absent too; it counts as none, and has no entries."""

    __slots__ = ("type",)

    def __init__(self, type: str) -> None:
        self.type = type

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return other is None or isinstance(other, Absent)

    def __hash__(self) -> int:
        return hash(None)

    def __iter__(self) -> object:
        return iter(())

    def __len__(self) -> int:
        return 0


class KeepEmpty:
    """A value that is written even if it is an empty map or list (the filter `keep`)."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


def line_marker(template: str, line: int) -> str:
    """Return a mark: the text after it is in `line` of `template`."""
    return f"{LINE}{template},{line}{LINE}"
