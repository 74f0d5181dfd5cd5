"""Layers written down in tests, and what becomes of them."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from dsgen.plain import plain
from dsgen.problem import Problem
from dsgen.profile.compile import Rejected, long_form
from dsgen.profile.key import Rules
from dsgen.profile.schema import PROFILE
from dsgen.source import read
from dsgen.tree import Value


def layer(text: str) -> Value:
    """Return the layer that is written in `text`."""
    root, problems = read(dedent(text), "layer.yaml")
    assert root is not None, problems
    assert not problems, problems
    return root


def long(text: str) -> Any:
    """Return the long form of an accepted layer, as plain data."""
    return plain(long_form(layer(text)))


def refusals(text: str) -> list[Problem]:
    """Return the problems of a layer's shape."""
    return problems_of(layer(text))


def problems_of(root: Value, rules: Rules = PROFILE) -> list[Problem]:
    """Return the problems of the shape of a layer, or of an environment with its `rules`."""
    try:
        long_form(root, rules)
    except Rejected as error:
        problems = list(error.problems)
    else:
        return []
    assert problems
    return problems


def container(fields: str) -> str:
    """Return a layer with one container that has these fields, one a line."""
    return "containers:\n  agent:\n" + "".join(f"    {line}\n" for line in dedent(fields).strip("\n").split("\n"))


def nodes(fields: str) -> str:
    """Return a layer whose `nodes` has these fields, one a line."""
    return "nodes:\n" + "".join(f"  {line}\n" for line in dedent(fields).strip("\n").split("\n"))
