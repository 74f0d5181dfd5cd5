"""Writing YAML: manifests for every parser, and profiles for dsgen's own.

`write` is for manifests, which YAML 1.1 and 1.2 parsers interpret identically: PyYAML, Go's YAML, libyaml, ruamel and
rapidyaml. A string is written without quotes only if no parser could take it for something else; others are quoted,
and text of several lines is written as a block if that is safe.

`flow`, `key` and `literal` are for profiles, in which a scalar without quotes is text and keeps its spelling. Quotes are only
written if YAML's syntax requires them, and around text that must not be converted to a number or a boolean.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from dsgen.tree import NULLS, Text, Value, is_boolean

# Where a scalar is: in brackets, in braces, or in neither.
Place: TypeAlias = Literal["block", "list", "map"]

# Characters that can begin a plain scalar, then anything that neither ends it nor starts a comment. ASCII only, and no colon at
# the end: `a:` is a key.
_PLAIN: Final = re.compile(
    r"""(?:[A-Za-z/_$(.0-9]|-(?=[A-Za-z0-9/-]))(?:[!"$-9;-~]|:(?=[!-~])|(?<=[!-~])#|\x20(?=[!"$-~]))*"""
)
# What some parser takes for a boolean, null, a number, a date or a merge: a superset for each parser.
_NOT_TEXT: Final = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nil", "none", "undefined"])
_NOT_TEXT_BEGINS: Final = frozenset("+-.0123456789")
_NUMBER: Final = r"""(?ix)
    [-+.]?[0-9][0-9a-fxo_.:e+\-tz\ ]*      # numbers of every base, with exponents; dates; 12:30
    | [-+]?\.[0-9infa_.e+-]+               # .5, .inf, .nan
    | \.+|-+|---.*|\.\.\..*                # marks of documents
"""
# For less common text: compiled on first use.
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
# Lines of a block: printable, and no surprising breaks. It begins with no blank, from which readers would take the indentation.
_BLOCK: Final = r"[^\s\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff][^\x00-\x08\x0b-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]*"

# What a plain scalar of a profile may not contain: an indicator at its beginning, a key, a comment, or blanks at its end.
_INDICATORS: Final = r"""[ ,[\]{}#&*!|>'"%@`:?]"""
_NOT_PLAIN: Final = rf"{_INDICATORS}|-(?:\ |$)|.*(?::(?:\ |$)|\ \#|\ $)"
# In brackets and braces, text with blanks is quoted too, to show where it ends.
_NOT_PLAIN_IN_FLOW: Final = rf"{_INDICATORS}|.*(?:[ ,[\]{{}}?]|:$)"
_NOT_A_KEY: Final = rf"{_INDICATORS}|(?:-|---|\.\.\.)\ |<<$|.*(?:[,[\]{{}}?]|:\ |\ \#|\ $)"


@lru_cache(maxsize=8192)
def scalar(text: str) -> str:
    """Return `text` as one line of YAML that every parser takes for exactly this string."""
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
    """Return the header and the lines of `text` as a literal block, or None if quotes are safer."""
    if "\n" not in text or not re.fullmatch(_BLOCK, text) or text.endswith("\n\n"):
        return None
    lines = text.split("\n")
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
            # The limit for a simple key; libyaml and go-yaml allow 1,024 characters.
            before = f"{indent}{written}:" if len(written) <= 1000 else f"{indent}? {written}\n{indent}:"
            if type(child) is Text and "\n" not in child:
                # Most values: a call of `_entry` for each takes a tenth of the time of writing.
                lines.append(f"{before} {scalar(str.__str__(child))}")
            else:
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
    elif isinstance(value, float):
        lines.append(f"{start} {_number(value)}")
    else:
        lines.append(f"{start} null")


def _number(value: float) -> str:
    """Return a number with a fraction or an exponent as every parser reads it: YAML 1.1 requires a fraction before an exponent."""
    mantissa, exponential, exponent = float.__repr__(value).partition("e")
    return f"{mantissa if '.' in mantissa else f'{mantissa}.0'}{exponential}{exponent}"


def flow(value: Value, place: Place = "block") -> str:
    """Return the tree `value` on one line in the form of profiles: maps in braces, lists in brackets.

    Text that was in quotes is quoted again if it would otherwise be a number or a boolean.
    """
    if isinstance(value, dict):
        return "{" + ", ".join([f"{key(name)}: {flow(child, 'map')}" for name, child in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ", ".join([flow(child, "list") for child in value]) + "]"
    if isinstance(value, str):
        text = str.__str__(value)
        if isinstance(value, Text) and not value.plain and scalar(text)[0] in "\"'":
            return quoted(text)
        return _plain(text, place)
    if is_boolean(value):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, int) else str(getattr(value, "text", "null"))


@lru_cache(maxsize=8192)
def _plain(text: str, place: Place) -> str:
    """Return text on one line of a profile, in quotes if they are needed."""
    syntax = _NOT_PLAIN if place == "block" else _NOT_PLAIN_IN_FLOW
    return text if text not in NULLS and text.isprintable() and not re.match(syntax, text) else quoted(text)


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """Return `text` as a key of a profile."""
    text = str.__str__(text)
    return text if text not in NULLS and text.isprintable() and not re.match(_NOT_A_KEY, text) else quoted(text)


def quoted(text: str) -> str:
    """Return `text` on one line, in quotes."""
    written = scalar(text)
    if written[0] in "\"'":
        return written
    return "'" + text.replace("'", "''") + "'" if "\\" in text or '"' in text else f'"{text}"'


def literal(text: str) -> tuple[str, list[str]] | None:
    """Return the header and the lines of `text` as a literal block of a profile, or None if quotes are needed.

    Unlike `block`, it may begin with blanks or empty lines: its header sets the indentation.
    """
    lines = text.split("\n")
    if len(lines) < 2 or text == "\n" or not all(map(_is_printable, lines)):
        return None
    first = next(filter(str.strip, lines), "")
    indentation = "2" if lines[0][:1] in (" ", "") or first[:1] == " " else ""
    if lines[0][:1] == "\t" and not indentation:
        return None
    body = text.rstrip("\n")
    ending = len(text) - len(body)
    return f"|{indentation}{('-', '', '+')[min(ending, 2)]}", body.split("\n") + [""] * (ending - 1)


def _is_printable(line: str) -> bool:
    return line.replace("\t", "").isprintable()
