"""The order of keys is the order in the manifest, and nothing else: it changes no problem."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dsgen.kubernetes.validate import validate
from dsgen.plain import plain
from dsgen.problem import Problem
from dsgen.profile.compile import long_form
from dsgen.resolve.description import describe
from dsgen.resolve.layers import merge_all
from dsgen.source import read
from dsgen.tree import List, Map, Value
from tests.factories import no_files, shipped_renderer
from tests.test_problem_locations import FAULTY

EXAMPLES = sorted(Path(__file__).with_name("examples").iterdir())


def turned(value: Value) -> Value:
    """Return a tree with the keys of every map in the other order."""
    if isinstance(value, Map):
        return Map(((key, turned(child)) for key, child in reversed(value.items())), value.origin)
    if isinstance(value, List):
        return List(map(turned, value), value.origin)
    return value


def outcome(layer: Value) -> tuple[Any, list[str]]:
    problems: list[Problem] = []
    description = describe(merge_all([long_form(layer)], problems.append), no_files, problems.append)
    assert description is not None
    rendered = shipped_renderer().render("daemonset.yaml.j2", description.context)
    assert rendered.tree is not None
    problems += validate(rendered.tree)
    return plain(rendered.tree), sorted(
        f"{problem.file}:{problem.line}:{problem.column} {problem.code}" for problem in problems
    )


def by_name(value: Any) -> Any:
    """Return plain data with lists of named things in the order of their names."""
    if isinstance(value, dict):
        return {key: by_name(child) for key, child in value.items()}
    if isinstance(value, list):
        return sorted(map(by_name, value), key=repr)
    return value


@pytest.mark.parametrize("folder", [pytest.param(folder, id=folder.name) for folder in EXAMPLES])
def test_of_examples(folder: Path) -> None:
    layer, _ = read(folder.joinpath("profile.yaml").read_bytes(), "profile.yaml")
    assert layer is not None
    (made, problems), (other, others) = outcome(layer), outcome(turned(layer))
    assert by_name(made) == by_name(other)
    assert problems == others


def test_of_a_faulty_profile() -> None:
    layer, _ = read(FAULTY, "profile.yaml")
    assert layer is not None
    lines = [[problem.split(" ")[1] for problem in outcome(each)[1]] for each in (layer, turned(layer))]
    assert sorted(lines[0]) == sorted(lines[1])
