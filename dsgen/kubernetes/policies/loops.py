"""Rules that must hold for each item of some lists: what they are for each item is evaluated at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dsgen.kubernetes.cel.activation import Activation
from dsgen.kubernetes.cel.expression import Expression as Program
from dsgen.kubernetes.cel.outcomes import Evaluated
from dsgen.kubernetes.cel.reads import path_of
from dsgen.kubernetes.policies.compiled import CompiledExpression
from dsgen.kubernetes.policies.reads import ANY, reads
from dsgen.record import Record
from dsgen.tree import Path


class EachItem(Record):
    """A rule that is true if each item of some lists has a property: `all`, or no `exists`.

    `program` is the list of whether each item has it, which must be `wanted`. The items are those of `lists`, the paths of lists in the object, in this order. The property of
    an item does not depend on the others.
    """

    program: Program
    lists: tuple[Path, ...]
    wanted: bool

    def holds(self, values: Activation, found: Mapping[Path, Sequence[Any]]) -> dict[tuple[Path, int], bool] | None:
        """Return for which items the rule holds if each is alone, by the lists that there are; None if that is not known."""
        outcome = self.program.evaluate_cheap(values)
        places = [(path, at) for path in self.lists for at in range(len(found.get(path, ())))]
        if not isinstance(outcome, Evaluated) or len(outcome.value) != len(places):
            return None
        return {place: value is self.wanted for place, value in zip(places, outcome.value, strict=True)}


def each_item(rule: CompiledExpression, lists: Sequence[Path]) -> EachItem | None:
    """Return a rule by item, or None if it is another one; `lists` are all that it reads items of."""
    if rule.program is None or rule.uses:
        return None
    tree = rule.program.tree
    root = tree.expr
    is_negated = root.HasField("call_expr") and root.call_expr.function == "!_"
    loop = (root.call_expr.args[0] if is_negated else root).comprehension_expr
    joins = "_||_" if is_negated else "_&&_"
    step = loop.loop_step.call_expr
    if step.function != joins or step.args[0].ident_expr.name != loop.accu_var or loop.iter_var2:
        return None
    if loop.result.ident_expr.name != loop.accu_var or loop.accu_init.const_expr.bool_value is is_negated:
        return None
    ranged = _lists(loop.iter_range)
    if ranged is None or sorted(ranged, key=str) != sorted(lists, key=str):
        return None
    # What the property of an item reads, but for the item.
    others = reads(step.args[1], {}, (loop.iter_var,))
    if any(_is_near(read.path, ("object", *path)) for read in others for path in ranged):
        return None
    return EachItem(Program(_by_item(tree, loop), rule.program.types), tuple(ranged), not is_negated)


def _is_near(one: Path, other: Path) -> bool:
    """Return whether one of two paths is the other, or above it."""
    return all(step == way or ANY in (step, way) for step, way in zip(one, other, strict=False))


def _lists(expr: Any) -> list[Path] | None:
    """Return the paths of the lists of the object that a list is joined from."""
    call = expr.call_expr
    if call.function == "_+_":
        one, other = map(_lists, call.args)
        return None if one is None or other is None else [*one, *other]
    if call.function == "orValue" and call.args[0].HasField("list_expr") and not call.args[0].list_expr.elements:
        expr = call.target
    path = path_of(expr, {})
    return None if path is None or path[0] != "object" or ANY in path else [path[1:]]


def _by_item(tree: Any, loop: Any) -> Any:
    """Return the tree of the list of what the property is for each item of a loop."""
    result = type(tree)()
    result.CopyFrom(tree)
    result.expr.comprehension_expr.CopyFrom(loop)
    own = result.expr.comprehension_expr
    start, condition, step = own.accu_init, own.loop_condition, own.loop_step.call_expr
    start.Clear()
    start.list_expr.SetInParent()
    condition.Clear()
    condition.const_expr.bool_value = True
    step.function = "_+_"
    step.args[1].Clear()
    step.args[1].list_expr.elements.add().CopyFrom(loop.loop_step.call_expr.args[1])
    return result
