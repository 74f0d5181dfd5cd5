"""What tells an object that was made from the one that was imported."""

from __future__ import annotations

import pytest

from dsgen.importer.proof import differences
from dsgen.tree import Map, Value
from tests.importer.imports import written


def under(*path: str, value: Value) -> Map:
    for name in reversed(path):
        value = Map({name: value})
    assert isinstance(value, Map)
    return value


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(("metadata", "labels", "a"), id="label"),
        pytest.param(("spec", "template", "spec", "nodeSelector", "a"), id="node selector"),
    ],
)
def test_an_empty_text_is_missed_where_it_counts(path: tuple[str, ...]) -> None:
    (found,) = differences(under(*path, value=""), under(*path[:-1], value=Map()))
    assert found.path == path


def test_an_empty_text_is_not_missed_where_it_means_nothing() -> None:
    assert "hostname" not in written("hostname: ''")
