"""Messages for invalid YAML: our own, so that they are the same with every parser and version.

They depend only on the class and the marks of a parser's error, and on the text there.
"""

from __future__ import annotations

import re
from typing import Any, Final, cast

from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import CollectionEndEvent, CollectionStartEvent

from dsgen.parser import ScannerError, events
from dsgen.record import Record

# YAML's line ends.
LINE_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
QUOTED: Final = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""", re.DOTALL)
_ESCAPE: Final = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0abt\tnvfre \"/\\N_LP\n\r\x85\u2028\u2029]))?"
)
_SHOWN_ESCAPE: Final = re.compile(r"\\(?:x[0-9a-fA-F]{0,2}|u[0-9a-fA-F]{0,4}|U[0-9a-fA-F]{0,8}|.?)", re.DOTALL)
_WORD: Final = re.compile(r"[^\s,\[\]{}]{1,60}")
_ENTRY: Final = re.compile(r"-(?=\s|$)|[^\n#]*?:(?=\s|$)")
_MARKER: Final = re.compile(r"(---|\.\.\.)(?=\s|$)")
_CLOSING: Final = {"[": "]", "{": "}"}
_NAMES: Final = {"\t": "a tab", "`": "a backtick"}

LOOK: Final = "check quotes, brackets and indentation here and in the line above"


class Break(Record):
    """Where a text stops being valid YAML (line and column, from 1), why, and what to do. `tab` means that a tab is used as indentation there."""

    line: int
    column: int
    message: str
    hint: str
    tab: bool = False


def break_of(error: MarkedYAMLError, text: str) -> Break:
    """Return the description of a parser's error."""
    mark = error.problem_mark or error.context_mark
    at = min(mark.index, len(text)) if mark else 0
    begun = min(error.context_mark.index, len(text)) if error.context_mark else at
    before = text[_line_start(text, at) : at]
    if text[at : at + 1] == "\t" and not before.strip(" \t-?:"):
        return Break(*place(text, at), "tab as indentation", "indent with spaces", tab=True)
    if isinstance(error, ScannerError):
        found, message, hint = _scanned(text, begun, at) if begun < at else (at, *_cannot_begin(text, at))
    else:
        found, message, hint = _parsed(text, at, error.context_mark is None)
    return Break(*place(text, found), message, hint)


def nests_deeper(text: str, levels: int) -> bool:
    """Return whether maps and lists are nested deeper than so many levels before the text ends or becomes invalid."""
    return _nesting(text)[0] > levels


def first_bad_escape(text: str, start: int, end: int) -> str | None:
    """Return the first invalid escape between two places of a text in double quotes, or None."""
    found = _bad_escape(text, start, end)
    return None if found is None else _shown_escape(text, found)


def place(text: str, index: int) -> tuple[int, int]:
    """Return line and column, from 1, of a place in a text."""
    return 1 + sum(1 for _ in LINE_BREAK.finditer(text, 0, index)), index - _line_start(text, index) + 1


def _line_start(text: str, index: int) -> int:
    return max((found.end() for found in LINE_BREAK.finditer(text, 0, index)), default=0)


def _nesting(text: str) -> tuple[int, list[int]]:
    """Return how deep a text is nested, and the places of its unclosed brackets, innermost last."""
    deepest = 0
    ends: list[int] = []
    try:
        for event in events(text):
            if isinstance(event, CollectionStartEvent):
                start, end = cast(Any, event.start_mark).index, cast(Any, event.end_mark).index
                ends.append(end - 1 if event.flow_style and start < end else -1)
                deepest = max(deepest, len(ends))
            elif isinstance(event, CollectionEndEvent):
                ends.pop()
    except YAMLError:
        pass
    # A single pair in a list is a map without brackets.
    return deepest, [end for end in ends if end >= 0 and text[end] in _CLOSING]


def _scanned(text: str, begun: int, at: int) -> tuple[int, str, str]:
    """Return place, message and hint for something whose beginning is valid, but not the rest."""
    lead, written = text[begun], text[begun:at]
    word = _word(text, begun)
    if lead in "\"'":
        quoted = QUOTED.match(text, begun)
        if quoted is None or quoted.end() > at:
            return _quoted(text, begun, at)
    elif lead in "|>":
        return (
            begun,
            f"expected only a digit from 1 to 9, `+` or `-` after `{lead}`",
            "begin the text on the next line, or quote text that begins with this character",
        )
    elif lead == "%":
        return begun, f"`{word}` is not a directive of YAML 1.1", "quote text that begins with `%`, or remove the line"
    elif len(written) == 1 or (not re.search(r"\s", written) and text[at : at + 1].strip()):
        if lead == "!":
            return begun, f"`{word}` is not a valid tag", "quote text that begins with `!`"
        if lead in "*&":
            name = "alias" if lead == "*" else "anchor"
            return begun, f"`{word}` is not a valid {name}", "quote text that begins with `*` or `&`"
    if text[at : at + 1] == ":" and text[at + 1 : at + 2] in tuple(",?[]{}"):
        return at, "`:` directly before a comma or bracket", "add a space after the colon, or quote the text"
    return _no_entry(text, begun)


