"""Putting problems into words takes time in proportion to the problems."""

from __future__ import annotations

import pytest
from cerberus.errors import ValidationError

from dsgen.problem import Problem
from dsgen.profile import words
from dsgen.tree import Map, Origin, Text


def test_problems_are_not_compared_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def compared(*_: object) -> bool:
        raise AssertionError("a profile of thousands of unknown keys would take minutes")

    words.problems(Map())  # Cerberus compares when it checks the schema, once
    monkeypatch.setattr(ValidationError, "__lt__", compared)
    keys = [Text.at(f"zzz{number}", Origin("a.yaml", number, 1, number, 4)) for number in range(9)]
    found: list[Problem] = words.problems(Map((key, Text.at("x", None)) for key in keys))
    assert [problem.path for problem in found] == keys
