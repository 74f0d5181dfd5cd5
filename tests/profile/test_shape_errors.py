"""Putting problems into words takes time in proportion to the problems."""

from __future__ import annotations

import pytest
from cerberus.errors import ValidationError

from dsgen.problem import Problem
from dsgen.profile import shape_errors
from dsgen.resolve.file import File
from dsgen.resolve.parents import read_layer
from dsgen.tree import Map, Origin, Path, Text, Value


def test_problems_are_not_compared_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def compared(*_: object) -> bool:
        raise AssertionError("a profile of thousands of unknown keys would take minutes")

    shape_errors.problems(Map())  # Cerberus compares when it checks the schema, once
    monkeypatch.setattr(ValidationError, "__lt__", compared)
    keys = [Text.at(f"zzz{number}", Origin("a.yaml", number, 1, number, 4)) for number in range(9)]
    found: list[Problem] = shape_errors.problems(Map((key, Text.at("x", None)) for key in ("name", *keys)))
    assert [problem.path for problem in found] == keys


@pytest.mark.parametrize("text", ["receivers: {}\nexporters: {}\n", "- a\n"])
def test_another_file(text: str) -> None:
    found = read_layer(File("otel.yaml", text.encode(), "otel.yaml"))[1]
    assert [(problem.line, problem.code) for problem in found] == [(1, "invalid-type")]
    assert "a folder whose name begins with `_`" in found[0].hint


@pytest.mark.parametrize("key", ["image", "replicas", "tolerations", "runAsUser"])
def test_one_key_that_might_be_meant_makes_a_profile(key: str) -> None:
    found = read_layer(File("a.yaml", f"zzz: 1\n{key}: x\n".encode(), "a.yaml"))[1]
    assert "unknown key `zzz` in a profile" in [problem.message for problem in found]


def test_keys_that_are_like_those_of_a_profile() -> None:
    found = read_layer(File("a.yaml", b"containerz: {}\nnamespce: x\n", "a.yaml"))[1]
    assert [problem.code for problem in found] == ["unknown-key"] * 2


def test_so_many_unknown_keys_have_a_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape_errors, "SUGGESTIONS", 2)
    found = read_layer(File("a.yaml", b"containerz: {}\nnamespce: x\nlabelz: {}\npodLabelz: {}\n", "a.yaml"))[1]
    near = [problem.hint.startswith("did you mean") for problem in found]
    assert near == [True, True, False, False]


def test_the_tree_is_gone_through_once_for_all_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    places = shape_errors._place_all
    begun = []

    def counted(value: Value, path: Path, found: dict[int, Path]) -> None:
        begun.append(path)
        places(value, path, found)

    monkeypatch.setattr(shape_errors, "_place_all", counted)
    text = "serviceAccount: {clusterRules: ['get nodez', 'get podz', 'gett pods']}\n"
    found = read_layer(File("a.yaml", text.encode(), "a.yaml"))[1]
    assert [problem.path for problem in found] == [f"serviceAccount.clusterRules[{index}]" for index in range(3)]
    assert begun.count(()) == 1
