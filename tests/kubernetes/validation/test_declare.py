"""Rules that are declared: what each kind checks, and the prose that is generated for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation import rule
from dsgen.kubernetes.validation.declare import DECLARED_WORDS, Fields
from dsgen.kubernetes.validation.rule import RULES, FieldRef, Rule

PORT = ("container.ports", "a port", "pkg: validatePort")


@pytest.fixture(autouse=True)
def catalogue_as_before() -> Iterator[None]:
    rules, taken, words = list(RULES), set(rule._taken), dict(DECLARED_WORDS)
    yield
    RULES[:] = rules
    rule._taken.clear()
    rule._taken.update(taken)
    DECLARED_WORDS.clear()
    DECLARED_WORDS.update(words)


def found(**fields: object) -> list[str]:
    """Return what the rule declared last finds in a part with these `fields`."""
    return [f"{error.type} {error.field}: {error.detail}" for error in RULES[-1].check(FieldRef(fields, None, ()))]


def last() -> Rule:
    return RULES[-1]


def test_a_declared_rule_is_one_of_its_module() -> None:
    Fields(*PORT).in_range("x-range", "x", 1, 9, since="1.34", severity="warning")
    assert last().check.__module__ == __name__
    assert last()[:3] == ("x-range", "container.ports", "pkg: validatePort")
    assert (last().since, last().when, last().severity) == ("1.34", "x", "warning")


def test_required() -> None:
    Fields(*PORT).required("x-missing", ("x", "y"), "must be set, such as `a`", source="other")
    assert (last().source, last().when) == ("other", "")
    assert last().prose == "The `x` and `y` of a port must each be set, such as `a`."
    assert found(x="a") == ["Required y: must be set, such as `a`"]
    assert found(x="", y=0) == [f"Required {name}: must be set, such as `a`" for name in "xy"]
    assert found(x="a", y=["b"]) == []


def test_one_of() -> None:
    Fields(*PORT).one_of("x-word", "x", ("TCP", "UDP", "SCTP"), default="TCP", note="In upper case.")
    assert last().prose == "The `x` of a port must be `TCP` (the default), `UDP` or `SCTP`. In upper case."
    assert found(x="UPD") == ["NotSupported x: 'UPD' is not one of TCP, UDP, SCTP: did you mean `UDP`?"]
    assert found(x="SCTP") == found(x="") == found() == []


def test_has_format() -> None:
    Fields("hostPath", "`hostPath`", "pkg").has_format("x-path", "x", formats.no_backsteps)
    assert last().prose == "`hostPath.x` must be a path without the element `..`."
    assert found(x="a/../b") == ["Invalid x: 'a/../b' must not contain `..`"]
    assert found(x="a") == []


def test_in_range() -> None:
    fields = Fields("hostPath", "`hostPath`", "pkg")
    fields.in_range("x-range", ("x", "y"), 1, 9)
    assert last().prose == "`hostPath.x` and `hostPath.y` must each be between 1 and 9."
    assert found(x=10, y=-1) == [
        "Invalid x: must be between 1 and 9, got 10",
        "Invalid y: must be between 1 and 9, got -1",
    ]
    assert found(x=1, y=9) == found(x=0) == []
    fields.in_range("y-range", "y", 1)
    assert found(y=-1) == ["Invalid y: must be 1 or more, got -1"]
    assert found(y=2**40) == []


def test_unique() -> None:
    Fields(*PORT).unique("x-twice", "x")
    assert last().prose == "The `x` of a port must be unique."
    assert last().when == "x"
    assert found(x=["a", "b", "a", "a"]) == ["Duplicate x[2]: duplicate 'a'", "Duplicate x[3]: duplicate 'a'"]
    assert found(x=["a", "b"]) == found(x=[]) == found() == []


@pytest.mark.parametrize(
    ("facts", "unset", "empty"),
    [
        ({}, [], []),
        ({"empty": True}, [], ["Invalid x: must be 1 or more, got 0"]),
        ({"missing": True}, ["Invalid x: must be 1 or more, got 0"], ["Invalid x: must be 1 or more, got 0"]),
        ({"required": True}, ["Required x: must be 1 or more"], ["Required x: must be 1 or more"]),
        ({"required": "say x"}, ["Required x: say x"], ["Required x: say x"]),
    ],
)
def test_what_is_unset_or_empty(facts: dict[str, Any], unset: list[str], empty: list[str]) -> None:
    Fields(*PORT).in_range("x-range", "x", 1, **facts)
    assert found() == unset
    assert found(x=0) == empty
    # A rule that waits for its field would not see that it is missing.
    assert last().when == ("" if unset else "x")
