"""What was parsed of one profile's output is used for others that set the same fields, with their own values and lines."""

from __future__ import annotations

import pytest

from dsgen.plain import plain
from dsgen.rendering import tree_builder
from dsgen.rendering.placeholders import CLOSE, OPEN, line_marker
from dsgen.rendering.tree_builder import TreeBuilder

OUTPUT = f"{line_marker('own.j2', 3)}a: {OPEN}0{CLOSE}\n{line_marker('own.j2', 4)}b: {{c: [1, {OPEN}1{CLOSE}]}}\n"


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_builder, "_PARSED", {})


def tree(held: list[object], output: str = OUTPUT) -> tuple[object, list[tuple[str, int, str]]]:
    builder = TreeBuilder("own.j2", held)
    root = builder.tree(output)
    return None if root is None else plain(root), [(each.file, each.line, each.code) for each in builder.problems]


def test_values_are_those_of_each_profile() -> None:
    assert tree(["x", 2]) == ({"a": "x", "b": {"c": [1, 2]}}, [])
    assert tree([{"y": "z"}, "w"]) == ({"a": {"y": "z"}, "b": {"c": [1, "w"]}}, [])
    assert tree([None, None]) == tree([None, None])


def test_it_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tree(["x", 2])
    monkeypatch.setattr(TreeBuilder, "read", lambda self, text: pytest.fail("parsed again"))
    assert tree(["y", 3]) == ({"a": "y", "b": {"c": [1, 3]}}, [])


def test_problems_have_the_lines_of_the_template() -> None:
    first, second = tree([1.5, 2]), tree([1, 2.5])
    assert first == (None, [("own.j2", 3, "invalid-template-output")])
    assert second == (None, [("own.j2", 4, "invalid-template-output")])


def test_what_has_problems_is_not_kept() -> None:
    twice = f"{line_marker('own.j2', 1)}a: 1\n{line_marker('own.j2', 2)}a: 2\n"
    assert tree([], twice) == tree([], twice) == (None, [("own.j2", 2, "duplicate-key")])
    assert tree_builder._PARSED == {}


def test_little_is_kept() -> None:
    for number in range(tree_builder._KEPT + 1):
        tree([], f"a: {number}\n")
    assert len(tree_builder._PARSED) == 1
    tree([], "a: " + "x" * tree_builder._KEPT_LENGTH + "\n")
    assert len(tree_builder._PARSED) == 1
