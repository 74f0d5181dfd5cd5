from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.validate import validate
from dsgen.kubernetes.validation import selector, update_strategy
from dsgen.kubernetes.validation.labels import matches
from tests.kubernetes.manifests import check, daemonset, said, table, untested

LABELS = "spec.template.metadata.labels"
ROWS = [
    *table(
        "selector",
        "*",
        """
        invalid-selector | {matchLabels: {app: agent}, matchExpressions: [{key: app, operator: Exists}]} | {matchLabels: {app: agent}, matchExpressions: [{key: app, operator: exists}]} | Invalid spec.selector.matchExpressions[0].operator
        invalid-selector | {matchExpressions: [{key: app, operator: In, values: [agent]}]} | {matchExpressions: [{key: app, operator: In}]} | Required spec.selector.matchExpressions[0].values
        invalid-selector | {matchExpressions: [{key: b, operator: NotIn, values: [agent]}]} | {matchExpressions: [{key: b, operator: NotIn, values: [a b]}]} | Invalid spec.selector.matchExpressions[0].values[0]
        invalid-selector | {matchExpressions: [{key: b, operator: DoesNotExist}]} | {matchExpressions: [{key: b, operator: DoesNotExist, values: [a]}]} | Forbidden spec.selector.matchExpressions[0].values
        invalid-selector | {matchExpressions: [{key: b, operator: DoesNotExist}]} | {matchExpressions: [{key: -b, operator: DoesNotExist}]} | Invalid spec.selector.matchExpressions[0].key
        invalid-selector | {matchLabels: {app: agent}} | {matchLabels: {app: agent-}} | Invalid spec.selector.matchLabels
        empty-selector | {matchLabels: {app: agent}} | {} | Invalid spec.selector
        empty-selector | {matchExpressions: [{key: app, operator: Exists}]} | {matchLabels: {}, matchExpressions: []} | Invalid spec.selector
        mismatched-selector | {matchLabels: {app: agent}} | {matchLabels: {app: other}} | Invalid spec.template.metadata.labels
        mismatched-selector | {matchExpressions: [{key: b, operator: NotIn, values: [x]}]} | {matchExpressions: [{key: app, operator: NotIn, values: [agent]}]} | Invalid spec.template.metadata.labels
        mismatched-selector | {matchExpressions: [{key: b, operator: DoesNotExist}]} | ~ | Invalid spec.template.metadata.labels
        """,
    ),
    *table(
        "spec",
        "*",
        """
        out-of-range-min-ready-seconds | minReadySeconds: 0 | minReadySeconds: -1 | Invalid spec.minReadySeconds
        out-of-range-revision-history-limit | revisionHistoryLimit: 0 | revisionHistoryLimit: -1 | Invalid spec.revisionHistoryLimit
        invalid-update-strategy | updateStrategy: {type: OnDelete, rollingUpdate: {maxUnavailable: x}} | updateStrategy: {type: onDelete} | NotSupported spec.updateStrategy
        invalid-update-strategy | updateStrategy: {type: ''} | updateStrategy: {type: Recreate} | NotSupported spec.updateStrategy
        """,
    ),
    *table(
        "spec",
        "updateStrategy: {rollingUpdate: {*}}",
        """
        invalid-rolling-update-number | maxUnavailable: 100% | maxUnavailable: 101% | Invalid spec.updateStrategy.rollingUpdate.maxUnavailable
        invalid-rolling-update-number | maxUnavailable: 2147483647 | maxUnavailable: -1 | Invalid spec.updateStrategy.rollingUpdate.maxUnavailable
        invalid-rolling-update-number | maxUnavailable: 1 | maxUnavailable: '1' | Invalid spec.updateStrategy.rollingUpdate.maxUnavailable
        invalid-rolling-update-number | maxUnavailable: 10% | maxUnavailable: +1% | Invalid spec.updateStrategy.rollingUpdate.maxUnavailable, out-of-range-max-unavailable Required spec.updateStrategy.rollingUpdate.maxUnavailable
        conflicting-max-surge | maxSurge: 1, maxUnavailable: 0 | maxSurge: 1 | Invalid spec.updateStrategy.rollingUpdate.maxSurge
        conflicting-max-surge | maxSurge: 10%, maxUnavailable: 0% | maxSurge: 10%, maxUnavailable: 1% | Invalid spec.updateStrategy.rollingUpdate.maxSurge
        out-of-range-max-unavailable | maxUnavailable: 0, maxSurge: 1 | maxUnavailable: 0 | Required spec.updateStrategy.rollingUpdate.maxUnavailable
        out-of-range-max-unavailable | maxUnavailable: 1% | maxUnavailable: 00% | Required spec.updateStrategy.rollingUpdate.maxUnavailable
        """,
    ),
]


def test_every_rule_has_a_row() -> None:
    of_other_controllers = {"missing-selector", "out-of-range-replicas"}
    assert untested(ROWS, selector, update_strategy) == of_other_controllers


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    if ", out-of-range" in says:
        first, second = says.split(", ", 1)
        assert said(right) == set()
        assert said(wrong) == {f"{code} {first}", second}
    else:
        check(code, right, wrong, says)


def test_the_labels_to_add_are_named() -> None:
    text = daemonset(selector="{matchLabels: {app: agent, tier: node}}", template="labels: {app: agent}")
    (problem,) = validate(read_first(text).root)
    assert "add `tier: node`" in problem.message


@pytest.mark.parametrize(
    ("selector", "labels", "expected"),
    [
        pytest.param(None, {"a": "b"}, False, id="no selector matches nothing"),
        pytest.param({}, {}, True, id="an empty selector matches everything"),
        pytest.param({"matchLabels": {"a": "b"}}, {"a": "b", "c": "d"}, True, id="more labels are fine"),
        pytest.param({"matchLabels": {"a": "b"}}, {"a": "c"}, False, id="another value"),
        pytest.param(
            {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}, {}, False, id="In needs the key"
        ),
        pytest.param(
            {"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["b"]}]}, {}, True, id="NotIn does not"
        ),
        pytest.param({"matchExpressions": [{"key": "a", "operator": "Exists"}]}, {"a": ""}, True, id="Exists"),
        pytest.param(
            {"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}, {"a": ""}, False, id="DoesNotExist"
        ),
    ],
)
def test_matches(selector: dict[str, object] | None, labels: dict[str, str], expected: bool) -> None:
    assert matches(selector, labels) is expected
