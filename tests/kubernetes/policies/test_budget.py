"""All expressions of a policy have a budget: what may cost more is not evaluated, and does not count as admitted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kubernetes.policies.setups import binding, needs_cel, policy, said

pytestmark = needs_cel

# Costs 640,000, and is true.
DEAR = f"object != null && !'{'a' * 8_000}'.contains('{'b' * 8_000}')"
TOO_MUCH = "the expressions of the policy together may cost more than the server allows"


def reported(*rules: Any, **spec: Any) -> list[tuple[str, bool]]:
    """Return the field of each gap or refusal of a policy, and whether it is one of the budget."""
    return [(each.field, TOO_MUCH in each.message) for each in said(policy(*rules, **spec), binding())]


def named(count: int, expression: str = DEAR) -> list[dict[str, str]]:
    return [{"name": f"n{number}", "expression": expression} for number in range(count)]


def test_rules_within_the_budget_are_evaluated() -> None:
    assert reported(*[DEAR] * 12) == []
    assert reported(*["object != null"] * 60) == []


@pytest.mark.parametrize("count", [16, 20])
def test_rules_that_cost_too_much_together_are_not_evaluated(count: int) -> None:
    [(field, is_over)] = reported("false", *[DEAR] * count)
    assert is_over
    assert field.startswith("spec.validations[")


def test_the_messages_get_what_the_rules_leave() -> None:
    message = f"{DEAR} ? 'yes' : 'no'"
    cheap = [{"expression": "object != null", "messageExpression": message}] * 20
    [(field, is_over)] = reported(*cheap)
    assert is_over
    assert field.endswith("messageExpression")


def test_variables_count_for_the_rules_and_the_messages() -> None:
    rules = [{"expression": "object != null && variables.n0"}]
    [(field, is_over)] = reported(*rules, variables=named(20))
    assert (field.startswith("spec.variables["), is_over) == (True, True)


def test_conditions_have_a_smaller_budget_of_their_own() -> None:
    assert reported("object != null", matchConditions=named(3)) == []
    [(field, is_over)] = reported("false", matchConditions=named(20))
    assert (field.startswith("spec.matchConditions["), is_over) == (True, True)


def test_audit_annotations_have_a_budget_of_their_own() -> None:
    annotation = {"key": "name", "valueExpression": "variables.n0 ? 'yes' : 'no'"}
    found = reported(*[DEAR] * 10, auditAnnotations=[annotation], variables=named(3))
    assert not any(is_over for _, is_over in found)
    [(field, is_over)] = reported(auditAnnotations=[annotation], variables=named(20))
    assert (field.startswith("spec.variables["), is_over) == (True, True)
