"""The remedy for a key that is missing: what it says can be followed."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.cel.expression import Expression, compiled
from dsgen.kubernetes.cel.missing_keys import remedy
from dsgen.kubernetes.cel.outcomes import Evaluated, Failed
from dsgen.kubernetes.cel.types import DYN
from tests.kubernetes.policies.setups import needs_cel

pytestmark = needs_cel
VALUES = {"object": {"spec": {"list": [{"a": 1}, {}], "map": {}}}}


def program(source: str) -> Expression:
    found = compiled(source, {"object": DYN}, 37)
    assert isinstance(found, Expression)
    return found


@pytest.mark.parametrize(
    ("source", "key", "test"),
    [
        ("object.spec.x == 1", "x", "has(object.spec.x)"),
        ("object.spec.x.y == 1", "x", "has(object.spec.x)"),
        ("object.spec.map['k'] == 1", "k", "'k' in object.spec.map"),
        ("object.spec.list.all(c, c.a == 1)", "a", "has(c.a)"),
        ("object.spec.list[1].a == 1", "a", "has(object.spec.list[1].a)"),
        ("has(object.spec.x) || object.spec.x == 1", "x", "has(object.spec.x)"),
        ("object.spec.list.map(c, c)[1].a == 1", "a", ""),
    ],
)
def test_the_test_for_the_key_is_named(source: str, key: str, test: str) -> None:
    tried = program(source)
    outcome = tried.evaluate(VALUES)
    assert outcome == Failed(f"no such key: {key}")
    hint = f"if `{key}` can be missing, test for it in the expression: `{test}`" if test else ""
    assert remedy(outcome.message, [tried.tree.expr]) == hint
    if test.startswith(("has(object", "'")):
        assert program(f"{test} && ({source})").evaluate(VALUES) == Evaluated(False)


def test_other_errors_have_none() -> None:
    tried = program("1 / object.spec.list.filter(c, c == 3).size() == 1")
    outcome = tried.evaluate(VALUES)
    assert isinstance(outcome, Failed)
    assert remedy(outcome.message, [tried.tree.expr]) == ""
