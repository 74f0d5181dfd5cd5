"""The words that docs/style.md tells us to avoid are in none of the pages and modules below; code is not checked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]

# The pages held to the style. docs/reference and docs/presets come from the code; CHANGELOG.md and docs/decisions are history.
PAGES: Final = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "docs/*.md", "docs/how-to/*.md")

# The modules whose messages and docstrings are held to the style: those of a package and of the packages in it.
PACKAGES: Final = ("dsgen/kubernetes",)

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
    return sorted(str(path.relative_to(ROOT)) for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Yield each string of a module, a docstring or not, with its line; in an f-string, `{}` is a value."""
    nodes = list(ast.walk(ast.parse(source)))
    joined = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    inner = {id(part) for node in joined for part in node.values}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.lineno, node.value
    for node in joined:
        yield node.lineno, "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


@pytest.mark.parametrize("module", modules())
def test_module_avoids_the_words(module: str) -> None:
    lines = [
        f"{module}:{line}: {word!r}: write {instead}"
        for line, text in literals((ROOT / module).read_text("utf-8"))
        for _, word, instead in found(prose(text))
    ]
    assert lines == []


def test_docstrings_and_messages_are_checked() -> None:
    source = '''"""A thing that stands."""\n\ndef f(x):\n    return f"{x} is no label of `{x} stated`"\n'''
    words = [word for _, text in literals(source) for _, word, _ in found(prose(text))]
    assert words == ["stands", "is no label"]


def test_every_place_has_pages() -> None:
    assert [place for place in PAGES if not list(ROOT.glob(place))] == []


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
