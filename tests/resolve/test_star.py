"""The rule of the container `"*"`, held against its own words: for each container, a fold over the layers."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dsgen.plain import plain
from dsgen.problem import Problem
from dsgen.profile.compile import long_form
from dsgen.resolve.layers import merge_all
from tests.profile.layers import layer

Json = Any
WORDS = st.sampled_from(["x", "y", "z"])
ENV = st.dictionaries(st.sampled_from("ABC"), st.none() | st.builds(lambda word: {"value": word}, WORDS), min_size=1)
LIST = st.lists(WORDS, max_size=2)
CONTAINER = st.dictionaries(st.sampled_from(["image", "tty", "env", "args", "args+", "command+"]), st.none()).flatmap(
    lambda keys: st.fixed_dictionaries(
        {
            key: LIST
            if key[-1] == "+"
            else st.none() | {"image": WORDS, "tty": st.booleans(), "env": ENV, "args": LIST}[key]
            for key in keys
            if not (key == "args+" and "args" in keys)
        }
    )
)
GROUP = st.dictionaries(st.sampled_from(["*", "a", "b"]), st.none() | CONTAINER, min_size=1)
LAYERS = st.lists(GROUP | st.none(), min_size=1, max_size=5)


def over(lower: Json, upper: Json) -> Json:
    """Return a map over another: null takes away, `KEY+` appends, and what is stated anew goes last."""
    result = dict(lower)
    for key, value in upper.items():
        name = key.removesuffix("+")
        below = result.get(name)
        if key != name:
            value = [*(below or []), *value]
        elif isinstance(value, dict) and isinstance(below, dict):
            value = over(below, value)
        elif below is None:
            result.pop(name, None)
        result[name] = value
    return result


def without_nulls(value: Json) -> Json:
    if not isinstance(value, dict):
        return value
    kept = {key: without_nulls(child) for key, child in value.items() if child is not None}
    return {key: child for key, child in kept.items() if child != {}}


def since_removed(layers: list[Json], name: str) -> list[Json]:
    """Return what each layer states of a container, and nothing for those up to the last that takes it away."""
    removed = [layer is None or (name in layer and layer[name] is None) for layer in layers]
    last = max((place for place, each in enumerate(removed) if each), default=-1)
    return [None if place <= last else layer.get(name) for place, layer in enumerate(layers)]


def folded(layers: list[Json]) -> Json:
    """Return the containers: for each, in each layer, `"*"` first, and then the container itself."""
    own = {name: since_removed(layers, name) for name in "ab"}
    star = since_removed(layers, "*")
    result: dict[int, Json] = {}
    for name, stated in own.items():
        first = next((place for place, each in enumerate(stated) if each is not None), None)
        if first is None:
            continue
        container: Json = {}
        for of_all, of_it in zip(star, stated, strict=True):
            container = over(over(container, of_all or {}), of_it or {})
        place = list(layers[first]).index(name)
        result[first * 10 + place] = (name, without_nulls(container))
    return [result[place] for place in sorted(result)]


@given(LAYERS)
def test_the_merge_is_the_fold(stated: list[Json]) -> None:
    problems: list[Problem] = []
    layers = [long_form(layer(json.dumps({"containers": each}))) for each in stated]
    made: Json = plain(merge_all(layers, problems.append)).get("containers", {})  # type: ignore[attr-defined]
    assert json.dumps(list(made.items())) == json.dumps(folded(stated))


@given(LAYERS)
def test_layers_are_not_changed(stated: list[Json]) -> None:
    """A parent is read once, for all the profiles that extend it."""
    layers = [long_form(layer(json.dumps({"containers": each}))) for each in stated]
    before = json.dumps(list(map(plain, layers)))
    merge_all(layers, list[Problem]().append)
    assert json.dumps(list(map(plain, layers))) == before
