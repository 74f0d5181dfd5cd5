"""Layers with damage: all of it is reported in one reading, which does not change them."""

from __future__ import annotations

from hypothesis import given

from dsgen.plain import plain
from dsgen.problem import Problem
from dsgen.profile.environment import ENVIRONMENT
from dsgen.profile.key import Rules
from dsgen.profile.schema import PROFILE
from dsgen.tree import Map, Value
from tests.profile.layers import problems_of
from tests.profile.layouts import damaged, leaf, parsed


def readable(layer: Map, rules: Rules = PROFILE) -> list[Problem]:
    """Return the problems of a layer; each has a place and words, and the layer stays as it was."""
    before = plain(layer)
    problems = problems_of(layer, rules)
    assert plain(layer) == before
    for problem in problems:
        assert problem.message
        assert problem.line == 1
    return problems


@given(damaged())
def test_of_layers(layer: Map) -> None:
    readable(layer)


@given(damaged(), damaged())
def test_of_environments(every: Map, one: Map) -> None:
    entries: list[tuple[str, Value]] = [(leaf("all"), every), (leaf("overrides"), Map([(leaf("agent"), one)]))]
    for key in ("images", "profiles"):
        example = parsed(ENVIRONMENT["schema"][key]["meta"]["example"])
        assert isinstance(example, Map)
        entries += example.items()
    alone = {problem.message for layer in (every, one) if "extends" not in layer for problem in problems_of(layer)}
    found = {problem.message for problem in readable(Map(entries, every.origin), ENVIRONMENT)}
    assert not alone or found


def shuffled(value: Value) -> Value:
    if isinstance(value, Map):
        return Map(((key, shuffled(child)) for key, child in reversed(value.items())), value.origin)
    return value


@given(damaged())
def test_the_order_of_keys_does_not_matter(layer: Map) -> None:
    other = shuffled(layer)
    assert isinstance(other, Map)
    assert sorted(map(str, readable(layer))) == sorted(map(str, readable(other)))
