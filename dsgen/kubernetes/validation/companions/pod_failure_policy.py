"""Which failures of its pods end a Job."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.companions.job import job_spec
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated_values, rule
from dsgen.tree import is_integer

POLICY = "pkg/apis/batch/validation: validatePodFailurePolicy"
RULE = "pkg/apis/batch/validation: validatePodFailurePolicyRule"
CODES = "pkg/apis/batch/validation: validatePodFailurePolicyRuleOnExitCodes"
CONDITIONS = "pkg/apis/batch/validation: validatePodFailurePolicyRuleOnPodConditions"
ACTIONS: Final = ("Count", "FailIndex", "FailJob", "Ignore")
OPERATORS: Final = ("In", "NotIn")
STATUSES: Final = ("False", "True", "Unknown")
MAX_RULES: Final = 20
MAX_VALUES: Final = 255
MAX_PATTERNS: Final = 20


@rule("job-spec.podFailurePolicy", source=POLICY, when="rules")
def too_many_pod_failure_policy_rules(policy: FieldRef) -> Iterator[FieldError]:
    """A `podFailurePolicy` must have at most 20 `rules`."""
    if len(policy.get("rules", ())) > MAX_RULES:
        yield policy.error("TooMany", "rules", f"must have at most {MAX_RULES} items, got {len(policy.get('rules'))}")


@rule("job-spec.podFailurePolicy.rules", source=RULE)
def invalid_pod_failure_policy_action(each: FieldRef) -> Iterator[FieldError]:
    """The `action` of a rule must be `FailJob`, `FailIndex`, `Ignore` or `Count`. `FailIndex` requires
    `backoffLimitPerIndex`.
    """
    action = each.get("action", "")
    if not action:
        yield each.required("action", f"must be one of {', '.join(ACTIONS)}")
    elif action not in ACTIONS:
        yield each.not_supported("action", action, ACTIONS)
    elif action == "FailIndex" and job_spec(each).get("backoffLimitPerIndex") is None:
        yield each.invalid("action", "FailIndex requires `backoffLimitPerIndex`")


@rule("job-spec.podFailurePolicy.rules", source=RULE)
def conflicting_pod_failure_requirements(each: FieldRef) -> Iterator[FieldError]:
    """A rule must have either `onExitCodes` or `onPodConditions`."""
    stated = (each.get("onExitCodes") is not None) + bool(each.get("onPodConditions"))
    if stated != 1:
        found = "both" if stated else "neither"
        yield each.invalid((), f"must have either `onExitCodes` or `onPodConditions`, got {found}")


@rule("job-spec.podFailurePolicy.rules.onExitCodes", source=CODES)
def invalid_exit_code_operator(codes: FieldRef) -> Iterator[FieldError]:
    """The `operator` of `onExitCodes` must be `In` or `NotIn`."""
    operator = codes.get("operator", "")
    if not operator:
        yield codes.required("operator", "must be `In` or `NotIn`")
    elif operator not in OPERATORS:
        yield codes.not_supported("operator", operator, OPERATORS)


@rule("job-spec.podFailurePolicy.rules.onExitCodes", source=CODES, when="containerName")
def unknown_exit_code_container(codes: FieldRef) -> Iterator[FieldError]:
    """The `containerName` of `onExitCodes` must be the name of a container or an init container."""
    name = codes.get("containerName")
    containers = [*codes.pod.spec.maps("containers"), *codes.pod.spec.maps("initContainers")]
    if name is not None and name not in [each.get("name") or "" for each in containers]:
        yield codes.invalid("containerName", f"no container is called {str(name)!r}")


@rule("job-spec.podFailurePolicy.rules.onExitCodes", source=CODES)
def out_of_range_exit_code_values(codes: FieldRef) -> Iterator[FieldError]:
    """The `values` of `onExitCodes` must have between 1 and 255 items."""
    count = len(codes.get("values", ()))
    if not count:
        yield codes.invalid("values", "must have at least one exit code")
    elif count > MAX_VALUES:
        yield codes.error("TooMany", "values", f"must have at most {MAX_VALUES} items, got {count}")


@rule("job-spec.podFailurePolicy.rules.onExitCodes", source=CODES, when="values")
def invalid_exit_code_values(codes: FieldRef) -> Iterator[FieldError]:
    """The `values` of `onExitCodes` must be in ascending order. For the operator `In`, none can be 0."""
    values = [int(each) if is_integer(each) else 0 for each in codes.get("values", ())]
    for index, value in enumerate(values):
        if not value and codes.get("operator") == "In":
            yield codes.invalid(("values", index), "must not be 0 for the operator In: that is a success")
    if values != sorted(values):
        yield codes.invalid("values", "must be in ascending order")


@rule("job-spec.podFailurePolicy.rules.onExitCodes", source=CODES, when="values")
def duplicate_exit_code(codes: FieldRef) -> Iterator[FieldError]:
    """The `values` of `onExitCodes` must be unique."""
    for index, value in repeated_values(int(each) if is_integer(each) else 0 for each in codes.get("values", ())):
        yield codes.duplicate(("values", index), f"duplicate {value}")


@rule("job-spec.podFailurePolicy.rules", source=CONDITIONS, when="onPodConditions")
def too_many_pod_conditions(each: FieldRef) -> Iterator[FieldError]:
    """`onPodConditions` must have at most 20 items."""
    count = len(each.get("onPodConditions", ()))
    if count > MAX_PATTERNS:
        yield each.error("TooMany", "onPodConditions", f"must have at most {MAX_PATTERNS} items, got {count}")


CONDITION = Fields("job-spec.podFailurePolicy.rules.onPodConditions", "a pod condition", CONDITIONS)
CONDITION.has_format("invalid-pod-condition-type", "type", formats.qualified_name, missing=True)
CONDITION.required("missing-pod-condition-status", "status", "must be True, False or Unknown", until="1.33")
CONDITION.one_of("invalid-pod-condition-status", "status", STATUSES, default="True")
