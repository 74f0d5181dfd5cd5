"""Topology spread constraints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.labels import selector_errors
from dsgen.kubernetes.validation.match_label_keys import key_errors, repeated_key_errors
from dsgen.kubernetes.validation.pod import Pod, asked_once
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: validateTopologySpreadConstraints"
LABEL_KEYS = "pkg/apis/core/validation: ValidateMatchLabelKeysAndMismatchLabelKeys"
# The first minor that merges `matchLabelKeys` into the selector, and so judges them together.
MERGING_MINOR: Final = 34
ACTIONS: Final = ("DoNotSchedule", "ScheduleAnyway")
NODE_POLICIES: Final = ("Honor", "Ignore")


@rule("out-of-range-max-skew", "topology-spread", source=SOURCE)
def out_of_range_max_skew(constraint: FieldRef) -> Iterator[FieldError]:
    """`maxSkew` is 1 or more."""
    skew = constraint.get("maxSkew", 0)
    if skew <= 0:
        yield constraint.invalid("maxSkew", f"{skew} is not more than 0")


@rule("missing-topology-spread-topology-key", "topology-spread", source=SOURCE)
def missing_topology_spread_topology_key(constraint: FieldRef) -> Iterator[FieldError]:
    """A spread constraint has a `topologyKey`. What it looks like is not checked."""
    if not constraint.get("topologyKey", ""):
        yield constraint.required("topologyKey", "must be stated, such as `topology.kubernetes.io/zone`")


@rule("invalid-when-unsatisfiable", "topology-spread", source=SOURCE)
def invalid_when_unsatisfiable(constraint: FieldRef) -> Iterator[FieldError]:
    """`whenUnsatisfiable` is `DoNotSchedule` or `ScheduleAnyway`, and must be stated."""
    action = constraint.get("whenUnsatisfiable", "")
    if action not in ACTIONS:
        yield constraint.not_supported("whenUnsatisfiable", action, ACTIONS)


@rule(
    "duplicate-topology-spread-constraint",
    "pod",
    source="pkg/apis/core/validation: ValidateSpreadConstraintNotRepeat",
    when="topologySpreadConstraints",
)
def duplicate_topology_spread_constraint(pod: FieldRef) -> Iterator[FieldError]:
    """No two spread constraints have the same `topologyKey` and `whenUnsatisfiable`."""
    constraints = list(pod.children("topologySpreadConstraints"))
    pairs = [(each.get("topologyKey", ""), each.get("whenUnsatisfiable", "")) for each in constraints]
    last = {pair: index for index, pair in enumerate(pairs)}
    for index, (constraint, pair) in enumerate(zip(constraints, pairs, strict=True)):
        if index < last[pair]:
            message = f"another constraint has {str(pair[0])!r} and {str(pair[1])!r} too"
            yield constraint.error("Duplicate", "topologyKey", message, field="{topologyKey, whenUnsatisfiable}")


@rule("invalid-min-domains", "topology-spread", source="pkg/apis/core/validation: validateMinDomains")
def invalid_min_domains(constraint: FieldRef) -> Iterator[FieldError]:
    """`minDomains` is 1 or more, and goes with `whenUnsatisfiable: DoNotSchedule` only."""
    number = constraint.get("minDomains")
    if number is not None:
        if number <= 0:
            yield constraint.invalid("minDomains", f"{number} is not more than 0")
        if constraint.get("whenUnsatisfiable", "") != "DoNotSchedule":
            yield constraint.invalid("minDomains", "only with `whenUnsatisfiable: DoNotSchedule`")


@rule(
    "invalid-topology-spread-node-policy",
    "topology-spread",
    source="pkg/apis/core/validation: validateNodeInclusionPolicy",
)
def invalid_topology_spread_node_policy(constraint: FieldRef) -> Iterator[FieldError]:
    """`nodeAffinityPolicy` and `nodeTaintsPolicy` are `Honor` or `Ignore`."""
    for name in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
        policy = constraint.get(name)
        if policy is not None and policy not in NODE_POLICIES:
            yield constraint.not_supported(name, policy, NODE_POLICIES)


@rule("invalid-topology-spread-selector", "topology-spread", source=SOURCE)
def invalid_topology_spread_selector(constraint: FieldRef) -> Iterator[FieldError]:
    """The `labelSelector` of a spread constraint is a valid label selector. In an update, wrong ones are excused if the old
    object has a wrong one.
    """
    selector = constraint.child("labelSelector")
    if selector and not _has_wrong_selector(constraint.pod.old):
        yield from selector_errors(selector)


@asked_once
def _has_wrong_selector(old: Pod) -> bool:
    selectors = (each.child("labelSelector") for each in old.node.children("topologySpreadConstraints"))
    return any(error for selector in selectors if selector for error in selector_errors(selector))


@rule("invalid-topology-spread-label-key", "topology-spread", source=LABEL_KEYS)
def invalid_topology_spread_label_key(constraint: FieldRef) -> Iterator[FieldError]:
    """`matchLabelKeys` holds label keys, and needs a `labelSelector` beside it."""
    if _is_strict(constraint):
        if constraint.get("matchLabelKeys", ()) and constraint.get("labelSelector") is None:
            yield constraint.forbidden("matchLabelKeys", "needs a `labelSelector` beside it")
        for index, key in enumerate(constraint.get("matchLabelKeys", ())):
            for message in formats.label_key(key or ""):
                yield constraint.invalid(("matchLabelKeys", index), message)
    else:
        yield from key_errors(constraint, "matchLabelKeys")


@rule("duplicate-topology-spread-label-key", "topology-spread", source=LABEL_KEYS)
def duplicate_topology_spread_label_key(constraint: FieldRef) -> Iterator[FieldError]:
    """A key in `matchLabelKeys` stands at most once in the `labelSelector`: the server adds an expression for it. Before 1.34 it
    does not stand there at all.
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
    """Tell whether keys are judged in the older way: before 1.34, and in an update of an object that has wrong ones."""
    return constraint.pod.minor < MERGING_MINOR or _has_wrong_keys(constraint.pod.old)


@asked_once
def _has_wrong_keys(old: Pod) -> bool:
    return any(
        error
        for each in old.node.children("topologySpreadConstraints")
        for error in (*key_errors(each, "matchLabelKeys"), *repeated_key_errors(each))
    )


@rule(
    "missing-topology-spread-selector",
    "topology-spread",
    source="pkg/api/pod: warningsForPodSpecAndMeta",
    severity="warning",
)
def missing_topology_spread_selector(constraint: FieldRef) -> Iterator[FieldError]:
    """A spread constraint without `labelSelector` counts no pod; an empty one, `{}`, counts all."""
    if constraint.get("labelSelector") is None:
        yield constraint.warning("labelSelector", "without it the constraint counts no pod; `{}` counts all")
