"""HorizontalPodAutoscalers: what they scale, between which limits, and how fast.

A manifest of `autoscaling/v1` is validated in the form of `v2`, and the paths are those of `v2`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import quantity
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.object_reference import invalid_reference, missing_reference
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SPEC = "pkg/apis/autoscaling/validation: validateHorizontalPodAutoscalerSpec"
REFERENCE = "pkg/apis/autoscaling/validation: ValidateCrossVersionObjectReference"
RULES = "pkg/apis/autoscaling/validation: validateScalingRules"
POLICY = "pkg/apis/autoscaling/validation: validateScalingPolicy"
MAX_STABILIZATION_WINDOW_SECONDS: Final = 3600
MAX_PERIOD_SECONDS: Final = 1800
SELECT_POLICIES: Final = ("Disabled", "Max", "Min")
POLICY_TYPES: Final = ("Percent", "Pods")
# The first minor in which an autoscaler can scale to zero, and in which the version of what it refers to is validated.
SCALES_TO_ZERO: Final = 37
# The first minor in which a `maxReplicas` of 0 is one that is missing.
REQUIRES_MAX_REPLICAS: Final = 36
VERSIONED: Final = 34


@rule("HorizontalPodAutoscaler.spec", source=SPEC)
def out_of_range_min_replicas(spec: FieldRef) -> Iterator[FieldError]:
    """`minReplicas` must be 1 or more; since 1.37, 0 or more."""
    number: Any = spec.get("minReplicas")
    old = spec.pod.old
    zero = spec.pod.minor >= SCALES_TO_ZERO or (old and old.root.value.map("spec").get("minReplicas") == 0)
    if number < (0 if zero else 1):
        yield spec.invalid("minReplicas", f"must be {0 if zero else 1} or more, got {int(number)}")


@rule("HorizontalPodAutoscaler.spec", source=SPEC)
def out_of_range_max_replicas(spec: FieldRef) -> Iterator[FieldError]:
    """`maxReplicas` must be 1 or more, and not less than `minReplicas`."""
    least, most = spec.get("minReplicas"), spec.get("maxReplicas", 0)
    if not most and spec.pod.minor >= REQUIRES_MAX_REPLICAS:
        yield spec.required("maxReplicas", "must be 1 or more")
    elif most < 1:
        yield spec.invalid("maxReplicas", f"must be 1 or more, got {int(most)}")
    if most < least:
        yield spec.invalid(
            "maxReplicas", f"must not be less than `minReplicas`, which is {int(least)}, got {int(most)}"
        )


@rule("HorizontalPodAutoscaler.spec", source=REFERENCE)
def missing_scale_target(spec: FieldRef) -> Iterator[FieldError]:
    """The `scaleTargetRef` must have a `kind` and a `name`."""
    yield from missing_reference(spec.part("scaleTargetRef"))


@rule("HorizontalPodAutoscaler.spec", source=REFERENCE)
def invalid_scale_target(spec: FieldRef) -> Iterator[FieldError]:
    """The `kind` and `name` of the `scaleTargetRef` must not be `.` or `..`, nor contain `/` or `%`. Since 1.34, its
    `apiVersion` must have a group, such as `apps/v1`, unless an update leaves both `kind` and `apiVersion` as they are; of a
    ReplicationController it is `v1`.
    """
    target, old = spec.part("scaleTargetRef"), spec.pod.old
    yield from invalid_reference(target)
    version, kind = target.get("apiVersion", ""), target.get("kind", "")
    before = old.root.value.map("spec", "scaleTargetRef") if old else None
    if before is not None and (before.get("apiVersion") or "", before.get("kind") or "") == (version, kind):
        return
    wrong = version_errors(version, spec.pod.minor)
    if not wrong and spec.pod.minor >= VERSIONED and kind != "ReplicationController":
        wrong = [] if version.partition("/")[0] and "/" in version else ["must have a group, such as `apps/v1`"]
    yield from target.invalid_each("apiVersion", wrong)


SCALING_RULES = Fields("scaling-rules", "`behavior`", RULES)
SCALING_RULES.in_range(
    "out-of-range-stabilization-window", "stabilizationWindowSeconds", 0, MAX_STABILIZATION_WINDOW_SECONDS
)
SCALING_RULES.one_of("invalid-select-policy", "selectPolicy", SELECT_POLICIES, default="Max", empty=True)


@rule("scaling-rules", source=RULES)
def missing_scaling_policies(rules: FieldRef) -> Iterator[FieldError]:
    """The `policies` must not be an empty list. By default, there is one for `scaleDown`, and two are for `scaleUp`; not so in
    the annotation for `behavior` of `autoscaling/v1`.
    """
    if not rules.get("policies"):
        yield rules.required("policies", "must have at least one policy")


@rule("scaling-rules", source=RULES, when="tolerance")
def out_of_range_tolerance(rules: FieldRef) -> Iterator[FieldError]:
    """The `tolerance` must be 0 or more. Before 1.35, the server drops it."""
    tolerance = rules.get("tolerance")
    if tolerance is not None and quantity.parse(tolerance) < quantity.ZERO:
        yield rules.invalid("tolerance", f"must be 0 or more, got {quantity.parse(tolerance)}")


SCALING_POLICY = Fields("scaling-rules.policies", "a scaling policy", POLICY)
SCALING_POLICY.one_of("invalid-scaling-policy-type", "type", POLICY_TYPES, missing=True)
SCALING_POLICY.in_range("out-of-range-scaling-policy-value", "value", 1, missing=True)
SCALING_POLICY.in_range("out-of-range-scaling-policy-period", "periodSeconds", 1, MAX_PERIOD_SECONDS, missing=True)


def version_errors(version: str, minor: int) -> list[str]:
    """Return why `version` is none of an API; empty is one."""
    if version.count("/") < 2 or minor < VERSIONED:
        return []
    return [f"{str(version)!r} is not a valid version of an API, such as `apps/v1`"]
