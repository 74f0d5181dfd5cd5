"""Comparing values without converting them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dsgen.plain import is_alike, plain
from dsgen.tree import Boolean, Float, Integer, List, Map, Null, Text

_LEAVES = st.one_of(
    st.sampled_from(["", "1", "true", "a"]),
    st.sampled_from(["", "1", "true", "a"]).map(lambda text: Text.at(text, None)),
    st.sampled_from([0, 1]).map(lambda number: Integer.at(number, None)),
    st.sampled_from([0, 1, True, False]),
    st.booleans().map(lambda truth: Boolean.at(truth, None)),
    st.just(Float.at(1.0, None, "1.0")),
    st.builds(Null),
)
_TREES = st.recursive(
    _LEAVES,
    lambda below: st.one_of(
        st.lists(below, max_size=2).map(List), st.dictionaries(st.sampled_from(["a", "b"]), below, max_size=2).map(Map)
    ),
    max_leaves=5,
)


def _typed(value: object) -> object:
    """Return plain data in which 1, true and 1.0 differ."""
    if isinstance(value, dict):
        return {key: _typed(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_typed(child) for child in value]
    return type(value), value


@given(_TREES, _TREES)
def test_values_are_alike_if_their_plain_data_and_its_types_are_equal(one: object, other: object) -> None:
    assert is_alike(one, other) == (_typed(plain(one)) == _typed(plain(other)))
