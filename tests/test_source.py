"""Strict YAML with positions: what is refused, where, and what is read as it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dsgen.origin import Origin
from dsgen.plain import plain
from dsgen.source import MAX_DEPTH, MAX_EXPANDED, read
from dsgen.tree import List, Map, Null, Text, Value, origin_of
from tests.factories import codes


def refused(text: str | bytes) -> list[tuple[int, int, str]]:
    root, problems = read(text, "a.yaml")
    assert root is None or problems
    return codes(problems)


def tree(text: str | bytes) -> Any:
    """Return what is read; nulls stay as null, and all else is text."""
    root, problems = read(text, "a.yaml")
    assert not problems, problems
    return plain(root) if root is not None else None


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))


# Each line is shallow; what the last one stands for is 120 levels deep.
DEEP_BY_ALIASES = "".join(
    f"{before}{'[' * 40}{inside}{']' * 40}\n" for before, inside in (("a: &a ", "x"), ("b: &b ", "*a"), ("c: ", "*b"))
)


CASES = [
    pytest.param("", (1, 1, "empty-file"), id="nothing"),
    pytest.param("  \n\n", (1, 1, "empty-file"), id="blank lines"),
    pytest.param("# later\n", (1, 1, "empty-file"), id="only a comment"),
    pytest.param("---\n", (1, 1, "empty-file"), id="only a marker"),
    pytest.param("~\n", (1, 1, "empty-file"), id="null"),
    pytest.param("\ufeff", (1, 1, "empty-file"), id="only a byte order mark"),
    pytest.param("a: 1\nb: 2\na: 3\n", (3, 1, "duplicate-key"), id="duplicate key"),
    pytest.param('a: 1\n"a": 2\n', (2, 1, "duplicate-key"), id="duplicate key, once quoted"),
    pytest.param("x: {a: 1, b: 2, a: 3}\n", (1, 17, "duplicate-key"), id="duplicate key in flow style"),
    pytest.param("x: {{a: 1, a: 2}: 3}\n", (1, 12, "duplicate-key"), id="duplicate key in a map that is a key"),
    pytest.param("a: 1\n<<: {b: 1}\n<<: {c: 1}\n", (3, 1, "duplicate-key"), id="two merges"),
    pytest.param("a:\n\tb: 1\n", (2, 1, "tab-indentation"), id="tab as indentation"),
    pytest.param("a: x\n\tb: 1\n", (2, 1, "tab-indentation"), id="tab behind a line of text"),
    pytest.param("a:\n  \tb: 1\n", (2, 3, "tab-indentation"), id="tab behind spaces"),
    pytest.param("a:\n\t- b\n", (2, 1, "tab-indentation"), id="tab before a dash"),
    pytest.param("a: !!str 1\n", (1, 4, "explicit-tag"), id="standard tag"),
    pytest.param("a: !secret x\n", (1, 4, "explicit-tag"), id="own tag"),
    pytest.param("a: !!merge <<\n", (1, 4, "explicit-tag"), id="the tag of a merge on a value"),
    pytest.param("!!merge '<<': {a: 1}\n", (1, 1, "explicit-tag"), id="the tag of a merge on text"),
    pytest.param("!!merge a: 1\n", (1, 1, "explicit-tag"), id="the tag of a merge on another key"),
    pytest.param("b: &b {c: 1}\na:\n  !!merge <<: *b\n  c: 2\n", None, id="a merge with its tag"),
    pytest.param("a: !!map {b: c}\n", (1, 4, "explicit-tag"), id="tag on a map"),
    pytest.param("a: !!seq [b]\n", (1, 4, "explicit-tag"), id="tag on a list"),
    pytest.param("a:\n  - !virtual-kubelet.io/node\n", (2, 5, "explicit-tag"), id="a requirement taken for a tag"),
    pytest.param("a: ! b\n", (1, 4, "explicit-tag"), id="the tag of no type"),
    pytest.param("!!python/object:os.system {}\n", (1, 1, "explicit-tag"), id="a tag of Python's"),
    pytest.param("a: 1\n---\nb: 2\n", (2, 1, "too-many-documents"), id="second document"),
    pytest.param("a: 1\n---\n", (2, 1, "too-many-documents"), id="a marker at the end"),
    pytest.param("a: 1\n...\n---\nb: 2\n", (3, 1, "too-many-documents"), id="after an end marker"),
    pytest.param(BOMB, (15, 18, "alias-bomb"), id="alias bomb"),
    pytest.param("a: &a [*a]\n", (1, 8, "invalid-yaml"), id="an alias of itself"),
    pytest.param("a: *b\n", (1, 4, "invalid-yaml"), id="alias without anchor"),
    pytest.param("a: *b\nc: &b 1\n", (1, 4, "invalid-yaml"), id="alias above its anchor"),
    pytest.param(b"a: 1\nb: \xff\n", (2, 4, "invalid-utf8"), id="not UTF-8"),
    pytest.param("é: 1\n".encode("latin-1"), (1, 1, "invalid-utf8"), id="Latin-1"),
    pytest.param("a: 1\n".encode("utf-16"), (1, 1, "invalid-utf8"), id="UTF-16"),
    pytest.param("a: \ud800\n".encode("utf-8", "surrogatepass"), (1, 4, "invalid-utf8"), id="surrogate in UTF-8"),
    pytest.param("a: x\ud800\n", (1, 5, "unprintable-character"), id="lone surrogate"),
    pytest.param('a: "\\ud800"\n', (1, 5, "invalid-yaml"), id="escaped lone surrogate"),
    pytest.param('a: "\\ud83d\\ude00"\n', (1, 5, "invalid-yaml"), id="escaped pair of surrogates"),
    pytest.param("a: b\x00c\n", (1, 5, "unprintable-character"), id="NUL"),
    pytest.param('a: "b\x07"\n', (1, 6, "unprintable-character"), id="control character in quotes"),
    pytest.param("a: b\x7f\n", (1, 5, "unprintable-character"), id="delete"),
    pytest.param("# é\na: \x1b[0m\n", (2, 4, "unprintable-character"), id="escape sequence"),
    pytest.param("a: " + "[" * MAX_DEPTH + "\n", (1, 103, "too-deep-nesting"), id="deep nesting"),
    pytest.param("a: " + "[" * 100_000 + "\n", (1, 103, "too-deep-nesting"), id="nesting that crashes others"),
    pytest.param("{" * 100_000, (1, 101, "too-deep-nesting"), id="deep maps"),
    pytest.param(DEEP_BY_ALIASES, (3, 44, "too-deep-nesting"), id="deep by aliases"),
    pytest.param("- " * 100_000, (1, 201, "too-deep-nesting"), id="deep lists in block style"),
    pytest.param("a: {b: c\n", (1, 4, "invalid-yaml"), id="an open brace"),
    pytest.param('a: "b\nc: d\n', (1, 4, "invalid-yaml"), id="an open quote"),
    pytest.param("a: 'b\n", (1, 4, "invalid-yaml"), id="an open single quote"),
    pytest.param("a: b: c\n", (1, 5, "invalid-yaml"), id="a colon in plain text"),
    pytest.param("a: 1\n b: 2\n", (2, 3, "invalid-yaml"), id="wrong indentation"),
    pytest.param("a: @b\n", (1, 4, "invalid-yaml"), id="a reserved character"),
    pytest.param("a: `b`\n", (1, 4, "invalid-yaml"), id="a backtick"),
    pytest.param("a: %b\n", (1, 4, "invalid-yaml"), id="a percent sign"),
    pytest.param("a\n", None, id="a word is for the schema to refuse"),
    pytest.param("? [a]\n: b\n", (1, 3, "invalid-yaml-key"), id="a list as a key"),
    pytest.param("? {a: b}\n: c\n", (1, 3, "invalid-yaml-key"), id="a map as a key"),
    pytest.param("~: b\n", (1, 1, "invalid-yaml-key"), id="null as a key"),
    pytest.param(": b\n", (1, 1, "invalid-yaml"), id="no key at all"),
    pytest.param("<<: text\n", (1, 1, "invalid-merge-key"), id="a merge of text"),
    pytest.param("<<: [{a: 1}, text]\n", (1, 1, "invalid-merge-key"), id="a merge of text in a list"),
    pytest.param("<<:\n", (1, 1, "invalid-merge-key"), id="a merge of nothing"),
]
REFUSED: list[tuple[str | bytes, Any]] = [case.values for case in CASES]  # type: ignore[misc]


@pytest.mark.parametrize(("text", "problem"), CASES)
def test_refused(text: str | bytes, problem: tuple[int, int, str] | None) -> None:
    assert refused(text)[:1] == [problem] if problem else not read(text, "a.yaml")[1]


def test_all_problems_of_a_file_are_found() -> None:
    assert refused("a: !x 1\na: 2\n~: 3\nb: !y 4\n") == [
        (1, 4, "explicit-tag"),
        (2, 1, "duplicate-key"),
        (3, 1, "invalid-yaml-key"),
        (4, 4, "explicit-tag"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: yes", {"a": "yes"}, id="yes"),
        pytest.param("a: 0644", {"a": "0644"}, id="octal"),
        pytest.param("a: 1.10", {"a": "1.10"}, id="decimals"),
        pytest.param("a: 1e3", {"a": "1e3"}, id="exponent"),
        pytest.param("a: 12:30", {"a": "12:30"}, id="time"),
        pytest.param("a: 2026-01-01", {"a": "2026-01-01"}, id="date"),
        pytest.param("a: =", {"a": "="}, id="equal sign"),
        pytest.param("yes: no", {"yes": "no"}, id="a key that others take for a boolean"),
        pytest.param("1: 2", {"1": "2"}, id="a key that others take for a number"),
        pytest.param("a: ~\nb:\nc: null\nd: NULL\ne: Null", dict.fromkeys("abcde"), id="nulls"),
        pytest.param("a: '~'\nb: \"null\"", {"a": "~", "b": "null"}, id="quoted nulls are text"),
        pytest.param("a: nULL", {"a": "nULL"}, id="no null"),
        pytest.param("\ufeffa: b", {"a": "b"}, id="a byte order mark"),
        pytest.param("a: b\r\nc: d\r\n", {"a": "b", "c": "d"}, id="carriage returns"),
        pytest.param("%YAML 1.1\n---\na: b", {"a": "b"}, id="a directive"),
        pytest.param("a: b\n...\n", {"a": "b"}, id="an end marker"),
        pytest.param("a: |\n  x\n   y\n", {"a": "x\n y\n"}, id="a block"),
        pytest.param("a: >-\n  x\n  y\n", {"a": "x y"}, id="a folded block"),
        pytest.param('a: "\\x07\\0\\u2028"', {"a": "\x07\0\u2028"}, id="escapes"),
        pytest.param("a: 😀", {"a": "😀"}, id="astral characters"),
    ],
)
def test_scalars_are_kept_as_written(text: str, expected: Any) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: &x [1]\nb: *x", {"a": ["1"], "b": ["1"]}, id="alias"),
        pytest.param("a: &x text\n*x : b", {"a": "text", "text": "b"}, id="alias as a key"),
        pytest.param("a: &x 1\nb: &x 2\nc: *x", {"a": "1", "b": "2", "c": "2"}, id="the nearest anchor above"),
        pytest.param("a: &x {b: 1}\nc: {<<: *x, d: 2}", {"a": {"b": "1"}, "c": {"b": "1", "d": "2"}}, id="merge"),
        pytest.param("a: &x {b: 1}\nc: {<<: *x, b: 2}", {"a": {"b": "1"}, "c": {"b": "2"}}, id="beside wins, behind"),
        pytest.param("a: &x {b: 1}\nc: {b: 2, <<: *x}", {"a": {"b": "1"}, "c": {"b": "2"}}, id="beside wins, before"),
        pytest.param(
            "a: [&x {k: 1}, &y {k: 2, l: 3}]\nc: {<<: [*x, *y]}",
            {"a": [{"k": "1"}, {"k": "2", "l": "3"}], "c": {"k": "1", "l": "3"}},
            id="of several, the first wins",
        ),
        pytest.param("a: &x {b: 1}\nc: {<<: *x, <<: *x}", None, id="two merges"),
        pytest.param('a: &x {b: 1}\nc: {"<<": *x}', {"a": {"b": "1"}, "c": {"<<": {"b": "1"}}}, id="quoted, a key"),
        pytest.param("a: &x {}\nb: {<<: *x}", {"a": {}, "b": {}}, id="a merge of nothing"),
        pytest.param(
            "a: &x {k: 1}\nb: &y {<<: *x, l: 2}\nc: {<<: *y}",
            {"a": {"k": "1"}, "b": {"k": "1", "l": "2"}, "c": {"k": "1", "l": "2"}},
            id="a merge of a merge",
        ),
    ],
)
def test_anchors_and_merges(text: str, expected: Any) -> None:
    if expected is None:
        assert refused(text)
    else:
        assert tree(text) == expected


def test_a_merged_key_beside_a_merge_stands_once() -> None:
    """A key beside `<<` may repeat a merged one, but not itself."""
    assert refused("a: &x {k: 1}\nb:\n  <<: *x\n  k: 2\n  k: 3\n") == [(5, 3, "duplicate-key")]


@pytest.mark.parametrize("depth", [1, 59])
def test_nesting_by_aliases_up_to_the_limit(depth: int) -> None:
    nested = f"a: &a {'[' * 40}x{']' * 40}\nb: {'[' * depth}*a{']' * depth}\n"
    root, problems = read(nested, "a.yaml")
    assert not problems
    assert plain(root)["b"] == plain(read(f"{'[' * (depth + 40)}x{']' * (depth + 40)}", "b.yaml")[0])  # type: ignore[index]


@pytest.mark.parametrize("depth", [1, 50, MAX_DEPTH - 1])
def test_nesting_up_to_the_limit(depth: int) -> None:
    assert tree("a: " + "[" * depth + "]" * depth)


def test_a_few_aliases_are_no_bomb() -> None:
    tree("a: &a {b: [c, d]}\n" + "".join(f"k{n}: *a\n" for n in range(1000)))


def origins(value: object) -> Iterator[Origin]:
    """Yield the places of everything inside a value, keys before their values."""
    for part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        for leaf in part:
            place = origin_of(leaf)
            if place is not None:
                yield place
        yield from origins(part[1])


def test_every_part_knows_its_place() -> None:
    root, _ = read("name: agent\nlist:\n  - a\n  - {b: 'c d'}\nempty:\n", "a.yaml")
    assert [origin[1:] for origin in origins(root)] == [
        (1, 1, 1, 5),
        (1, 7, 1, 12),
        (2, 1, 2, 5),
        (3, 3, 3, 3),
        (3, 5, 3, 6),
        (4, 5, 4, 15),
        (4, 6, 4, 7),
        (4, 9, 4, 14),
        (5, 1, 5, 6),
        (5, 7, 5, 7),
    ]


def test_an_alias_stands_where_its_anchor_does() -> None:
    root, _ = read("a: &x here\nb: *x\n", "a.yaml")
    assert isinstance(root, Map)
    assert str(origin_of(root["b"])) == "a.yaml:1:4"


def test_columns_count_characters() -> None:
    """Not bytes, and not UTF-16 units."""
    root, _ = read("{é😀: x, b: y}", "a.yaml")
    assert isinstance(root, Map)
    assert str(origin_of(root.key("b"))) == "a.yaml:1:9"


# Whatever is read reads as PyYAML's base loader does, which resolves nothing either.

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
data = st.recursive(text, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3))


def as_text(value: Value | None) -> Any:
    if isinstance(value, dict):
        return {str(key): as_text(child) for key, child in value.items()}
    if isinstance(value, List):
        return [as_text(child) for child in value]
    return "" if value is None or isinstance(value, Null) else str(value)


@given(st.dictionaries(text, data, min_size=1, max_size=4), st.booleans(), st.sampled_from(["'", '"', "|", None]))
def test_what_is_written_is_read(value: Any, flow: bool, style: str | None) -> None:
    written = yaml.dump(value, Dumper=yaml.SafeDumper, default_flow_style=flow, default_style=style and '"')
    root, problems = read(written, "a.yaml")
    assert not problems
    assert as_text(root) == value


@given(st.text(alphabet=" \n\t:-#&*!|>'\"%@`{}[],?<=~abc01\x00é\u2028\ufeff\ud800😀", max_size=60))
def test_no_text_brings_the_reader_down(written: str) -> None:
    root, problems = read(written, "a.yaml")
    assert root is not None or problems
    for problem in problems:
        assert (problem.line, problem.column) >= (1, 1)
        assert problem.message
    if not problems:
        assert isinstance(root, (Map, List, Text))


@given(st.binary(max_size=60))
def test_no_bytes_bring_the_reader_down(written: bytes) -> None:
    root, problems = read(written, "a.yaml")
    assert root is not None or problems


def test_what_is_written_out_has_no_bound() -> None:
    root, problems = read("a: [" + "x, " * MAX_EXPANDED + "x]\n", "a.yaml")
    assert problems == []
    assert isinstance(root, Map)
    assert len(root["a"]) == MAX_EXPANDED + 1  # type: ignore[arg-type]
