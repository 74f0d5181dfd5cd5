"""Values that many expressions are evaluated for: the same outcomes, and bounds that are never below the cost."""

from __future__ import annotations

from typing import Any

import pytest

from dsgen.kubernetes.cel.activation import Activation, Shared
from dsgen.kubernetes.cel.cost import plan
from dsgen.kubernetes.cel.cost_by_size import CostBySize
from dsgen.kubernetes.cel.expression import Expression, compiled
from dsgen.kubernetes.cel.library import cel
from dsgen.kubernetes.cel.sizes import Sizes
from dsgen.kubernetes.cel.syntax_tree import types_of
from dsgen.kubernetes.cel.types import DYN

pytestmark = pytest.mark.skipif(cel() is None, reason="the extra `cel` is not installed")
OBJECT: dict[str, Any] = {
    "name": "one" * 20,
    "labels": {"app": "x", "tier": "backend"},
    "items": [{"image": f"registry.example.com/{at}:1", "args": ["-v"] * at} for at in range(9)],
}


@pytest.mark.parametrize(
    "source",
    [
        "object.name.startsWith('one')",
        "object.labels.all(k, object.labels[k].size() > 0)",
        "object.items.all(i, i.args.all(a, object.items.exists(o, o.image.contains(a))))",
        "object.name.split('o').exists(p, object.items.exists(i, i.image == p))",
        "object.items.map(i, i.image).join(',').size() > 3",
        "object.items[7].args.size() == 7 && object.labels.app == 'x'",
        "object.items[20].image == ''",
    ],
)
def test_shared_values_have_the_same_outcome_and_no_lower_cost(source: str) -> None:
    expression = compiled(source, {"object": DYN}, 37)
    assert isinstance(expression, Expression)
    activation = Activation({"object": Shared(OBJECT)})
    assert activation.is_usable
    assert expression.evaluate_cheap(activation) == expression.evaluate_plain({"object": OBJECT})
    cost = CostBySize(plan(expression.tree.expr, types_of(expression.tree)))
    exact = expression.cost({"object": OBJECT})
    assert exact <= cost.of(Sizes({"object": OBJECT})) <= cost.at_most(activation.scale)
    assert exact <= cost.of(activation.narrowed(expression.reads))


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, "\ud800", {"\udfff": 1}])
def test_values_that_the_library_does_not_take_are_not_shared(value: Any) -> None:
    assert not Activation({"object": Shared({"a": [value]}), "other": Shared(1)}).is_usable
