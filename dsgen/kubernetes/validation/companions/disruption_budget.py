"""PodDisruptionBudgets."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.validation.amounts import amount_errors
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.labels import had_errors, selector_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/policy/validation: ValidatePodDisruptionBudgetSpec"
AMOUNTS = ("minAvailable", "maxUnavailable")


@rule("PodDisruptionBudget.spec", source=SOURCE)
def conflicting_disruption_budget_amounts(spec: FieldRef) -> Iterator[FieldError]:
    """A PodDisruptionBudget must not have both `minAvailable` and `maxUnavailable`."""
    if all(spec.get(name) is not None for name in AMOUNTS):
        path = ("spec", "maxUnavailable")
        yield FieldError("Invalid", "spec", "must not have both `minAvailable` and `maxUnavailable`", path)


@rule("PodDisruptionBudget.spec", source=SOURCE)
def invalid_disruption_budget_amount(spec: FieldRef) -> Iterator[FieldError]:
    """`minAvailable` and `maxUnavailable` must be whole numbers, 0 or more, or percentages in quotes, up to `'100%'`."""
    for name in AMOUNTS:
        value = spec.get(name)
        yield from spec.invalid_each(name, () if value is None else amount_errors(value))


@rule("PodDisruptionBudget.spec", source=SOURCE, when="selector")
def invalid_disruption_budget_selector(spec: FieldRef) -> Iterator[FieldError]:
    """`spec.selector` must be a valid label selector. An update can keep wrong values if the old selector is invalid."""
    yield from selector_errors(spec.child("selector"), any_values=had_errors(spec, "spec", "selector"))


BUDGET = Fields("PodDisruptionBudget.spec", "a PodDisruptionBudget", SOURCE)
BUDGET.one_of(
    "invalid-unhealthy-pod-eviction-policy",
    "unhealthyPodEvictionPolicy",
    ("AlwaysAllow", "IfHealthyBudget"),
    default="IfHealthyBudget",
    empty=True,
)
