"""The field to blame for what a policy does not admit: the nearest that its expression can be proved to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dsgen.kubernetes.policies.compiled import Compiled, CompiledExpression
from dsgen.kubernetes.policies.evaluate import PolicyDecision, direct, holds
from dsgen.kubernetes.policies.evaluator import PolicyInputs
from dsgen.kubernetes.policies.loops import EachItem, each_item
from dsgen.kubernetes.policies.prune import pruned
from dsgen.kubernetes.policies.reads import ANY, Read, in_order, nearest
from dsgen.record import Record
from dsgen.traversal import value_at
from dsgen.tree import Path

# Of more items, none is tried by itself.
_MOST_ITEMS: Final = 40


# The path of a list in the object, and the number of an item of it.
_Item = tuple[Path, int]


class _Read(Record):
    """What a rule reads of the object: all of it, the nearest path that is above that, and the lists of which it reads items.

    `rests` has the path in an item that is nearest, by list. `by_item` evaluates the rule for each item, if it can be.
    """

    below: tuple[Read, ...]
    nearest: Path
    lists: tuple[Path, ...]
    rests: dict[Path, Path]
    by_item: EachItem | None


def blamed(compiled: Compiled, decision: PolicyDecision, inputs: PolicyInputs) -> Path:
    """Return the path of the field in the object; empty for the object itself."""
    rule = decision.rule
    if rule is None:
        return ()
    read: _Read | None = compiled.blamed.get(id(rule))
    if read is None:
        read = compiled.blamed[id(rule)] = _read(compiled, rule)
    item = _only(compiled, rule, inputs, read) if read.lists else None
    return read.nearest if item is None else (*item[0], item[1], *read.rests[item[0]])


def _read(compiled: Compiled, rule: CompiledExpression) -> _Read:
    below = tuple(each for each in in_order(rule.reads) if each.path[0] == "object")
    lists: tuple[Path, ...] = ()
    if any(each is rule for each in compiled.validations):
        lists = tuple(dict.fromkeys(each.path[1 : each.path.index(ANY)] for each in below if ANY in each.path))
    rests = {path: _rest(below, path) for path in lists}
    return _Read(below, _known(nearest(below)), lists, rests, each_item(rule, lists) if lists else None)


def _rest(below: tuple[Read, ...], list: Path) -> Path:
    start = len(list) + 1
    inside = [each for each in below if each.path[1 : start + 1] == (*list, ANY)]
    return _known(nearest(each._replace(path=("object", *each.path[start + 1 :])) for each in inside))


def _known(path: Path) -> Path:
    return path[: path.index(ANY)] if ANY in path else path


def _only(compiled: Compiled, rule: CompiledExpression, inputs: PolicyInputs, read: _Read) -> _Item | None:
    """Return the first item of the lists that are read for which the policy says the same if it is alone.

    None if that holds for all items, or for none: then it is not an item that is at fault.
    """
    object = inputs.values["object"]
    found = {path: value for path in read.lists if isinstance(value := value_at(object, path), list)}
    items = [(path, at) for path, value in found.items() for at in range(len(value))]
    if not 0 < len(items) <= _MOST_ITEMS:
        return None
    if len(items) == 1:
        return items[0]  # alone, it is the object as it is
    if read.by_item and inputs.activation and id(rule) in direct(compiled, inputs).every:
        known = read.by_item.holds(inputs.activation, found)
        if known is not None:
            at_fault = [item for item in items if not known[item]]
            return at_fault[0] if 0 < len(at_fault) < len(items) else None
    return _first(compiled, rule, inputs, found, items)


def _first(
    compiled: Compiled,
    rule: CompiledExpression,
    inputs: PolicyInputs,
    found: Mapping[Path, list[Any]],
    items: list[_Item],
) -> _Item | None:
    """Return the first of some items for which a rule does not hold if it is alone, unless it holds for no item."""
    # Nothing else of the object is read.
    object = pruned({"object": inputs.values["object"]}, rule.whole)["object"]
    first, admitted = None, False
    for item in items:
        tried = object
        for path, value in found.items():
            tried = _with(tried, path, [value[item[1]]] if path == item[0] else [])
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
