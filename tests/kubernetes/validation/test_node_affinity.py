from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import node_affinity
from tests.kubernetes.pods import check, found, refused, table, untested

REQUIRED = table(
    "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {*}}}",
    """
    missing-node-selector-terms | nodeSelectorTerms: [{}] | nodeSelectorTerms: [] | Required affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms
    missing-node-selector-terms | nodeSelectorTerms: [{}] | {} | Required affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms
    """.replace("| {} |", "| nodeSelectorTerms: ~ |"),
)
EXPRESSION = table(
    """\
    affinity:
      nodeAffinity:
        requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [*]}]}
    """,
    """
    invalid-node-expression-operator | {key: a, operator: Exists} | {key: a, operator: exists} | Invalid AT.matchExpressions[0].operator
    invalid-node-expression-operator | {key: a, operator: DoesNotExist} | {key: a} | Invalid AT.matchExpressions[0].operator
    invalid-node-expression-value-count | {key: a, operator: In, values: ['']} | {key: a, operator: In} | Required AT.matchExpressions[0].values
    invalid-node-expression-value-count | {key: a, operator: NotIn, values: [a, a]} | {key: a, operator: NotIn, values: []} | Required AT.matchExpressions[0].values
    invalid-node-expression-value-count | {key: a, operator: Gt, values: [text]} | {key: a, operator: Gt, values: ['1', '2']} | Required AT.matchExpressions[0].values
    invalid-node-expression-value-count | {key: a, operator: Lt, values: ['1']} | {key: a, operator: Lt} | Required AT.matchExpressions[0].values
    invalid-node-expression-value-count | {key: a, operator: Exists, values: []} | {key: a, operator: Exists, values: ['']} | Forbidden AT.matchExpressions[0].values
    invalid-node-expression-key | {key: a.b/C, operator: Exists} | {key: A.b/c, operator: Exists} | Invalid AT.matchExpressions[0].key
    invalid-node-expression-key | {key: <63>, operator: Exists} | {key: <64>, operator: Exists} | Invalid AT.matchExpressions[0].key
    invalid-node-expression-key | {key: a, operator: Exists} | {operator: Exists} | Invalid AT.matchExpressions[0].key
    invalid-node-expression-value | {key: a, operator: In, values: [<63>]} | {key: a, operator: In, values: [<64>]} | Invalid AT.matchExpressions[0].values[0]
    invalid-node-expression-value | {key: a, operator: Gt, values: ['1']} | {key: a, operator: Gt, values: ['-1']} | Invalid AT.matchExpressions[0].values[0]
    deprecated-affinity-label | {key: kubernetes.io/os, operator: Exists} | {key: beta.kubernetes.io/os, operator: Exists} | Warning AT.matchExpressions[0].key
    """.replace("AT.", "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]."),
)
FIELD = table(
    """\
    affinity:
      nodeAffinity:
        requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [*]}]}
    """,
    """
    invalid-node-field-operator | {key: metadata.name, operator: NotIn, values: [a]} | {key: metadata.name, operator: Exists, values: [a]} | Invalid AT.matchFields[0].operator
    invalid-node-field-value-count | {key: metadata.name, operator: In, values: [a]} | {key: metadata.name, operator: In, values: [a, b]} | Required AT.matchFields[0].values
    invalid-node-field-value-count | {key: metadata.name, operator: In, values: [a]} | {key: metadata.name, operator: In} | Required AT.matchFields[0].values
    invalid-node-field-key | {key: metadata.name, operator: In, values: [a]} | {key: spec.name, operator: In, values: [A]} | Invalid AT.matchFields[0].key
    invalid-node-field-value | {key: metadata.name, operator: In, values: [<253>]} | {key: metadata.name, operator: In, values: [<254>]} | Invalid AT.matchFields[0].values[0]
    invalid-node-field-value | {key: metadata.name, operator: In, values: [a.b]} | {key: metadata.name, operator: In, values: ['']} | Invalid AT.matchFields[0].values[0]
    """.replace("AT.", "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]."),
)
PREFERRED = table(
    "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [*]}}",
    """
    out-of-range-node-preference-weight | {weight: 1} | {weight: 0} | Invalid AT[0].weight
    out-of-range-node-preference-weight | {weight: 100, preference: {}} | {weight: 101, preference: {}} | Invalid AT[0].weight
    out-of-range-node-preference-weight | {weight: 1} | {preference: {}} | Invalid AT[0].weight
    invalid-node-expression-key | {weight: 1, preference: {matchExpressions: [{key: a, operator: Exists}]}} | {weight: 1, preference: {matchExpressions: [{operator: Exists}]}} | Invalid AT[0].preference.matchExpressions[0].key
    ineffective-node-preference-value | {weight: 1, preference: {matchExpressions: [{key: a, operator: In, values: [a]}]}} | {weight: 1, preference: {matchExpressions: [{key: a, operator: In, values: ['-1']}]}} | Warning AT[0].preference.matchExpressions[0].values[0]
    deprecated-affinity-label | {weight: 1} | {weight: 1, preference: {matchExpressions: [{key: node-role.kubernetes.io/master, operator: Exists}]}} | Warning AT[0].preference.matchExpressions[0].key
    invalid-node-field-value | {weight: 1} | {weight: 1, preference: {matchFields: [{key: metadata.name, operator: In, values: [A]}]}} | Invalid AT[0].preference.matchFields[0].values[0]
    """.replace("AT[", "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution["),
)
ROWS = REQUIRED + EXPRESSION + FIELD + PREFERRED


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, node_affinity) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)


def test_an_update_may_keep_values_that_are_no_label_values() -> None:
    pod = """\
    affinity:
      nodeAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In, values: ["%s"]}]}]
    """
    assert refused(pod % "-1", old=pod % "-2") == set()
    assert {code for code, _ in found(pod % "-1", old=pod % "2")} == {"invalid-node-expression-value"}
