"""The way back from `defaults`: an object without the fields that the API server would set anyway."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.semantics.defaults import DefaultsPlan, additions, filled, plan_of
from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.tree import List, Map, Null, new_map

# Whether a field is kept, default or not: the type whose defaults set it, its name, and the map that it is in.
Keep = Callable[[str, str, Map], bool]


def without_defaults(value: Any, type: str, minor: str, keep: Keep) -> Any:
    """Return a decoded value of `type` without the fields that `defaulted` sets again, except for those to `keep`."""
    if isinstance(value, Null):
        return value
    if type.startswith("["):
        return List([without_defaults(item, type[1:-1], minor, keep) for item in value], value.origin)
    known = fields.load(minor).types.get(type)
    if (
        known is None
    ):  # a scalar, a map with free keys, or a custom resource's type, whose defaults are in its own schema
        return value
    result = new_map(type, value.place)
    for key, child in value.items():
        has_parts = isinstance(child, (Map, List))
        result[key] = without_defaults(child, known[key], minor, keep) if has_parts else child
    plan = plan_of(type, minor)
    defaults = dict((*plan.absent, *plan.empty))
    # For defaults that depend on other fields: the map without the key that the loop is at.
    shorter = result.with_items(result) if plan.special else result
    for key, child in [*result.items()]:
        if plan.special:
            if keep(type, key, value):
                continue
            del shorter[key]
            if _means_the_same(plan, result, shorter, key):
                del result[key]
                continue
            if isinstance(child, Map) and not known[key].startswith("{"):
                result = _shorter_inside(plan, result, key, keep)
            shorter[key] = result[key]
        elif key in defaults:
            if not keep(type, key, value) and _is_default(plan, child, key, defaults[key], type):
                del result[key]
        elif not child and semantic_equal(child, None, key, type) and not keep(type, key, value):
            del result[key]
    return result


def _is_default(plan: DefaultsPlan, value: Any, key: str, default: Any, type: str) -> bool:
    """Return whether a value is the default of its field, which does not depend on other fields."""
    if isinstance(value, Null) or (not value and any(name == key for name, _ in plan.empty)):
        return True
    below = plan.below.get(key)
    if below and isinstance(value, Map):
        set_anyway = {**default, **additions(below, default)}
        if any(child and name not in set_anyway for name, child in value.items()):
            return False
    return semantic_equal(_whole(below, value), _whole(below, default), key, type)


def _shorter_inside(plan: DefaultsPlan, value: Map, key: str, keep: Keep) -> Map:
    """Return a map without the fields one level further down that its own defaults set, such as those of `rollingUpdate`."""
    child: Any = value[key]
    for name in [name for name in child if not keep(value.type, name, child)]:
        rest = child.without(name)
        shorter = value.updated({key: rest})
        if rest and _means_the_same(plan, value, shorter, key):
            value, child = shorter, rest
    return value


def _means_the_same(plan: DefaultsPlan, one: Map, other: Map, key: str) -> bool:
    """Return whether two maps that differ under `key` are the same once their defaults are set."""
    of_other = additions(plan, other)
    if one[key] and key not in of_other and key not in other:
        return False
    of_one = additions(plan, one)
    for name in {key, *of_one, *of_other}:
        stated, given = of_one.get(name, one.get(name)), of_other.get(name, other.get(name))
        if stated is given:
            continue
        below = plan.below.get(name)
        if not semantic_equal(_whole(below, stated), _whole(below, given), name, one.type):
            return False
    return True


def _whole(plan: DefaultsPlan | None, value: Any) -> Any:
    if plan and isinstance(value, Map):
        return filled(plan, value)
    if plan and isinstance(value, List):
        items: list[Any] = value
        return List([filled(plan, item) for item in items])
    return value
