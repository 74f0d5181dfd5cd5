"""Text that is no YAML: the same words at the same place, whichever parser reads it and whatever that says of it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from dsgen import parser
from dsgen.kubernetes import manifest
from dsgen.plain import plain
from dsgen.problem import Problem
from dsgen.python_parser import PythonParser
from dsgen.source import MAX_DEPTH, read
from tests.test_source import BOMB, REFUSED

# Text, the place and the message of its first problem.
BROKEN = [
    ("a: @b\n", (1, 4, "text cannot begin with `@`")),
    ("a: `b`\n", (1, 4, "text cannot begin with a backtick")),
    ("a: %b\n", (1, 4, "text cannot begin with `%`")),
    ("[|\n", (1, 2, "text cannot begin with `|`")),
    ("a: b: c\n", (1, 5, "a map cannot begin here")),
    ("a: 1\n b: 2\n", (2, 3, "a map cannot begin here")),
    ("a: - b\n", (1, 4, "a list cannot begin here")),
    ("a: ? b\n", (1, 4, "`?` cannot begin a key here")),
    ('a: "b\nc: d\n', (1, 4, "this quote is not closed")),
    ("a: 'b\n", (1, 4, "this quote is not closed")),
    ("a: \"b\n---\nc: d'\n", (1, 4, "this quote is not closed before the `---` of line 2")),
    ('a: "b\\q"\n', (1, 6, r"`\q` is not a valid escape")),
    ('a: "\\t\\x4z"\n', (1, 7, r"`\x4` is not a valid escape")),
    ('a: "\\ud800"\n', (1, 5, r"`\ud800` is not a valid escape")),
    ('a: "\\U00110000"\n', (1, 5, r"`\U00110000` is not a valid escape")),
    ('a: "\\UFFFFFFFF"\n', (1, 5, r"`\UFFFFFFFF` is not a valid escape")),
    ("a: *.log\n", (1, 4, "`*.log` is not a valid alias")),
    ("a: &\n", (1, 4, "`&` is not a valid anchor")),
    ("a: [!b]\n", (1, 5, "`!b` is not a valid tag")),
    ("a: !b!c d\n", (1, 4, "the tag handle `!b!` is not defined")),
    ("a: |x\n  b\n", (1, 4, "expected only a digit from 1 to 9, `+` or `-` after `|`")),
    ("a: >0\n  b\n", (1, 4, "expected only a digit from 1 to 9, `+` or `-` after `>`")),
    ("%b\n---\na: b\n", (1, 1, "`%b` is not a directive of YAML 1.1")),
    ("%YAML 1.1\n%YAML 1.1\n---\na: b\n", (2, 1, "`%YAML` is a duplicate, or not of YAML 1.1")),
    ("a: {b: c\n", (1, 4, "this `{` is not closed")),
    ("a: {b: c", (1, 4, "this `{` is not closed")),
    ("a: [b,\n", (1, 4, "this `[` is not closed")),
    ("a:\n[", (2, 1, "this `[` is not closed")),
    ("a:\n[[b]\nc: d\n", (2, 1, "this `[` is not closed")),
    ("a: [b\nc: d\n", (2, 2, "expected `,` or `]` for the `[` of line 1")),
    ("a: [b}\n", (1, 6, "`}` does not close the `[` of line 1")),
    ("a: [b,, c]\n", (1, 7, "a value is missing before this comma")),
    ("a: [&x [b: c}\n", (1, 13, "`}` does not close the `[` of line 1")),
    ("a: b\n}\n", (2, 1, "`}` closes no bracket")),
    ("{a: b}}\n", (1, 7, "`}` closes no bracket")),
    ('a: "b", "c"\n', (1, 7, "a comma outside brackets")),
    ("a: [b:]\n", (1, 6, "`:` directly before a comma or bracket")),
    ("a: {b: c:}\n", (1, 9, "`:` directly before a comma or bracket")),
    ("{a: b}\nc: d\n", (2, 1, "unexpected content after the value above")),
    ('a: "b" c\n', (1, 8, "unexpected content after the value before this")),
    ("a: 1\nb\nc: 2\n", (2, 1, "expected a key with `:`, or `- ` before an item")),
    ("- a\nb\n- c\n", (2, 1, "expected a key with `:`, or `- ` before an item")),
    ("a:\n  b: 1\n c: 2\n", (3, 2, "the indentation matches no map or list above")),
    ("a:\n  - b\n - c\n", (3, 2, "the indentation matches no map or list above")),
    ("a: *b\n", (1, 4, "alias `*b` refers to an unknown anchor")),
    ("a:\n\tb: 1\n", (2, 1, "tab as indentation")),
    ("a: b\n\tc: d\n", (2, 1, "tab as indentation")),
    ("- \ta: b\n", (1, 3, "tab as indentation")),
    ("é: 'ü'\nx: 😀 y: z\n", (2, 7, "a map cannot begin here")),
    # Lines end as YAML ends them.
    ("a: b\r\nc: d: e\r\n", (2, 5, "a map cannot begin here")),
    # libyaml before 0.2.6 loses what follows the `?`.
    ("[?]", (1, 2, "a key is missing here")),
    ("args: [?]\n", (1, 8, "a key is missing here")),
    ("args: [a, ?, b]\nargs: c\n", (1, 11, "a key is missing here")),
    ("args: {? }\n", (1, 7, "a key is missing here")),
]
DEEP = [
    # libyaml looks ahead before it tells of a bracket, and from 0.2.6 on stops there at 1,000 levels.
    ("a: " + "[" * 1_100, (1, 103, "nested deeper than 100 levels")),
    ("{" * 1_100, (1, 101, "nested deeper than 100 levels")),
    ("[" * 1_001 + "]" * 1_001, (1, 101, "nested deeper than 100 levels")),
    ("- " * 1_100, (1, 201, "nested deeper than 100 levels")),
    ("? " * 1_100, (1, 201, "nested deeper than 100 levels")),
    ("[\n" * 1_100, (101, 1, "nested deeper than 100 levels")),
    ("[" * MAX_DEPTH + "[@", (1, 101, "nested deeper than 100 levels")),
    ("[" * MAX_DEPTH + "@", (1, 101, "text cannot begin with `@`")),
    ("[!a " + "[" * 1_100, (1, 2, "explicit tag '!a'")),
]
# What all parsers read alike.
WHOLE = [
    "a: &a {k: 1, key: 1}\nb: &b {k: 2, key: 2, l: 3, less: 3}\nc:\n  <<: [*a, *b]\n",
    "a: &a {k: 1, key: 1}\nb: &b {<<: *a, l: 2}\nc: {<<: [*b, *a], key: 3}\n",
    '{"a":\t["b",\t1]}\t# c\n',
    "a: b\tc\t\n",
    "args: [? a]\n",
    "a: [b:c, d::e]\n",
    '"a\\x41\\u00e9\\U0001F600\\/"\n',
    "[" * MAX_DEPTH + "]" * MAX_DEPTH,
    '"\\n": |-\n  b\n',
]
# And what only Kubernetes' own reader does.
ONLY_GO = [
    'a: b\n---\nc: [d:, {e: f:}, "g\\\'"]\n',
    "a: b\n---\nc: [d\n",
]
TEXTS = [*(text for text, _ in BROKEN), *WHOLE, *ONLY_GO, BOMB, *(text for text, _ in REFUSED if len(text) < 1_000)]


class Speechless(PythonParser):
    """A parser whose errors say nothing."""

    def get_event(self) -> Any:
        try:
            return super().get_event()  # type: ignore[no-untyped-call]
        except yaml.MarkedYAMLError as error:
            raise type(error)(None, error.context_mark, None, error.problem_mark) from None


PARSERS = [pytest.param(PythonParser, id="Python"), pytest.param(Speechless, id="speechless")]
if parser.Parser is not PythonParser:
    PARSERS.append(pytest.param(parser.Parser, id="libyaml"))


def as_profile(text: str | bytes) -> tuple[object, list[Problem]]:
    root, problems = read(text, "a.yaml")
    return plain(root), problems


def as_manifests(text: str | bytes) -> list[tuple[object, list[Problem]]]:
    return [(plain(document.root), document.problems) for document in manifest.read(text, "a.yaml")]


@pytest.mark.parametrize("kind", PARSERS)
@pytest.mark.parametrize(("text", "expected"), BROKEN, ids=[repr(text[:40]) for text, _ in BROKEN])
def test_words_and_places(
    text: str, expected: tuple[int, int, str], kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parser, "Parser", kind)
    first = as_profile(text)[1][0]
    assert (first.line, first.column, first.message) == expected
    assert first.hint


@pytest.mark.parametrize(("text", "expected"), DEEP, ids=[repr(text[:10]) for text, _ in DEEP])
def test_nesting_is_refused_where_it_begins(
    text: str, expected: tuple[int, int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, problems = as_profile(text)
    assert (problems[0].line, problems[0].column, problems[0].message) == expected
    monkeypatch.setattr(parser, "Parser", PythonParser)
    assert as_profile(text)[1] == problems


@pytest.mark.parametrize("kind", PARSERS)
@pytest.mark.parametrize("reading", [as_profile, as_manifests])
def test_every_parser_gives_one_result(reading: Any, kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {text: reading(text) for text in TEXTS}
    monkeypatch.setattr(parser, "Parser", kind)
    for text, result in given.items():
        assert reading(text) == result, text


@pytest.mark.parametrize("text", WHOLE)
def test_what_is_whole_is_read(text: str) -> None:
    assert as_profile(text)[1] == []


@pytest.mark.parametrize("kind", PARSERS)
def test_what_only_kubernetes_reads(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "Parser", kind)
    assert as_manifests(ONLY_GO[0]) == [({"a": "b"}, []), ({"c": ["d:", {"e": "f:"}, "g'"]}, [])]


def test_of_several_merged_maps_the_first_wins() -> None:
    """Whatever the length of the key; PyYAML 6.0.4's own loader lets another win."""
    root, problems = as_profile(WHOLE[0])
    assert problems == []
    assert root["c"] == {"k": "1", "key": "1", "l": "3", "less": "3"}  # type: ignore[index]


def test_keys_of_several_merged_maps_are_stated_twice_to_kubernetes() -> None:
    ((_, problems),) = as_manifests(WHOLE[0])
    assert [(problem.code, problem.message) for problem in problems] == [
        ("duplicate-key", "duplicate key `k`, first in line 1"),
        ("duplicate-key", "duplicate key `key`, first in line 1"),
    ]
