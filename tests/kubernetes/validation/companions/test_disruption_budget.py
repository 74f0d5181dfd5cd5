from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.kubernetes.semantics.dependent_defaults import BUDGET_LABEL
from dsgen.kubernetes.validation.companions import disruption_budget
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, said_of_update, table

SPEC = "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}, spec: *}"
ROWS = table(
    SPEC,
    """
    conflicting-disruption-budget-amounts | {minAvailable: 1, maxUnavailable: null} | {minAvailable: 1, maxUnavailable: 1} | Invalid spec
    invalid-disruption-budget-amount | {minAvailable: 0} | {minAvailable: -1} | Invalid spec.minAvailable
    invalid-disruption-budget-amount | {maxUnavailable: 100%} | {maxUnavailable: 101%} | Invalid spec.maxUnavailable
    invalid-disruption-budget-amount | {maxUnavailable: 1} | {maxUnavailable: '1'} | Invalid spec.maxUnavailable
    invalid-disruption-budget-amount | {maxUnavailable: ZEROS100%} | {maxUnavailable: ZEROS101%} | Invalid spec.maxUnavailable
    invalid-disruption-budget-amount | {maxUnavailable: ZEROS0%} | {maxUnavailable: NINES%} | Invalid spec.maxUnavailable
    invalid-disruption-budget-selector | {selector: {matchLabels: {a: b}}} | {selector: {matchLabels: {a: b c}}} | Invalid spec.selector.matchLabels
    invalid-unhealthy-pod-eviction-policy | {unhealthyPodEvictionPolicy: AlwaysAllow} | {unhealthyPodEvictionPolicy: ''} | NotSupported spec.unhealthyPodEvictionPolicy
    """.replace("ZEROS", "0" * 5000).replace("NINES", "9" * 5000),
)


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, disruption_budget) == set()


def test_an_update_keeps_the_wrong_values_of_a_wrong_selector() -> None:
    wrong = SPEC.replace("*", "{selector: {matchExpressions: [{key: a, operator: In, values: [b c]}]}}")
    values = "invalid-disruption-budget-selector Invalid spec.selector.matchExpressions[0].values[0]"
    assert said_of_update(fill(SPEC, "{}"), wrong) == {values}
    assert said_of_update(fill(SPEC, "{selector: {matchLabels: {a: b c}}}"), wrong) == set()


@pytest.mark.parametrize("finalizers", ["[kubernetes]", "[mine]"])
def test_finalizers_need_no_prefix(finalizers: str) -> None:
    assert said(SPEC.replace("name: a", f"name: a, finalizers: {finalizers}").replace("*", "{}")) == set()


def test_the_name_only_has_to_be_a_path_segment() -> None:
    named = SPEC.replace("*", "{}")
    assert said(named.replace("name: a", "name: A_b, generateName: ..")) == set()
    assert said(named.replace("name: a", "name: ..")) == {"invalid-object-name Invalid metadata.name"}


def test_the_server_removes_its_own_label_from_a_selector() -> None:
    own = f"{{key: {BUDGET_LABEL}, operator: Exists}}"
    for expressions, kept in ((f"[{own}]", 1), (f"[{own}, {{key: a, operator: Exists}}]", 1), (f"[{own}, {own}]", 0)):
        document = read_first(SPEC.replace("*", f"{{selector: {{matchExpressions: {expressions}}}}}"))
        selector = defaulted(document.root, kind="PodDisruptionBudget").map("spec", "selector")
        assert len(selector.entries("matchExpressions")) == kept
