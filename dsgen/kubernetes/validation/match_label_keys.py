"""`matchLabelKeys`: labels whose values come from the pod itself, in addition to a label selector."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef
from dsgen.tree import Path


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

    The server prints the index of the key in `matchLabelKeys` right after the term. To the selector of a new Pod, it has added the keys of
    the Pod's own labels (pkg/registry/core/pod: applyLabelKeysToLabelSelector).
    """
    selector = term.child("labelSelector")
    places = {key: index for index, key in enumerate(term.get("matchLabelKeys", ()))}
    if selector is None or not places:
        return
    stated = [
        (each.get("key", ""), ("labelSelector", *each.step, "key")) for each in selector.children("matchExpressions")
    ]
    seen = set(selector.get("matchLabels", ()))
    for key, below in (*stated, *_added(term)):
        if key in places and key in seen:
            message = f"{str(key)!r} is in `matchLabelKeys`, and more than once in the selector"
            if below[0] != "labelSelector":
                message = (
                    f"{str(key)!r} is a label of the Pod, which is added to the selector, and must not be in it already"
                )
            yield FieldError("Invalid", f"{term.field}[{places[key]}]", message, (*term.path, *below))
        seen.add(key)


def _added(term: FieldRef) -> Iterator[tuple[str, Path]]:
    """Yield the keys that the server adds to the selector of a new Pod, and where they are."""
    pod = term.pod
    if pod.kind.name != "Pod" or pod.old is not None:
        return
    labels = pod.template.get("labels", {})
    for name in ("matchLabelKeys", "mismatchLabelKeys"):
        for index, key in enumerate(term.get(name, ())):
            if key in labels:
                yield key, (name, index)