def _quoted(text: str, begun: int, at: int) -> tuple[int, str, str]:
    bad = _bad_escape(text, begun, at + 1) if text[begun] == '"' else None
    if bad is not None:
        hint = r"write a literal backslash as `\\`, and a character above U+FFFF in the form `\U0001F600`"
        return bad, f"`{_shown_escape(text, bad)}` is not a valid escape", hint
    marker = _MARKER.match(text, at)
    until = f" before the `{marker[1]}` of line {place(text, at)[0]}" if marker else ""
    return begun, f"this quote is not closed{until}", "close the quote that begins here"


def _bad_escape(text: str, start: int, end: int) -> int | None:
    for escape in _ESCAPE.finditer(text, start):
        if escape.start() >= end:
            break
        digits = escape[1] or escape[2] or escape[3]
        number = int(digits, 16) if digits else 0 if escape[4] else -1
        if number < 0 or 0xD800 <= number <= 0xDFFF or number > 0x10FFFF:
            return escape.start()
    return None


def _shown_escape(text: str, at: int) -> str:
    found = _SHOWN_ESCAPE.match(text, at)
    return found[0] if found else "\\"


def _cannot_begin(text: str, at: int) -> tuple[str, str]:
    """Return message and hint for a character that cannot begin anything in its place."""
    character, behind = text[at : at + 1], text[at + 1 : at + 2]
    if not behind.strip():
        if character == ":":
            return "a map cannot begin here", "quote text that contains `: `, and check the indentation"
        if character == "-":
            return "a list cannot begin here", "begin the list on a new line, or quote the text"
        if character == "?":
            return "`?` cannot begin a key here", "quote text that begins with `?`"
    return (
        f"text cannot begin with {_NAMES.get(character, f'`{character}`')}",
        "quote text that begins with this character",
    )


def _parsed(text: str, at: int, at_root: bool) -> tuple[int, str, str]:
    """Return place, message and hint for something that is complete, but not allowed in its place."""
    character = text[at : at + 1]
    line_begins = _line_start(text, at) == at
    handle = re.compile(r"![\w-]+!").match(text, at)
    if handle:
        return at, f"the tag handle `{handle[0]}` is not defined", "quote text that begins with `!`"
    if character == "%" and line_begins:
        return at, f"`{_word(text, at)}` is a duplicate, or not of YAML 1.1", "remove the line"
    brackets = _nesting(text[:at])[1]
    if brackets and (not character or (line_begins and _MARKER.match(text, at))):
        return brackets[-1], *_unclosed(text, brackets[-1])
    if brackets:
        return at, *_in_brackets(text, at, brackets[-1])
    if character and character in "]}":
        return at, f"`{character}` closes no bracket", "remove it, or quote text that begins with it"
    if character == ",":
        return at, "a comma outside brackets", "quote the whole text, or write the list in brackets"
    if at_root and not text[_line_start(text, at) : at].strip():
        return at, "unexpected content after the value above", LOOK
    return _no_entry(text, at)


def _in_brackets(text: str, at: int, opened: int) -> tuple[str, str]:
    """Return message and hint for unexpected content inside brackets."""
    line, closing, character = place(text, opened)[0], _CLOSING[text[opened]], text[at]
    bracket = f"the `{text[opened]}` of line {line}"
    if character in "]}":
        return f"`{character}` does not close {bracket}", f"close it with `{closing}` first"
    if character == ",":
        return "a value is missing before this comma", "remove the comma, or write a value before it"
    if character == "?":
        return "`?` begins a key inside brackets", "quote text with a `?`"
    return (
        f"expected `,` or `{closing}` for {bracket}",
        f"close the bracket that line {line} opens, or add a comma",
    )


def _unclosed(text: str, opened: int) -> tuple[str, str]:
    return f"this `{text[opened]}` is not closed", f"close it with `{_CLOSING[text[opened]]}`"


def _no_entry(text: str, at: int) -> tuple[int, str, str]:
    """Return place, message and hint for something that is not the next entry of the enclosing map or list."""
    if text[_line_start(text, at) : at].strip(" -?"):
        return (
            at,
            "unexpected content after the value before this",
            "quote the whole text, or check brackets and commas",
        )
    brackets = _nesting(text[at:])[1] if text[at : at + 1] in _CLOSING else []
    if brackets:
        return at + brackets[-1], *_unclosed(text, at + brackets[-1])
    if _ENTRY.match(text, at):
        return at, "the indentation matches no map or list above", LOOK
    return at, "expected a key with `:`, or `- ` before an item", LOOK


def _word(text: str, at: int) -> str:
    found = _WORD.match(text, at)
    return found[0] if found else text[at : at + 1]
