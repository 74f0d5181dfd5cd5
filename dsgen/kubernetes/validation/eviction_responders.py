"""Who answers requests to evict a pod: behind a gate that is off, so they are only validated if an old object has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule

# The server drops these fields of a new object.
LOADED_FOR: Final = ()

SOURCE = "pkg/apis/core/v1: Validate_PodSpec"
RESPONDER = "pkg/apis/core/v1: Validate_EvictionResponder"
MOST: Final = 10
# Priorities below are for Kubernetes' own responders.
OWN_PRIORITIES: Final = 1000
HIGHEST_PRIORITY: Final = 100000
OWN_DOMAINS: Final = ("k8s.io", "kubernetes.io")


@rule("pod", source=SOURCE, since="1.37", when="evictionResponders")
def too_many_eviction_responders(pod: FieldRef) -> Iterator[FieldError]:
    """A pod must have at most 10 `evictionResponders`."""
    number = len(pod.get("evictionResponders", ()))
    if number > MOST and not _are_unchanged(pod):
        yield pod.error("TooMany", "evictionResponders", f"must have at most {MOST} items, got {number}")


@rule("pod", source=SOURCE, since="1.37", when="evictionResponders")
def duplicate_eviction_responder(pod: FieldRef) -> Iterator[FieldError]:
    """The names of `evictionResponders` must be unique."""
    for responder, name in repeated(_to_validate(pod), "name"):
        yield responder.duplicate((), f"duplicate {str(name)!r}")


@rule("pod", source=RESPONDER, since="1.37", when="evictionResponders")
def invalid_eviction_responder_name(pod: FieldRef) -> Iterator[FieldError]:
    """
    The `name` of an eviction responder must be a label key with a domain, such as `example.com/drain`, which is not one
    of Kubernetes' own: `k8s.io` and `kubernetes.io`.
    """
    for responder in _to_validate(pod):
        name = responder.get("name", "")
        if not name:
            yield responder.required("name")
        elif _has_before(responder, "name", name):
            continue
        domain = formats.lower_case(name.partition("/")[0]).strip().rstrip(".") if name else ""
        if any(f".{domain}".endswith(f".{own}") for own in OWN_DOMAINS):
            yield responder.invalid("name", f"the domain {domain!r} is reserved for Kubernetes")
        messages = formats.qualified_name(name) if name else []
        yield from responder.invalid_each("name", messages)
        if name and not messages and "/" not in name:
            yield responder.invalid("name", f"{str(name)!r} has no domain, such as `example.com/drain`")


@rule("pod", source=RESPONDER, since="1.37", when="evictionResponders")
def out_of_range_eviction_responder_priority(pod: FieldRef) -> Iterator[FieldError]:
    """The `priority` of an eviction responder must be between 1000 and 100000; lower ones are for Kubernetes' own."""
    for responder in _to_validate(pod):
        priority = responder.get("priority")
        if priority is None:
            yield responder.required("priority")
        elif not OWN_PRIORITIES <= priority <= HIGHEST_PRIORITY and not _has_before(responder, "priority", priority):
            limits = f"must be between {OWN_PRIORITIES} and {HIGHEST_PRIORITY}"
            yield responder.invalid("priority", f"{limits}, got {int(priority)}")


@rule(
    "pod",
    source="pkg/apis/core/validation: ValidatePodSpec",
    since="1.37",
    when="evictionResponders",
)
def conflicting_eviction_responders(pod: FieldRef) -> Iterator[FieldError]:
    """`evictionResponders` are not allowed together with a `schedulingGroup`."""
    if pod.get("evictionResponders") and pod.get("schedulingGroup") is not None:
        yield pod.forbidden("schedulingGroup", "is not allowed together with `evictionResponders`")


def _to_validate(pod: FieldRef) -> Iterator[FieldRef]:
    """Yield the responders that the server validates: those that changed, unless there are too many."""
    if len(pod.get("evictionResponders", ())) <= MOST and not _are_unchanged(pod):
        yield from pod.children("evictionResponders")


def _are_unchanged(pod: FieldRef) -> bool:
    old = pod.pod.old
    return old is not None and semantic_equal(old.node.get("evictionResponders"), pod.get("evictionResponders"))


def _has_before(responder: FieldRef, name: str, value: object) -> bool:
    """Return whether the responder of the same name in the old object has the same `value`, which an update may keep."""
    old = responder.pod.old
    before = old.node.children("evictionResponders") if old is not None else ()
    same = next((each for each in before if each.get("name", "") == responder.get("name", "")), None)
    return same is not None and bool(same.get(name) == value)
