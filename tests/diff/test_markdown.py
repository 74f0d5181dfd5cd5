"""What a comment on a pull request contains: it fits, and nothing leaves its place in it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsgen.diff.compare import Difference
from dsgen.diff.key import Key
from dsgen.diff.markdown import LONGEST, as_markdown
from dsgen.kubernetes.semantics.field_diff import Change

# How GitHub's parser (cmark-gfm, table extension) reads a cell: an escaped character is none that ends it.
CELL = re.compile(r"(?:\\[|!\"#$%&'()*+,./:;<=>?@\[\\\]^_`{}~-]|[^|\r\n])+")


def of(name: str, *changes: Change, what: Any = "restarted") -> Difference:
    return Difference(Key("", "", "ConfigMap", "tools", name), what, list(changes), [])


def cells(row: str) -> list[str]:
    return CELL.findall(row.strip().strip("|")) if row.count("|") else []


@pytest.mark.parametrize("name", ["a|b", "a\\|b", "a\\\\|b", "`a`|", "\\", "|", "a\\\\\\|", "<b>", "x\n| y |", "``` a"])
def test_a_name_stays_in_its_cell(name: str) -> None:
    row = as_markdown([of(name)]).splitlines()[4]
    assert len(cells(row)) == 2
    assert cells(row)[1].strip() == "its pods restart"


@given(st.lists(st.text(alphabet="`~|\\\n<>&/*_-#@ab\t\r\u2028 ", max_size=40), max_size=5))
def test_no_value_leaves_its_place(values: list[str]) -> None:
    text = as_markdown([of("a", *(Change(f"data[{value}]", value, f"{value}x") for value in values))])
    lines = text.splitlines()
    opened = [number for number, line in enumerate(lines) if re.fullmatch("`{3,}diff", line)]
    assert len(opened) == bool(values)
    for start in opened:
        fence = lines[start].removesuffix("diff")
        end = lines.index(fence, start + 1)
        assert not [line for line in lines[start + 1 : end] if re.match(rf" {{0,3}}`{{{len(fence)},}}", line)]
        assert lines[end + 1 :] == ["", "</details>"]


LONG = Change("data[long]", "a" * 5_000, "b" * 5_000)
LINES = Change("data[lines]", "".join(f"{number}\n" for number in range(2_000)), "x\n" * 2_000)
TICKS = Change("data[ticks]", "`" * 5_000 + "\n", "`" * 6_000 + "\n")


@pytest.mark.parametrize(
    "differences",
    [
        pytest.param([of(f"map-{number}", LINES) for number in range(300)], id="many objects"),
        pytest.param([of("n" * 100_000, LONG)], id="a long name"),
        pytest.param([of(f"map-{number}") for number in range(20_000)], id="many rows"),
        pytest.param([of("a", *([LONG, LINES, TICKS] * 100))], id="many fields"),
        pytest.param([of(f"{number}`", TICKS, TICKS) for number in range(100)], id="long fences"),
    ],
)
def test_it_fits_into_a_comment(differences: list[Difference]) -> None:
    text = as_markdown(differences)
    assert LONGEST // 4 < len(text) <= LONGEST or len(differences) == 1
    assert len(text) <= LONGEST < 65_536
    assert text.count("<details>") == text.count("</details>")


def test_what_is_worst_is_kept() -> None:
    found = [of(f"map-{number}", LINES, what="kept") for number in range(3_000)] + [of("z", LINES, what="refused")]
    text = as_markdown(found)
    assert "| `ConfigMap tools/z` | rejected by the API server |" in text
    assert "<summary><code>ConfigMap tools/z</code></summary>" in text
    rows = len(re.findall(r"^\| `ConfigMap", text, re.MULTILINE))
    assert f"… and {3_001 - rows} more objects: run `dsgen diff` to see all" in text
    assert f"The fields of {3_001 - text.count('<details>')} more objects are too long for a comment" in text
    assert re.search(r"^  … and [0-9]+ more lines$", text, re.MULTILINE)


def test_what_fits_is_whole() -> None:
    text = as_markdown([of("a", LONG), of("b", what="created")])
    assert "more" not in text
    assert text.index("tools/a") < text.index("tools/b")
