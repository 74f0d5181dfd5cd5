"""Escaping of untrusted text for output: a name in a manifest may be anything.

A terminal interprets control characters, a CI system lines that begin with `::`, GitHub's Markdown links and mentions. Each
medium has its function here, and all output goes through it.
"""

from __future__ import annotations

import re
from typing import Any, Final

# GitHub: a line that begins with `::`, blanks aside, or `##[` anywhere; Azure Pipelines: `##vso[` anywhere; TeamCity: `##teamcity[`.
_COMMAND: Final = r"^\s*:(?=:)|(?<=#)#(?=(?:vso|teamcity)?\[)"
# Longer text is cut.
LONG: Final = 200
_LONGEST: Final = 2_000
_QUOTED: Final = rf"`[^`]{{{LONG},}}`|'[^']{{{LONG},}}'"


def line(text: str) -> str:
    """Escape text for one line of a terminal or of a CI system's log."""
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
    if "::" in text or "##" in text:
        text = re.sub(_COMMAND, lambda found: f"{found.group()[:-1]}\\x{ord(found.group()[-1]):x}", text)
    return text


def lines(text: str) -> str:
    """Escape text of several lines, such as a diff or the output of another program. Tabs are kept."""
    return "\n".join(
        line(each) if "\t" not in each else "\t".join(map(line, each.split("\t"))) for each in text.split("\n")
    )


def shortened(text: str) -> str:
    """Return a message with its quoted parts cut to a readable length."""
    if len(text) > LONG:
        text = re.sub(_QUOTED, lambda found: f"{found.group()[:LONG]}…{found.group()[-1]}", text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def code(text: str) -> str:
    """Return text as code in Markdown, also in a table cell: no link, no mention, no image."""
    # Of an odd number of backslashes, a table takes the last one and that of the pipe for one character.
    text = re.sub(r"(?<!\\)(\\*)\|", lambda found: found[1] + "\\" * (1 + len(found[1]) % 2) + "|", line(text)) or " "
    marks = fence(text, 1)
    blank = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
    return f"{marks}{blank}{text}{blank}{marks}"


def fence(text: str, least: int) -> str:
    """Return backticks, `least` or more, that do not end within the text."""
    return "`" * max(least, 1 + max(map(len, re.findall("`+", text)), default=0))


def html(text: str) -> str:
    """Return text as code in HTML within Markdown."""
    return f"<code>{line(text).replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</code>"


def as_json(data: Any, indent: int | None = 2) -> str:
    """Return data as JSON, with control characters and the like escaped: YAML parsers take U+0085 for a line break, terminals for more."""
    import json

    text = json.dumps(data, indent=indent, ensure_ascii=False)
    if not text.isascii() or "\x7f" in text:
        text = "".join(
            letter if letter.isprintable() or letter == "\n" or letter > "\uffff" else f"\\u{ord(letter):04x}"
            for letter in text
        )
    return re.sub(r"(?<=#)#(?=(?:vso|teamcity)?\[)", r"\\u0023", text) + "\n"
