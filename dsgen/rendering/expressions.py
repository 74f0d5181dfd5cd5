"""Where an expression is allowed in a template: as a value, as a key, within plain text, or alone on a line.

This is checked on Jinja2's own tokens, before anything is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jinja2 import TemplateSyntaxError
from jinja2.lexer import Token, TokenStream

from dsgen.rendering.placeholders import RESERVED, line_marker

# Compile time grows faster than the template. No template needs a tenth of this.
MAX_TOKENS: Final = 20_000
MAX_LINE: Final = 5_000

_BLOCK_HEADER: Final = r"(?:^|[:\-?]\s+|\s)[|>][0-9+-]{0,2}\s*(?:#.*)?$"
_QUOTED: Final = r"(?P<before>^|[\s\[{,:])(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')"
_OPEN_QUOTE: Final = r"(?:^|[\s\[{,])[\"']"
_FLOW: Final = r"^\s*(?:-\s+)*(?:[^\s\[{#]*:\s+)?[\[{]"


def marked(stream: TokenStream) -> Iterator[Token]:
    """Yield the tokens of a template with every line of its text marked with its number. A line that contains only tags is removed.

    Jinja2's own trimming would remove the line break after every tag, also after one at the end of a line of text. Raises
    TemplateSyntaxError for an expression where YAML allows no value.
    """
    name = stream.filename or stream.name or "<template>"
    prefix = ""
    blanks = ""
    tagged = False
    block: int | None = None
    fresh = True
    for number, token in enumerate(stream):
        if number == MAX_TOKENS:
            raise TemplateSyntaxError(
                f"more than {MAX_TOKENS:,} tokens: split the template, and include its parts",
                token.lineno,
                stream.name,
                stream.filename,
            )
        if token.type == "data":
            text = str(token.value)
            if RESERVED.search(text):
                raise TemplateSyntaxError(
                    "the characters U+E000 to U+E002 are reserved", token.lineno, stream.name, stream.filename
                )
            pieces: list[str] = []
            lines = text.split("\n")
            for index, line in enumerate(lines):
                last = index == len(lines) - 1
                if index:
                    block = _block(prefix, block)
                    prefix, fresh, tagged = "", True, False
                if tagged and not last and not (prefix + line).strip():
                    blanks = ""
                    continue
                if fresh and (not last or line.strip()):
                    pieces.append(line_marker(name, token.lineno + index))
                    fresh = False
                prefix += line
                if last and not prefix.strip():
                    # Text before a tag or an expression: the next token decides.
                    blanks += line
                    continue
                pieces.append(blanks + line)
                blanks = ""
                if not last:
                    pieces.append("\n")
            if pieces:
                yield Token(token.lineno, "data", "".join(pieces))
            continue
        if token.type == "variable_begin":
            wrong = _wrong(prefix, block)
            if wrong:
                raise TemplateSyntaxError(f"an expression in {wrong}", token.lineno, stream.name, stream.filename)
            text = (line_marker(name, token.lineno) if fresh else "") + blanks
            if text:
                yield Token(token.lineno, "data", text)
            prefix, blanks, fresh = prefix + "x", "", False
        elif token.type == "block_end":
            fresh = tagged = True
        yield token


def _block(line: str, block: int | None) -> int | None:
    """Return the indentation of the line that opened the block scalar which continues after `line`, if any."""
    indent = len(line) - len(line.lstrip(" "))
    if block is not None and (not line.strip() or indent > block):
        return block
    if re.search(_BLOCK_HEADER, line) and not line.lstrip().startswith("#"):
        return indent
    return None


def _wrong(prefix: str, block: int | None) -> str:
    if len(prefix) > MAX_LINE:
        return f"a line of more than {MAX_LINE:,} characters: break it, or write the text as a value"
    indent = len(prefix) - len(prefix.lstrip(" "))
    if block is not None and (not prefix.strip() or indent > block):
        return "a block scalar: write the whole text as a value, `key: {{ value }}`"
    bare = re.sub(_QUOTED, r"\g<before>q", prefix)
    if re.search(r"(?:^|\s)#", bare):
        return "a comment: remove it, or use a template comment {# … #}"
    if re.search(_OPEN_QUOTE, bare):
        return "quotes: remove them, values are quoted automatically"
    if re.search(_FLOW, bare):
        return "flow style: write a list or a map of several values with one line for each"
    return ""
