"""Templates written down in tests, and what they make of a profile."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent
from typing import Any

from dsgen.plain import plain
from dsgen.rendering.template import Rendered, Renderer
from dsgen.tree import Map
from tests.factories import Given, described

AGENT = "name: agent\ncontainers: {agent: {image: example.com/agent:1.0}}\n"


def rendered(template: str, profile: str = "", others: Mapping[str, str] | None = None) -> Rendered:
    """Render a template for a profile, a plain one with more keys."""
    description = described(AGENT + dedent(profile))
    return Renderer(Given({**(others or {}), "t.yaml.j2": template})).render("t.yaml.j2", description.context)


def tree(template: str, profile: str = "", others: Mapping[str, str] | None = None) -> Map:
    """Return the object that a right template makes."""
    result = rendered(template, profile, others)
    assert not result.problems, result.problems
    assert result.tree is not None
    return result.tree


def made(template: str, profile: str = "", others: Mapping[str, str] | None = None) -> Any:
    """Return the object that a right template makes, as plain data."""
    return plain(tree(template, profile, others))


def refused(template: str, profile: str = "", others: Mapping[str, str] | None = None) -> list[tuple[int, str]]:
    """Return the lines and codes of the problems of a template."""
    result = rendered(template, profile, others)
    assert result.tree is None
    return [(problem.line, problem.code) for problem in result.problems]
