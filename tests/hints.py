"""Hints, followed mechanically: as far as they name an exact edit, the text after it."""

from __future__ import annotations

import re
from collections.abc import Callable

from dsgen.problem import Problem

_BRACKETS = {"{": "}", "[": "]"}
# What a user fills in.
_OPEN = re.compile(r"\b(?!PATH\b)[A-Z]{3,}\b|\[…\]|GROUP/VERSION|^-$")


def followed(text: str, problem: Problem) -> str | None:
    """Return a text after the hint of a problem was followed, or None if it does not name an exact edit."""
    start, end = _range(text, problem)
    if problem.file.startswith("templates/") or "\n" in text[start:end]:
        return None
    for pattern, edit in _EDITS:
        found = re.match(pattern, problem.hint)
        if found:
            return edit(text, problem, found)
    return None


def _offset(text: str, line: int, column: int) -> int:
    return sum(len(each) for each in text.splitlines(keepends=True)[: line - 1]) + column - 1


def _range(text: str, problem: Problem) -> tuple[int, int]:
    return _offset(text, problem.line, problem.column), _offset(text, problem.end_line, problem.end_column)


def _value(text: str, end: int) -> tuple[int, int] | None:
    """Return the range of the value behind a key that ends at `end`, if it is on the same line."""
    colon = re.compile(r"['\"]? *: +").match(text, end)
    if colon is None:
        return None
    start = colon.end()
    if text[start : start + 1] in _BRACKETS:
        return start, _closing(text, start) + 1
    in_brackets = _depth(text, start) > 0
    found = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^,{}\[\]\n]*|)""" if in_brackets else r"[^\n]*").match(
        text, start
    )
    assert found
    return (start, found.end()) if found[0].strip() else None


def _depth(text: str, at: int) -> int:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    plain = re.sub(r"""'[^']*'|"[^"]*\"""", "", line)
    return sum(plain.count(each) for each in "{[") - sum(plain.count(each) for each in "}]")


def _closing(text: str, start: int) -> int:
    depth, quote = 0, ""
    for at in range(start, len(text)):
        letter = text[at]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "{[":
            depth += 1
        elif letter in "}]":
            depth -= 1
            if not depth:
                return at
    return len(text) - 1


def _replace(text: str, problem: Problem, found: re.Match[str]) -> str | None:
    """Replace what is marked by the text of the hint; `…` in it is the value behind a marked key."""
    new = found[1]
    if _OPEN.search(new):
        return None
    start, end = _range(text, problem)
    value = _value(text, end)
    if "at the top level" in problem.hint or "beside" in problem.hint:
        return None
    own = re.search(rf"{re.escape(new.partition(': ')[0])}\w*: *$", text[:start]) if ": " in new else None
    if own or (": " in new and value is None and new.startswith(("select: ", "serviceAccount: "))):
        # The entry whose value is marked.
        own = own or re.search(r"[\w.+]+: *$", text[:start])
        assert own
        return text[: own.start()] + new + text[end:]
    if "…" in new:
        if value is None or new.count("…") > 1:
            return None
        return text[:start] + new.replace("…", text[value[0] : value[1]]) + text[value[1] :]
    if value is not None and re.match(r"[\w.]+\+?: ", new):
        # A whole entry instead of the marked key and its value.
        return text[:start] + new + text[value[1] :]
    return text[:start] + new + text[end:]


def _rename(text: str, problem: Problem, found: re.Match[str]) -> str | None:
    """Replace the marked key or value by the suggested one."""
    start, end = _range(text, problem)
    return text[:start] + found[1] + text[end:]


def _remove(text: str, problem: Problem, found: re.Match[str]) -> str | None:
    """Remove the marked key with its value, or the marked entry of a list, and a comma."""
    start, end = _range(text, problem)
    value = _value(text, end)
    key = re.search(r"[\w.+]+: *$", text[:start])
    if value is not None:
        end = value[1]
    elif key:
        start = key.start()
    elif text[end : end + 1] == ":":
        return None  # a block
    whole = text[text.rfind("\n", 0, start) + 1 : start].strip() in ("", "-")
    if whole and text[end : end + 1] in ("\n", ""):
        begin = text.rfind("\n", 0, start) + 1
        return text[:begin] + text[end + 1 :]
    comma = re.compile(r" *, *").match(text, end)
    if comma:
        return text[:start] + text[comma.end() :]
    return re.sub(r", *$", "", text[:start]) + text[end:]


Edit = Callable[[str, Problem, "re.Match[str]"], "str | None"]


def _within(text: str, problem: Problem, found: re.Match[str]) -> str | None:
    """Replace part of what is marked."""
    start, end = _range(text, problem)
    assert found[2] in text[start:end]
    return text[:start] + text[start:end].replace(found[2], found[1], 1) + text[end:]


def _whole_list(text: str, problem: Problem, found: re.Match[str]) -> str | None:
    """Replace the list in brackets whose entry is marked."""
    start = text.rfind("[", 0, _range(text, problem)[0])
    end = _closing(text, start) + 1
    return text[:start] + found[1] + text[end:] if start > text.rfind("\n", 0, end) else None


_END = r"(?:$|[;,] | instead|, without quotes| \()"
_EDITS: list[tuple[str, Edit]] = [
    (r"write `([^`]+)` instead of `([^`]+)`", _within),
    (r"write a map instead of the list: `([^`]+)`", _whole_list),
    (rf"write `([^`]+)`{_END}", _replace),
    (r"remove the quotes: write (\S+)$", _replace),
    (r"did you mean `([^`]+)`\?$", _rename),
    (r"remove `([^`]+)`", _remove),
    (r"remove (the entry|it|the key|one of them|one of the two)(?:$|[;,:] )", _remove),
]
