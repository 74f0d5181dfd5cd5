"""The schema is read twice, by the compiled check and by Cerberus: both take the same layers, and neither changes one."""

from __future__ import annotations

from hypothesis import given, settings

from dsgen.profile import words
from dsgen.profile.accept import Refused, long_form
from dsgen.tree import Map, Value, plain
from tests.profile.layouts import damaged, layers


def accepted(layer: Map) -> bool:
    try:
        long_form(layer)
    except Refused:
        return False
    return True


@settings(max_examples=400)
@given(layers())
def test_of_right_layers(layer: Map) -> None:
    assert accepted(layer) == (not words.problems(layer))


@settings(max_examples=600)
@given(damaged())
def test_of_damaged_layers(layer: Map) -> None:
    before = plain(layer)
    problems = words.problems(layer)
    assert accepted(layer) == (not problems)
    assert plain(layer) == before
    for problem in problems:
        assert problem.message
        assert problem.line == 1


def shuffled(value: Value) -> Value:
    if isinstance(value, Map):
        return Map(((key, shuffled(child)) for key, child in reversed(value.items())), value.origin)
    return value


@given(damaged())
def test_the_order_of_keys_does_not_matter(layer: Map) -> None:
    other = shuffled(layer)
    assert isinstance(other, Map)
    assert sorted(map(str, words.problems(layer))) == sorted(map(str, words.problems(other)))
