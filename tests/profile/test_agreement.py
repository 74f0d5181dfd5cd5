"""The schema is read twice, by the compiled check and by Cerberus: both take the same layers, and neither changes one."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given

from dsgen.profile import shape_errors
from dsgen.profile.compile import Rejected, compile_rules, long_form, reject
from dsgen.profile.environment import ENVIRONMENT
from dsgen.tree import Map, Value, plain
from tests.profile.layouts import damaged, layers, leaf, parsed

ENVIRONMENT_FORM = compile_rules(ENVIRONMENT)


def accepted(layer: Map, convert: Callable[[Map], Value] = long_form) -> bool:
    try:
        convert(layer)
    except Rejected:
        return False
    return True


@given(layers())
def test_of_right_layers(layer: Map) -> None:
    assert accepted(layer) == (not shape_errors.problems(layer))


@given(damaged())
def test_of_damaged_layers(layer: Map) -> None:
    before = plain(layer)
    problems = shape_errors.problems(layer)
    assert accepted(layer) == (not problems)
    assert plain(layer) == before
    for problem in problems:
        assert problem.message
        assert problem.line == 1


@given(damaged(), damaged())
def test_of_environments(every: Map, one: Map) -> None:
    entries: list[tuple[str, Value]] = [(leaf("all"), every), (leaf("overrides"), Map([(leaf("agent"), one)]))]
    for key in ("images", "profiles"):
        example = parsed(ENVIRONMENT["schema"][key]["meta"]["example"])
        assert isinstance(example, Map)
        entries += example.items()
    environment = Map(entries, every.origin)
    right = accepted(environment, lambda layer: ENVIRONMENT_FORM(layer, reject))
    assert right == (not shape_errors.problems(environment, ENVIRONMENT))


def shuffled(value: Value) -> Value:
    if isinstance(value, Map):
        return Map(((key, shuffled(child)) for key, child in reversed(value.items())), value.origin)
    return value


@given(damaged())
def test_the_order_of_keys_does_not_matter(layer: Map) -> None:
    other = shuffled(layer)
    assert isinstance(other, Map)
    assert sorted(map(str, shape_errors.problems(layer))) == sorted(map(str, shape_errors.problems(other)))
