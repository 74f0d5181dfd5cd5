"""`matchLabelKeys`: labels whose values come from the pod itself, in addition to a label selector."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef


def key_errors(term: FieldRef, name: str) -> Iterator[FieldError]:
    """Yield the errors of the label keys in the field `name` of `term`, which requires a `labelSelector`."""
    keys = term.get(name, ())
    if keys and term.get("labelSelector") is None:
        yield term.forbidden(name, "requires a `labelSelector`")
        return
    for index, key in enumerate(keys):
        yield from term.invalid_each((name, index), formats.label_key(key or ""))


def repeated_key_errors(term: FieldRef) -> Iterator[FieldError]:
    """Yield the expressions of the `labelSelector` of `term` whose key is in it before, and in `matchLabelKeys` too.

    The server prints the index of the key in `matchLabelKeys` right after the term.
    """
    selector = term.child("labelSelector")
    places = {key: index for index, key in enumerate(term.get("matchLabelKeys", ()))}
    if selector is None or not places:
        return
    seen = set(selector.get("matchLabels", ()))
    for expression in selector.children("matchExpressions"):
        key = expression.get("key", "")
        if key in places and key in seen:
            below = ("labelSelector", *expression.step, "key")
            message = f"{str(key)!r} is in `matchLabelKeys`, and more than once in the selector"
            yield FieldError("Invalid", f"{term.field}[{places[key]}]", message, (*term.path, *below))
        seen.add(key)
