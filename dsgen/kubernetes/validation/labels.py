"""Label selectors: what is wrong with one, and which labels it matches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef

OPERATORS: Final = ("In", "NotIn", "Exists", "DoesNotExist")


def label_errors(node: FieldRef | None, name: str) -> Iterator[FieldError]:
    """Yield the errors of the labels in the field `name` of `node`, if there is one; the server prints the map, not the key."""
    if node is None:
        return
    for key, value in (node.get(name) or {}).items():
        yield from node.invalid_each((name, key), formats.label_key(key), field=name)
        yield from node.invalid_each((name, key), formats.label_value(value), field=name)


def selector_errors(node: FieldRef | None, *, any_values: bool = False) -> Iterator[FieldError]:
    """Yield the errors of the label selector at `node`, if there is one; `any_values` leaves the values of expressions unchecked."""
    if node is None:
        return
    yield from label_errors(node, "matchLabels")
    for index, expression in enumerate(node.get("matchExpressions", ())):
        yield from _expression_errors(FieldRef(expression, node, ("matchExpressions", index)), any_values)


def had_errors(node: FieldRef, *path: str) -> bool:
    """Return whether the selector at a path is invalid in the object that an update replaces: an older server accepted some."""
    old = node.pod.old
    return old is not None and any(selector_errors(old.root.child(*path)))


def _expression_errors(node: FieldRef, any_values: bool) -> Iterator[FieldError]:
    operator = node.get("operator", "")
    values = node.get("values", ())
    if operator in ("In", "NotIn"):
        if not values:
            yield node.required("values", f"must have at least one value for `{operator}`")
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            yield node.forbidden("values", f"is not allowed for `{operator}`")
    else:
        yield node.invalid("operator", f"{operator!r} is not one of {', '.join(OPERATORS)}")
    yield from node.invalid_each("key", formats.label_key(node.get("key", "")))
    if not any_values:
        for index, value in enumerate(values):
            yield from node.invalid_each(("values", index), formats.label_value(value))


def is_empty(selector: Mapping[str, Any]) -> bool:
    """Return whether a selector is empty, and so matches everything."""
    return not selector.get("matchLabels") and not selector.get("matchExpressions")


def matches(selector: Mapping[str, Any] | None, labels: Mapping[str, Any]) -> bool:
    """Return whether `labels` match the (valid) `selector`; None matches nothing, an empty one everything."""
    if not isinstance(selector, Mapping):
        return False
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    return all(_holds(expression, labels) for expression in selector.get("matchExpressions") or ())


def _holds(expression: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    key, operator, values = expression.get("key") or "", expression.get("operator"), expression.get("values") or ()
    if operator == "In":
        return key in labels and labels[key] in values
    if operator == "NotIn":
        return key not in labels or labels[key] not in values
    return (key in labels) == (operator == "Exists")
