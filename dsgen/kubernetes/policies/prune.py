"""The parts of values that an expression reads: it takes longer to hand a whole object to the library than to evaluate most expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dsgen.kubernetes.policies.reads import ANY, Read

# The mark of a part that is read as a whole. Of others, only the presence, the size or the items count, and what is below.
WHOLE: Final = object()
_COUNTED: Final = object()
Wanted = dict[Any, Any]


def wanted(reads: Iterable[Read]) -> Wanted:
    """Return the parts that are read, as a tree of steps."""
    result: Wanted = {}
    for each in reads:
        place = result
        for step in each.path:
            place = place.setdefault(step, {})
        place[_COUNTED if each.shallow else WHOLE] = True
    return result


def pruned(values: Mapping[str, Any], parts: Wanted) -> dict[str, Any]:
    """Return the values of variables without the parts that are not read."""
    return {name: _pruned(value, parts[name]) if name in parts else None for name, value in values.items()}


def _pruned(value: Any, parts: Wanted) -> Any:
    if WHOLE in parts:
        return value
    every = parts.get(ANY, {})
    if isinstance(value, dict):
        if every or _COUNTED in parts:
            return {key: _pruned(child, _both(every, parts.get(key, {}))) for key, child in value.items()}
        return {key: _pruned(value[key], below) for key, below in parts.items() if key in value}
    if isinstance(value, list):
        return [_pruned(child, _both(every, parts.get(at, {}))) for at, child in enumerate(value)]
    return value


class Kept:
    """The parts of a value that are read. None instead of this is all of it.

    `below` has what is kept at a step, and `others` what is kept at each other step: of a list in any case, of a map if its fields
    are `counted`.
    """

    __slots__ = ("below", "counted", "others")

    def __init__(self, below: dict[Any, Kept | None], others: Kept | None, counted: bool) -> None:
        self.below = below
        self.others = others
        self.counted = counted


NOTHING: Final = Kept({}, None, counted=False)
NOTHING.others = NOTHING


def kept(parts: Iterable[Wanted]) -> Kept | None:
    """Return what any of some expressions reads of an object, together with its names."""
    whole: Wanted = {"metadata": {name: {WHOLE: True} for name in ("name", "namespace")}}
    for each in parts:
        whole = _both(whole, each)
    return _kept(whole)


def _kept(parts: Wanted) -> Kept | None:
    if WHOLE in parts:
        return None
    every = parts.get(ANY, {})
    steps = (step for step in parts if step is not _COUNTED and step != ANY)
    below = {step: _kept(_both(every, parts[step])) for step in steps}
    return Kept(below, _kept(every) if every else NOTHING, bool(every) or _COUNTED in parts)


def _both(one: Wanted, other: Wanted) -> Wanted:
    """Return the parts of both."""
    if not one or not other:
        return one or other
    shared = {
        step: True if step in (WHOLE, _COUNTED) else _both(one[step], other[step]) for step in one if step in other
    }
    return {**one, **other, **shared}
