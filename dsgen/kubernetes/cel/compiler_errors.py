"""The library's errors of compilation, each with a drawing of its place, in one readable line."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_ERROR: Final = re.compile(r"^ERROR: <input>:(-?\d+):(-?\d+): (.*)$", re.MULTILINE)
_STATUS: Final = re.compile(r"^INVALID_ARGUMENT: | \[[A-Z_]+\]$")
_END: Final = "<EOF>"
# What the parser says → what was found. It lists all that it expects, which is nearly anything.
_WORDS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (
        re.compile(r"(?:mismatched|extraneous) input (.+?) expecting .*", re.DOTALL),
        lambda match: f"unexpected {_named(match[1])}",
    ),
    (re.compile(r"no viable alternative at input (.*)", re.DOTALL), lambda match: f"unexpected {_named(match[1])}"),
    (re.compile(r"missing (.+) at (.+)", re.DOTALL), lambda match: f"missing {match[1]} before {_named(match[2])}"),
    (re.compile(r"token recognition error at: (.*)", re.DOTALL), lambda match: f"unexpected {_named(match[1])}"),
)
_SYNTAX: Final = "Syntax error: "
_CONTAINER: Final = re.compile(r" \(in container '.*?'\)$")


def one_line(text: str, source: str) -> str:
    """Return what the compiler says of an expression: its first error with the place, and how many more there are."""
    text = _STATUS.sub("", text)
    errors = _ERROR.findall(text)
    if not errors:
        return " ".join(text.split())
    line, column, message = errors[0]
    more = f" (and {len(errors) - 1} more error{'s' if len(errors) > 2 else ''})" if len(errors) > 1 else ""
    return f"{_readable(message)}{_place(int(line), int(column), source)}{more}"


def _place(line: int, column: int, source: str) -> str:
    if line < 1:
        return ""
    is_longer = line > 1 or "\n" in source.strip()
    return f", at {f'line {line}, ' if is_longer else ''}column {column} of the expression"


def _readable(message: str) -> str:
    message = _CONTAINER.sub("", _STATUS.sub("", message))
    if not message.startswith(_SYNTAX):
        return message
    message = message.removeprefix(_SYNTAX)
    for pattern, words in _WORDS:
        match = pattern.fullmatch(message)
        if match:
            return f"{_SYNTAX.lower()}{words(match)}"
    return f"{_SYNTAX.lower()}{message}"


def _named(text: str) -> str:
    """Return a part of an expression as the parser quotes it, or the words for its end."""
    inner = text[1:-1] if text[:1] == "'" == text[-1:] and len(text) > 2 else text
    inner = inner if inner == _END else inner.removesuffix(_END)
    if inner == _END:
        return "end"
    return f"`{inner}`" if "'" in inner else f"'{inner}'"
