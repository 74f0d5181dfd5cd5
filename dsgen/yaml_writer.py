"""Writing YAML that YAML 1.1 and 1.2 readers understand alike: PyYAML, Go's YAML, libyaml, ruamel and rapidyaml.

A string is written without quotes only when no reader could take it for something else; the rest is quoted, and
text of several lines is a block where that is safe.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from dsgen.tree import Value, is_boolean

# Letters that begin a plain scalar, then anything that neither ends it nor starts a comment. ASCII only, and no colon at
# the end: `a:` is a key.
_PLAIN: Final = re.compile(
    r"""(?:[A-Za-z/_$(.0-9]|-(?=[A-Za-z0-9/-]))(?:[!"$-9;-~]|:(?=[!-~])|(?<=[!-~])#|\x20(?=[!"$-~]))*"""
)
# What some reader takes for a boolean, null, a number, a date or a merge: more than any one of them does.
_NOT_TEXT: Final = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nil", "none", "undefined"])
_NOT_TEXT_BEGINS: Final = frozenset("+-.0123456789")
_NUMBER: Final = r"""(?ix)
    [-+.]?[0-9][0-9a-fxo_.:e+\-tz\ ]*      # numbers of every base, with exponents; dates; 12:30
    | [-+]?\.[0-9infa_.e+-]+               # .5, .inf, .nan
    | \.+|-+|---.*|\.\.\..*                # marks of documents
"""
# Text that is less common: compiled when it is first met.
_LETTERS: Final = r"[^\W\d_](?:[^\W\x80-\x9f]|[ ,./()-](?=[^\s]))*"
_ESCAPES: Final = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\0": "\\0",
    "\x07": "\\a",
    "\x08": "\\b",
    "\x1b": "\\e",
}
_ESCAPED: Final = '[\x00-\x1f"\\\\\x7f-\xa0\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\uffff]'
# Lines of a block: printable, no surprising breaks, and no line of blanks alone.
_BLOCK: Final = r"[^\s\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff#-][^\x00-\x09\x0b-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]*"


@lru_cache(maxsize=8192)
def scalar(text: str) -> str:
    """Return `text` as one line of YAML that every reader takes for exactly this string."""
    if _PLAIN.fullmatch(text) and _is_text(text) and not text.endswith((":", " ")):
        return text
    if re.fullmatch(_LETTERS, text) and _is_text(text):
        return text
    if '"' in text and not re.search(_ESCAPED, text.replace('"', "").replace("\\", "")):
        return "'" + text.replace("'", "''") + "'"
    return '"' + re.sub(_ESCAPED, _escape, text) + '"'


def _is_text(text: str) -> bool:
    return text.lower() not in _NOT_TEXT and not (text[0] in _NOT_TEXT_BEGINS and re.fullmatch(_NUMBER, text))


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    number = ord(character)
    short = _ESCAPES.get(character)
    if short is not None:
        return short
    if number < 0x100:
        return f"\\x{number:02X}"
    return f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}"


def block(text: str) -> tuple[str, list[str]] | None:
    """Return the header and the lines of `text` as a literal block, or None where quotes are safer."""
    if "\n" not in text or not re.fullmatch(_BLOCK, text) or text.endswith("\n\n"):
        return None
    lines = text.split("\n")
    if any(line.isspace() or line.startswith("\t") for line in lines):
        return None
    if lines[-1] == "":
        return "|", lines[:-1]
    return "|-", lines


def write(value: Value) -> str:
    """Return the tree `value` (a map or a list) as YAML text, indented by two, with a line break at its end."""
    lines: list[str] = []
    _write(value, "", lines)
    lines.append("")
    return "\n".join(lines)


def _write(value: Value, indent: str, lines: list[str]) -> None:
    if isinstance(value, dict):
        for key, child in value.items():
            written = scalar(str.__str__(key))
            # A key that stands before its colon may be no longer; libyaml and go-yaml count 1,024 letters.
            before = f"{indent}{written}:" if len(written) <= 1000 else f"{indent}? {written}\n{indent}:"
            _entry(before, child, indent, lines)
    else:
        assert isinstance(value, list)
        for child in value:
            if isinstance(child, dict) and child:
                first = len(lines)
                _write(child, indent + "  ", lines)
                lines[first] = f"{indent}- {lines[first][len(indent) + 2 :]}"
            else:
                _entry(f"{indent}-", child, indent, lines)


def _entry(start: str, value: Value, indent: str, lines: list[str]) -> None:
    if isinstance(value, str):
        as_block = block(value) if "\n" in value else None
        if as_block is None:
            lines.append(f"{start} {scalar(str.__str__(value))}")
            return
        header, text = as_block
        lines.append(f"{start} {header}")
        lines.extend(f"{indent}  {line}" if line else "" for line in text)
    elif isinstance(value, (dict, list)):
        if value:
            lines.append(start)
            _write(value, indent + "  ", lines)
        else:
            lines.append(f"{start} {{}}" if isinstance(value, dict) else f"{start} []")
    elif is_boolean(value):
        lines.append(f"{start} {'true' if value else 'false'}")
    elif isinstance(value, int):
        lines.append(f"{start} {int(value)}")
    else:
        lines.append(f"{start} null")
