"""What messages propose and list."""

from __future__ import annotations

from dsgen.problem import LOOKED_AT, SUGGESTIONS, Suggestions, comma_list

FEW = [f"word-{number}" for number in range(LOOKED_AT)]
MANY = [*FEW, "one-more"]


def test_of_many_words_none_is_proposed() -> None:
    assert Suggestions().did_you_mean("wrd-7", FEW) == "did you mean `word-7`?"
    assert Suggestions().did_you_mean("wrd-7", MANY) == ""


def test_so_many_times_one_is_proposed() -> None:
    """To look for one takes long, and a text may ask for it thousands of times."""
    suggestions = Suggestions()
    found = [suggestions.did_you_mean("wrd-7", FEW) for _ in range(SUGGESTIONS + 2)]
    assert found == ["did you mean `word-7`?"] * SUGGESTIONS + ["", ""]


def test_of_many_words_the_first_are_listed() -> None:
    assert comma_list(FEW) == ", ".join(FEW)
    assert comma_list(MANY) == f"{', '.join(FEW[:10])} and 21 more"
