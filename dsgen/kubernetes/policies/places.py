"""The field to blame for what a policy does not admit: the nearest that its expression can be proved to read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from dsgen.kubernetes.policies.compiled import Compiled
from dsgen.kubernetes.policies.evaluate import Decision, Inputs, holds
from dsgen.kubernetes.policies.prune import pruned
from dsgen.kubernetes.policies.reads import ANY, Read, in_order, nearest
from dsgen.record import Record
from dsgen.traversal import value_at
from dsgen.tree import Path

# Of more items, none is tried by itself.
_MOST_ITEMS: Final = 40


class _Item(Record):
    """An item of a list in the object."""

    path: Path
    at: int


def blamed(compiled: Compiled, decision: Decision, inputs: Inputs) -> Path:
    """Return the path of the field in the object; empty for the object itself."""
    below = [each for each in decision.rule.reads if each.path[0] == "object"] if decision.rule else []
    item = _only(compiled, decision, inputs, below)
    if item is None:
        return _known(nearest(below))
    start = len(item.path) + 1
    inside = [each for each in below if each.path[1 : start + 1] == (*item.path, ANY)]
    rest = nearest(each._replace(path=("object", *each.path[start + 1 :])) for each in inside)
    return (*item.path, item.at, *_known(rest))


def _known(path: Path) -> Path:
    return path[: path.index(ANY)] if ANY in path else path


def _only(compiled: Compiled, decision: Decision, inputs: Inputs, below: Iterable[Read]) -> _Item | None:
    """Return the first item of the lists that are read for which the policy says the same if it is alone.

    None if that holds for all items, or for none: then it is not an item that is at fault.
    """
    rule, object = decision.rule, inputs.values["object"]
    if not any(each is rule for each in compiled.validations):
        return None
    assert rule
    lists = dict.fromkeys(each.path[1 : each.path.index(ANY)] for each in in_order(below) if ANY in each.path)
    found = {path: value for path in lists if isinstance(value := value_at(object, path), list)}
    items = [_Item(path, at) for path, value in found.items() for at in range(len(value))]
    if not 0 < len(items) <= _MOST_ITEMS:
        return None
    if len(items) == 1:
        return items[0]  # alone, it is the object as it is
    # Nothing else of the object is read.
    object = pruned({"object": object}, rule.whole)["object"]
    first, admitted = None, False
    for item in items:
        tried = object
        for path, value in found.items():
            tried = _with(tried, path, [value[item.at]] if path == item.path else [])
        if holds(compiled, rule, inputs, tried):
            admitted = True
        else:
            first = first or item
        if first and admitted:
            return first
    return None


def _with(value: Any, path: Path, new: Any) -> Any:
    """Return a value with another one at a path."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, list):
        return [_with(each, rest, new) if at == step else each for at, each in enumerate(value)]
    return {**value, step: _with(value[step], rest, new)}
