"""The words that docs/style.md tells us to avoid are in none of the pages and modules below; code in them is ignored."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]

# The pages held to the style. docs/reference and docs/presets come from the code; CHANGELOG.md and docs/decisions are history.
PAGES: Final = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "site/*.md",
    "docs/*.md",
    "docs/how-to/*.md",
)

# The modules whose messages, docstrings and comments are held to it.
MODULES: Final = ("dsgen/**/*.py", "scripts/*.py")

# What must not be written, and what to write instead. Each row of the table in docs/style.md is an example.
AVOID: Final = {
    r"st(?:ands?|ood)": "be, have, go",
    r"lies?": "be, go",
    r"bears?": "have",
    r"state[sd]|(?:to|must|can|may|not|you) state": "set, specify, declare",
    r"judg(?:es?|ed|ing|ement)": "validate, check",
    r"made": "generate, render, create, write",
    r"makes? of": "generate, render",
    r"told|tells? (?:whether|if|which|what|how)": "report, show, mean",
    r"(?<!there )(?:is|are) no (?!longer\b|more than\b|different\b)[a-z]+": "is not a valid …",
    r"is wanted": "expected …",
    r"shall": "should, must",
    r"anew": "again",
    r"whoever": "you, anyone who",
    r"rights": "permissions, RBAC rules",
    r"mend(?:s|ed|ing)?|puts? (?:it |them |that )?right": "fix, correct",
    r"in (?:the )?place of": "instead of",
    r"does as well|will do": "works, is accepted",
    r"any more": "no longer",
}

# Fenced blocks, comments, code in a line, struck-out examples, and the targets of links.
_CODE: Final = re.compile(r"^```.*?^```$|<!--.*?-->|`[^`]*`|~~.*?~~|\]\([^)]*\)", re.MULTILINE | re.DOTALL)
_ROW: Final = re.compile(r"^\|.*~~(.*?)~~ → (.*?) \|$", re.MULTILINE)


def prose(text: str) -> str:
    """Return the page with blanks for its code, and one space for each line break: every word keeps its offset."""
    return _CODE.sub(lambda code: " " * len(code[0]), text).replace("\n", " ")


def found(text: str) -> list[tuple[int, str, str]]:
    """Return the offset of each word to avoid, the word, and what to write instead."""
    return [
        (match.start(), match[0], instead)
        for pattern, instead in AVOID.items()
        for match in re.finditer(rf"\b(?:{pattern})\b", text, re.IGNORECASE)
    ]


def pages() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for place in PAGES for path in ROOT.glob(place))


@pytest.mark.parametrize("page", pages())
def test_page_avoids_the_words(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    lines = [
        f"{page}:{text.count(chr(10), 0, at) + 1}: {word!r}: write {instead}"
        for at, word, instead in found(prose(text))
    ]
    assert lines == []


def modules() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for place in MODULES for path in ROOT.glob(place))


def phrases(text: str) -> Iterator[tuple[int, str]]:
    """Yield each string of more than one word, each docstring and each comment of a module, with its line."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def test_modules_avoid_the_words() -> None:
    lines = [
        f"{module}:{line}: {word!r}: write {instead}"
        for module in modules()
        for line, phrase in phrases((ROOT / module).read_text("utf-8"))
        for _, word, instead in found(prose(phrase))
    ]
    assert lines == []


def test_phrases() -> None:
    """Strings, f-strings, docstrings and comments; names and single words are none."""
    text = 'def made(x):\n    """It is\n    told."""\n    return f"{x} stands here", "made"  # anew\n'
    assert [found(phrase)[0][1] for _, phrase in phrases(text)] == ["told", "stands", "anew"]


def test_every_place_has_pages() -> None:
    assert [place for place in (*PAGES, *MODULES) if not list(ROOT.glob(place))] == []


EXAMPLES: Final = _ROW.findall((ROOT / "docs/style.md").read_text("utf-8"))


@pytest.mark.parametrize(("before", "after"), EXAMPLES)
def test_examples_of_the_style(before: str, after: str) -> None:
    assert found(before) != []
    assert found(after) == []


def test_every_pattern_has_an_example() -> None:
    """Else a pattern that can match nothing would go unnoticed."""
    unmatched = [
        pattern for pattern in AVOID if not any(re.search(rf"\b(?:{pattern})\b", before) for before, _ in EXAMPLES)
    ]
    assert unmatched == []
