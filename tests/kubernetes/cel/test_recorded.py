"""Expressions are what Kubernetes' own environment for CEL says that they are: `python -m conformance.cel --record`."""

from __future__ import annotations

import re
import sys

import pytest

from conformance.cel.outcomes import ours
from conformance.cel.record import Recorded, load
from dsgen.kubernetes.cel.functions import FUNCTIONS

MINOR, DATA, RECORDED = load()
# Why what dsgen.kubernetes.cel.unlike lists is not evaluated.
UNLIKE = (
    "the library does not compile it, and the server may",
    r"the function `(find|findAll|isURL|format\.named)`",
    "an item that is a (timestamp|duration|bytes)",
    "the comparison of lists or maps of quantities or versions",
    r"the function `\w+` of unsigned numbers",
    "a timestamp without a type",
    "a duration without a type",
    "a bytes without a type",
    "the comparison of a quantity or version with null or any value",
    "a format with more than `%s` and `%d`",
    "the text of a (timestamp|duration)",
    "the number of a (timestamp|duration)",
    "the milliseconds of a duration",
    "the text of a number that may be infinite",
    r"the function `(type|string|format|dyn|size)` of a (kubernetes|net)\.",
    "a pattern that is not a text or depends on the version of Unicode",
)

# What calls a function that has no name for users.
_CALLED_AS = {"cel.@mapInsert": "transformMap"}

needs_library = pytest.mark.skipif(sys.version_info < (3, 11), reason="the library has no wheel for Python 3.10")


@needs_library
@pytest.mark.parametrize("one", RECORDED, ids=lambda one: one.id)
def test_agrees_with_the_server(one: Recorded) -> None:
    expected = ("unevaluated", one.why) if one.why else one.server
    assert ours(one.source, DATA, MINOR) == expected


@pytest.mark.parametrize("name", [_CALLED_AS.get(name, name) for name in FUNCTIONS])
def test_the_record_asks_each_function_of_our_own(name: str) -> None:
    called = re.compile(rf"(?<![\w.]){re.escape(name)}\(|\.{re.escape(name)}\(")
    outcomes = [one.server[0] for one in RECORDED if not one.why and called.search(one.source)]
    assert "value" in outcomes


@pytest.mark.parametrize("why", UNLIKE)
def test_the_record_asks_what_is_not_evaluated(why: str) -> None:
    assert any(re.match(why, one.why) for one in RECORDED)


def test_the_record_has_every_outcome() -> None:
    evaluated = [one.server[0] for one in RECORDED if not one.why]
    assert len(evaluated) > 300
    for kind in ("value", "fails", "does not compile"):
        assert evaluated.count(kind) > 30
