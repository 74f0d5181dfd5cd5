from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsgen import source
from dsgen.lsp.cursor import cursor
from dsgen.traversal import paths, value_at
from dsgen.tree import List

PROFILE = """\
name: agent
nodes:
  os: linux
  tolerate: [all, {key: a}]
containers:
  main:
    args:
    - --x
    - --y
    env:
      A: b

    mounts:
      /etc: {configMap: x, }
configMaps:
  c:
    data:
      a.yaml: |
        foo: bar
      b: x
""".splitlines()
PROFILE[11] = " " * 6
PROFILE.append("")


@pytest.mark.parametrize(
    ("line", "column", "path", "word", "places"),
    [
        (0, 2, ("name",), "name", "key"),
        (0, 8, ("name",), "agent", "value"),
        (2, 8, ("nodes", "os"), "linux", "value"),
        (3, 14, ("nodes", "tolerate", 0), "all", "value"),
        (3, 20, ("nodes", "tolerate", 1, "key"), "key", "key"),
        (3, 24, ("nodes", "tolerate", 1, "key"), "a", "value"),
        (7, 8, ("containers", "main", "args", 0), "--x", "key value"),
        (8, 8, ("containers", "main", "args", 1), "--y", "key value"),
        (11, 6, ("containers", "main", "env"), "", "key value"),
        (11, 4, ("containers", "main"), "", "key value"),
        (11, 2, ("containers",), "", "key value"),
        (13, 15, ("containers", "main", "mounts", "/etc", "configMap"), "configMap", "key"),
        (13, 27, ("containers", "main", "mounts", "/etc"), "", "key"),
        (20, 0, (), "", "key"),
    ],
)
def test_the_path_and_the_word(line: int, column: int, path: tuple[str | int, ...], word: str, places: str) -> None:
    at = cursor(PROFILE, line, column)
    assert at is not None
    assert (at.path, at.word) == (path, word)
    assert " ".join(["key"] * at.is_key + ["value"] * at.is_value) == places


@pytest.mark.parametrize(("line", "column"), [(18, 12), (18, 8)])
def test_nothing_is_in_a_block_of_text(line: int, column: int) -> None:
    assert cursor(PROFILE, line, column) is None


@pytest.mark.parametrize("text", ["# name: x", "name: x # and"])
def test_nothing_is_in_a_comment(text: str) -> None:
    assert cursor([text], 0, len(text)) is None


def test_an_unfinished_key() -> None:
    at = cursor(["containers:", "  main:", "    im"], 2, 6)
    assert at is not None
    assert (at.path, at.word, at.is_key) == (("containers", "main"), "im", True)


def test_it_agrees_with_the_parser() -> None:
    """On each key and scalar of a finished text, the path is that of the tree."""
    root, _ = source.read("\n".join(PROFILE), "p.yaml")
    assert root is not None
    found = 0
    for origin, path in paths(root):
        at = cursor(PROFILE, origin.line - 1, origin.column - 1)
        if (
            origin.line != origin.end_line
            or isinstance(value_at(root, path), List)
            or at is None
            or origin.column == origin.end_column
        ):
            continue
        found += 1
        assert at.path in (path, path[:-1]), (origin, path, at)
    assert found > 20


@given(st.text(alphabet="ab:-{}[],'\"#| \n", max_size=80), st.integers(0, 9), st.integers(0, 30))
def test_no_text_raises(text: str, line: int, column: int) -> None:
    cursor(text.split("\n"), line, column)
