"""Profiles as they are written: every text is read back, and what was text in quotes stays text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsgen import source
from dsgen.plain import plain
from dsgen.profile.coercion import resolved
from dsgen.tree import Boolean, Integer, List, Map, Null, Text, Value
from dsgen.yaml_writer import Place, flow, key, literal, write

hostile = st.one_of(
    st.text(max_size=12),
    st.text("ab #:-?,[]{}&*!|>'\"%@`\\\n\t ~=<.0123", max_size=8),
    st.sampled_from(["", "null", "~", "yes", "true", "0644", "1e3", "12:30", "<<", "---", "--- a", "... a", "- a", "-", "y"]),
)  # fmt: skip
leaves = st.builds(lambda text, unquoted: Text.at(text, None, plain=unquoted), hostile, st.booleans())
values: Any = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(List), st.dictionaries(hostile, inner, max_size=3).map(Map)
    ),
    max_leaves=6,
)


def meaning(value: Value) -> object:
    """Return plain data, text that stands for a number or a boolean as such."""
    if isinstance(value, Map):
        return {str(name): meaning(child) for name, child in value.items()}
    if isinstance(value, List):
        return list(map(meaning, value))
    found = resolved(value) if isinstance(value, Text) else value
    return type(found), found


def read(text: str) -> Map:
    root, problems = source.read(text, "x")
    assert not problems, text
    assert isinstance(root, Map)
    return root


@given(values)
def test_a_tree_on_one_line_is_read_back(value: Value) -> None:
    line = flow(value)
    assert "\n" not in line
    assert meaning(read(f"a: {line}\n")["a"]) == meaning(value)


@given(hostile, leaves)
def test_a_key_is_read_back(name: str, value: Text) -> None:
    assert list(read(f"{key(name)}: {flow(value)}\n")) == [name]


@pytest.mark.parametrize(
    "script",
    ["#!/bin/sh\nset -e\n", "# comment\necho", "- a\n- b\n", "set -e\n\n \necho\ttab\n\tindented", "---\na: b\n"],
)
def test_a_script_is_a_block_of_a_manifest(script: str) -> None:
    """So that a change of one of its lines is one line of the output."""
    text = write(Map({"data": Map({"a": script})}))
    assert text.splitlines()[2:] == [line and f"    {line}" for line in script.splitlines()]


@pytest.mark.parametrize("text", [" a\nb", "\ta\nb", "\na\n", "a\n\n", "a\rb\nc", "a\x00\nb"])
def test_text_in_quotes(text: str) -> None:
    """Its indentation, its end or its characters would not be kept by every reader."""
    assert len(write(Map({"a": text})).splitlines()) == 1


@given(st.text("ab #-|\n\t 2", max_size=12))
def test_a_block_is_read_back(text: str) -> None:
    block = literal(text)
    if block:
        header, lines = block
        shown = "".join(f"  {line}\n" if line else "\n" for line in lines)
        assert read(f"a: {header}\n{shown}b: c\n") == {"a": text, "b": "c"}


@pytest.mark.parametrize(
    ("text", "place", "written"),
    [
        pytest.param("a b", "block", "a b", id="blanks"),
        pytest.param("a b", "list", '"a b"', id="blanks in brackets"),
        pytest.param("--a=b:80", "list", "--a=b:80", id="a flag"),
        pytest.param("c:", "list", '"c:"', id="a colon at the end"),
        pytest.param('\\d: "x"', "block", "'\\d: \"x\"'", id="a backslash"),
    ],
)
def test_quotes_are_for_what_needs_them(text: str, place: Place, written: str) -> None:
    assert flow(text, place) == written


def test_text_that_was_quoted_stays_text() -> None:
    for text in ("80", "true", "yes", "1.10", "null"):
        assert flow(Text.at(text, None)) == f'"{text}"'
    assert flow(Text.at("80", None, plain=True)) == "80"


def test_numbers_booleans_and_null() -> None:
    items: list[tuple[str, Value]] = [
        ("a", Integer.at(0o644, None, "0644")),
        ("b", Boolean.at(True, None)),
        ("c", Null()),
    ]
    value = Map([*items, ("d", List([False, 1]))])
    assert flow(value) == "{a: 420, b: true, c: null, d: [false, 1]}"
    assert plain(read(f"x: {flow(value)}")["x"]) == {"a": "420", "b": "true", "c": None, "d": ["false", "1"]}
