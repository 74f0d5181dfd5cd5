"""Topology spread constraints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.kinds import asked_once
from dsgen.kubernetes.validation.labels import selector_errors
from dsgen.kubernetes.validation.match_label_keys import key_errors, repeated_key_errors
from dsgen.kubernetes.validation.pod import Pod
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("topologySpreadConstraints",)

SOURCE = "pkg/apis/core/validation: validateTopologySpreadConstraints"
LABEL_KEYS = "pkg/apis/core/validation: ValidateMatchLabelKeysAndMismatchLabelKeys"
# The first minor that merges `matchLabelKeys` into the selector, and so validates them together.
MERGING_MINOR: Final = 34


CONSTRAINT = Fields("pod.topologySpreadConstraints", "a spread constraint", SOURCE)
CONSTRAINT.in_range("out-of-range-max-skew", "maxSkew", 1, missing=True)
CONSTRAINT.required(
    "missing-topology-spread-topology-key",
    "topologyKey",
    "must be set, such as `topology.kubernetes.io/zone`",
    note="Its form is not checked.",
)
CONSTRAINT.one_of(
    "invalid-when-unsatisfiable",
    "whenUnsatisfiable",
    ("DoNotSchedule", "ScheduleAnyway"),
    missing=True,
    note="It has no default.",
)


@rule("pod", source="pkg/apis/core/validation: ValidateSpreadConstraintNotRepeat", when="topologySpreadConstraints")
def duplicate_topology_spread_constraint(pod: FieldRef) -> Iterator[FieldError]:
    """The pairs of `topologyKey` and `whenUnsatisfiable` must be unique among spread constraints."""
    constraints = list(pod.children("topologySpreadConstraints"))
    pairs = [(each.get("topologyKey", ""), each.get("whenUnsatisfiable", "")) for each in constraints]
    last = {pair: index for index, pair in enumerate(pairs)}
    for index, (constraint, pair) in enumerate(zip(constraints, pairs, strict=True)):
        if index < last[pair]:
            message = f"another constraint also has {str(pair[0])!r} and {str(pair[1])!r}"
            yield constraint.error("Duplicate", "topologyKey", message, field="{topologyKey, whenUnsatisfiable}")


@rule("pod.topologySpreadConstraints", source="pkg/apis/core/validation: validateMinDomains")
def invalid_min_domains(constraint: FieldRef) -> Iterator[FieldError]:
    """`minDomains` must be 1 or more, and is only allowed with `whenUnsatisfiable: DoNotSchedule`."""
    number = constraint.get("minDomains")
    if number is not None:
        if number <= 0:
            yield constraint.invalid("minDomains", f"must be 1 or more, got {number}")
        if constraint.get("whenUnsatisfiable", "") != "DoNotSchedule":
            yield constraint.invalid("minDomains", "is only allowed with `whenUnsatisfiable: DoNotSchedule`")


CONSTRAINT.one_of(
    "invalid-topology-spread-node-policy",
    ("nodeAffinityPolicy", "nodeTaintsPolicy"),
    ("Honor", "Ignore"),
    empty=True,
    source="pkg/apis/core/validation: validateNodeInclusionPolicy",
)


@rule("pod.topologySpreadConstraints", source=SOURCE)
def invalid_topology_spread_selector(constraint: FieldRef) -> Iterator[FieldError]:
    """The `labelSelector` of a spread constraint must be a valid label selector. In an update, invalid ones are allowed
    if the old object has one.
    """
    selector = constraint.child("labelSelector")
    if selector and not _has_wrong_selector(constraint.pod.old):
        yield from selector_errors(selector)


@asked_once
def _has_wrong_selector(old: Pod) -> bool:
    selectors = (each.child("labelSelector") for each in old.node.children("topologySpreadConstraints"))
    return any(error for selector in selectors if selector for error in selector_errors(selector))


@rule("pod.topologySpreadConstraints", source=LABEL_KEYS)
def invalid_topology_spread_label_key(constraint: FieldRef) -> Iterator[FieldError]:
    """`matchLabelKeys` must contain label keys, and requires a `labelSelector`."""
    if _is_strict(constraint):
        if constraint.get("matchLabelKeys", ()) and constraint.get("labelSelector") is None:
            yield constraint.forbidden("matchLabelKeys", "requires a `labelSelector`")
        for index, key in enumerate(constraint.get("matchLabelKeys", ())):
            yield from constraint.invalid_each(("matchLabelKeys", index), formats.label_key(key or ""))
    else:
        yield from key_errors(constraint, "matchLabelKeys")


@rule("pod.topologySpreadConstraints", source=LABEL_KEYS)
def duplicate_topology_spread_label_key(constraint: FieldRef) -> Iterator[FieldError]:
    """A key in `matchLabelKeys` must be at most once in the `labelSelector`, because the server adds an expression for
    it. Before 1.34, it must not be there at all.
    """
    if not _is_strict(constraint):
        yield from repeated_key_errors(constraint)
        return
    selector = constraint.child("labelSelector")
    if selector:
        expressions = selector.children("matchExpressions")
        taken = {*selector.get("matchLabels", ()), *(each.get("key", "") for each in expressions)}
        for index, key in enumerate(constraint.get("matchLabelKeys", ())):
            if key in taken:
                yield constraint.invalid(("matchLabelKeys", index), f"{str(key)!r} is in the `labelSelector` too")


def _is_strict(constraint: FieldRef) -> bool:
    """Return whether keys are validated in the older way: before 1.34, and in an update of an object with invalid ones."""
    return constraint.pod.minor < MERGING_MINOR or _has_wrong_keys(constraint.pod.old)


@asked_once
def _has_wrong_keys(old: Pod) -> bool:
    return any(
        error
        for each in old.node.children("topologySpreadConstraints")
        for error in (*key_errors(each, "matchLabelKeys"), *repeated_key_errors(each))
    )


@rule("pod.topologySpreadConstraints", source="pkg/api/pod: warningsForPodSpecAndMeta", severity="warning")
def missing_topology_spread_selector(constraint: FieldRef) -> Iterator[FieldError]:
    """A spread constraint without `labelSelector` counts no pods. An empty one, `{}`, counts all."""
    if constraint.get("labelSelector") is None:
        yield constraint.warning("labelSelector", "must be set, or the constraint counts no pods; `{}` counts all")
