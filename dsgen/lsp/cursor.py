"""What is at a position of a YAML text that may be half typed: the path of keys to it, and the word there.

The text is scanned line by line, by indentation and by the brackets of the flow style, since no parser reads a text that is not finished.
"""

from __future__ import annotations

import re
from typing import Final

from dsgen.record import Record
from dsgen.tree import Path

_KEY: Final = re.compile(
    r"""(?:"([^"]*)"|'([^']*)'|([^\s#'"\[\]{},&*!|>%@`-][^#,\[\]{}]*?|-[^\s,\[\]{}][^#,\[\]{}]*?))\s*:(?=\s|$)"""
)
_BLOCK_SCALAR: Final = re.compile(r"(?:^|\s)[|>][-+0-9]*\s*(?:#.*)?$")
_WORD: Final = re.compile(r"[^\s,\[\]{}'\"]*$")
_REST: Final = re.compile(r"[^\s,\[\]{}'\":]*")


class Cursor(Record):
    """The `path` of the value at a position: that of the key under the cursor, or of the map or list that a new word would be in.

    `word` is what is there of it, from `start` to `end`, `before` what is left of the position. `is_key` means that the word is a key, or
    can become one; `is_value` that it is, or can become, the value of `path`.
    """

    path: Path
    word: str
    before: str
    start: int
    end: int
    is_key: bool
    is_value: bool


class _Open(Record):
    """A map or list that is open: its indentation, and the step into it."""

    indent: int
    step: str | int


def cursor(lines: list[str], line: int, column: int) -> Cursor | None:
    """Return what is at a position, or None in a comment or in a block of text."""
    if line >= len(lines):
        lines = [*lines, ""]
        line = len(lines) - 1
    text = lines[line]
    column = min(column, len(text))
    if re.match(r"\s*#", text) or " #" in text[:column]:
        return None
    above = _above(lines[:line])
    if above is None or (above and above[-1].step == _TEXT and _is_inside(text, column, above[-1].indent)):
        return None
    open_ = [each for each in above if each.step != _TEXT]
    return _in_line(text, column, open_)


# The step into the lines of a block of text.
_TEXT: Final = "\0"


def _is_inside(text: str, column: int, indent: int) -> bool:
    own = len(text) - len(text.lstrip(" "))
    return (own if text.strip() else column) > indent


def _above(lines: list[str]) -> list[_Open] | None:
    """Return the maps and lists that are open behind some lines."""
    found: list[_Open] = []
    for text in lines:
        stripped = text.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if text.startswith(("---", "...")):
            found = []
            continue
        indent = len(text) - len(text.lstrip(" "))
        if found and found[-1].step == _TEXT:
            if indent > found[-1].indent:
                continue
            found.pop()
        _enter(text, indent, found)
    return found


def _enter(text: str, indent: int, found: list[_Open]) -> int:
    """Change the open maps and lists by a line, and return where its last value begins."""
    at = indent
    while True:
        rest = text[at:]
        is_item = rest.startswith("- ") or rest == "-"
        number = _close(found, at, is_item)
        if is_item:
            found.append(_Open(at, number))
            at += 2
            at += len(text[at:]) - len(text[at:].lstrip(" "))
            if at >= len(text):
                return at
            continue
        key = _KEY.match(text, at)
        if key is None:
            return at
        found.append(_Open(at, next(each for each in key.groups() if each is not None).strip()))
        if _BLOCK_SCALAR.search(text, key.end()):
            found.append(_Open(indent, _TEXT))
        return key.end()


def _close(found: list[_Open], indent: int, is_item: bool) -> int:
    """Close what ends at a line of some indentation; return the number of an item that begins there."""
    number = 0
    while found and (found[-1].indent >= indent):
        last = found[-1]
        if is_item and last.indent == indent and isinstance(last.step, str) and last.step != _TEXT:
            break  # items may be as far to the left as the key that they are the value of
        found.pop()
        if is_item and last.indent == indent and isinstance(last.step, int):
            number = last.step + 1
            break
    return number


def _in_line(text: str, column: int, found: list[_Open]) -> Cursor:
    indent = len(text) - len(text.lstrip(" "))
    if not text.strip():
        while (
            found
            and found[-1].indent >= column
            and not (found[-1].indent == column and isinstance(found[-1].step, int))
        ):
            found.pop()
        if found and isinstance(found[-1].step, int) and found[-1].indent == column:
            found.pop()
        return Cursor(_path(found), "", "", column, column, is_key=True, is_value=bool(found))
    at = min(_enter(text, indent, found), len(text))
    found = [each for each in found if each.step != _TEXT]
    start, end = _span(text, column)
    word, before = text[start:end], text[start:column]
    if column <= at and found and text[:at].rstrip().endswith(":"):
        # On the key itself.
        return Cursor(_path(found), word, before, start, end, is_key=True, is_value=False)
    value = text[at:column]
    brackets = _flow(value)
    if brackets is None:
        is_new = not text[:at].rstrip().endswith(":")
        return Cursor(_path(found), word, before, start, end, is_key=is_new, is_value=True)
    path, is_key = brackets
    key = _KEY.match(text, start)
    if is_key and key and key.end() >= column:
        return Cursor((*_path(found), *path, word), word, before, start, end, is_key=True, is_value=False)
    return Cursor((*_path(found), *path), word, before, start, end, is_key=is_key, is_value=not is_key)


def _span(text: str, column: int) -> tuple[int, int]:
    left = _WORD.search(text[:column])
    right = _REST.match(text, column)
    start = left.start() if left else column
    return start, right.end() if right else column


def _flow(value: str) -> tuple[Path, bool] | None:
    """Return the path inside the brackets that are open at the end of a value, and whether a key is there; None outside of brackets."""
    levels: list[tuple[str, str | int | None]] = []
    word, quote = "", ""
    for character in value:
        if quote:
            quote = "" if character == quote else quote
            word += character
        elif character in "\"'":
            quote = character
        elif character in "[{":
            levels.append((character, 0 if character == "[" else None))
            word = ""
        elif character in "]}":
            if not levels:
                return None
            levels.pop()
        elif character == "," and levels:
            kind, step = levels[-1]
            levels[-1] = (kind, step + 1 if isinstance(step, int) else None)
            word = ""
        elif character == ":" and levels and levels[-1][0] == "{" and levels[-1][1] is None:
            levels[-1] = ("{", word.strip())
            word = ""
        else:
            word += character
    if not levels:
        return None
    path = tuple(step for _, step in levels if step is not None)
    return path, levels[-1][1] is None


def _path(found: list[_Open]) -> Path:
    return tuple(each.step for each in found)
