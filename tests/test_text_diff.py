"""Unified diffs: right for any two texts, and like difflib's where these are small."""

from __future__ import annotations

import random
from difflib import unified_diff

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsgen import text_diff
from dsgen.text_diff import unified

LINES = st.lists(st.sampled_from("abcdefgh"), max_size=40).map(lambda letters: [f"{letter}\n" for letter in letters])


def patched(old: list[str], diff: list[str]) -> list[str]:
    """Return what a diff makes of a text, as `patch` would, with all that it states held against the text."""
    result: list[str] = []
    at = 0
    for line in diff[2:]:
        if line.startswith("@@"):
            start, _, length = line.split()[1][1:].partition(",")
            begin = int(start) - (length != "0")
            result += old[at:begin]
            at = begin
        elif line[0] == "+":
            result.append(line[1:])
        else:
            assert old[at] == line[1:]
            result += [line[1:]] if line[0] == " " else []
            at += 1
    return result + old[at:]


@pytest.mark.parametrize("few", [0, 4, 10_000])
@given(old=LINES, new=LINES)
def test_a_diff_leads_from_one_to_the_other(few: int, old: list[str], new: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_diff, "_FEW", few)
        diff = list(unified(old, new, "a", "b"))
    assert patched(old, diff) == new
    assert bool(diff) == (old != new)


def test_it_is_written_as_difflib_does() -> None:
    old, new = [f"{i}\n" for i in range(60)], [f"{i}\n" for i in range(60) if i not in (7, 30)] + ["end\n"]
    new[20:20] = ["x\n", "y\n"]
    assert list(unified(old, new, "a", "b")) == list(unified_diff(old, new, "a", "b"))
    assert list(unified([], new, "/dev/null", "b")) == list(unified_diff([], new, "/dev/null", "b"))
    assert list(unified(old, [], "a", "/dev/null")) == list(unified_diff(old, [], "a", "/dev/null"))


def test_a_long_text_with_many_small_changes() -> None:
    old = [f"line {i}\n" for i in range(20_000)]
    new = [f"other {i}\n" if i % 10 == 5 else line for i, line in enumerate(old)]
    diff = list(unified(old, new, "a", "b", context=0))
    assert sum(line.startswith("+other") for line in diff) == sum(line.startswith("-line") for line in diff) == 2_000


def test_a_long_text_that_repeats() -> None:
    """Nobody would read its diff; it comes all the same."""
    chance = random.Random(1)
    old, new = ([f"line {chance.randrange(101)}\n" for _ in range(8_000)] for _ in range(2))
    assert patched(old, list(unified(old, new, "a", "b"))) == new
