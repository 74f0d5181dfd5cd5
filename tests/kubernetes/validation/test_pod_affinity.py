from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import pod_affinity
from tests.kubernetes.pods import check, refused, table, untested

TERM = table(
    "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{*}]}}",
    """
    invalid-pod-affinity-selector | topologyKey: a, labelSelector: {matchLabels: {a: <63>}} | topologyKey: a, labelSelector: {matchLabels: {a: <64>}} | Invalid AT.labelSelector.matchLabels
    invalid-pod-affinity-selector | topologyKey: a, labelSelector: {matchExpressions: [{key: a, operator: In, values: [a]}]} | topologyKey: a, labelSelector: {matchExpressions: [{key: a, operator: In}]} | Required AT.labelSelector.matchExpressions[0].values
    invalid-pod-affinity-selector | topologyKey: a, labelSelector: {}, namespaceSelector: {} | topologyKey: a, labelSelector: {}, namespaceSelector: {matchExpressions: [{key: a, operator: Gt}]} | Invalid AT.namespaceSelector.matchExpressions[0].operator
    invalid-pod-affinity-namespace | topologyKey: a, labelSelector: {}, namespaces: [<63>] | topologyKey: a, labelSelector: {}, namespaces: [<64>] | Invalid AT.namespace
    invalid-pod-affinity-namespace | topologyKey: a, labelSelector: {}, namespaces: [a-b] | topologyKey: a, labelSelector: {}, namespaces: [a.b] | Invalid AT.namespace
    missing-pod-affinity-topology-key | topologyKey: a, labelSelector: {} | labelSelector: {} | Required AT.topologyKey, Invalid AT.topologyKey
    invalid-pod-affinity-topology-key | topologyKey: <63>, labelSelector: {} | topologyKey: <64>, labelSelector: {} | Invalid AT.topologyKey
    invalid-pod-affinity-label-key | topologyKey: a, labelSelector: {}, matchLabelKeys: [a, a] | topologyKey: a, labelSelector: {}, matchLabelKeys: [a, -a] | Invalid AT.matchLabelKeys[1]
    invalid-pod-affinity-label-key | topologyKey: a, matchLabelKeys: [] | topologyKey: a, matchLabelKeys: [-a] | Forbidden AT.matchLabelKeys
    invalid-pod-affinity-label-key | topologyKey: a, labelSelector: {}, mismatchLabelKeys: [a] | topologyKey: a, mismatchLabelKeys: [a] | Forbidden AT.mismatchLabelKeys
    conflicting-pod-affinity-label-keys | topologyKey: a, labelSelector: {}, matchLabelKeys: [a], mismatchLabelKeys: [b] | topologyKey: a, labelSelector: {}, matchLabelKeys: [b, a], mismatchLabelKeys: [a] | Invalid AT.matchLabelKeys[1]
    duplicate-pod-affinity-label-key | topologyKey: a, labelSelector: {matchLabels: {a: b}}, matchLabelKeys: [a] | topologyKey: a, labelSelector: {matchLabels: {a: b}, matchExpressions: [{key: a, operator: Exists}]}, matchLabelKeys: [b, a] | Invalid AT[1]
    duplicate-pod-affinity-label-key | topologyKey: a, labelSelector: {matchExpressions: [{key: a, operator: Exists}]}, matchLabelKeys: [a] | topologyKey: a, labelSelector: {matchExpressions: [{key: a, operator: Exists}, {key: a, operator: Exists}]}, matchLabelKeys: [a] | Invalid AT[0]
    missing-pod-affinity-selector | topologyKey: a, labelSelector: {} | topologyKey: a | Warning AT.labelSelector
    """.replace(" AT", " affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]"),
)
PREFERRED = table(
    "affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{*}]}}",
    """
    out-of-range-pod-preference-weight | weight: 1, podAffinityTerm: {topologyKey: a} | weight: 0, podAffinityTerm: {topologyKey: a} | Invalid AT.weight
    out-of-range-pod-preference-weight | weight: 100, podAffinityTerm: {topologyKey: a} | weight: 101, podAffinityTerm: {topologyKey: a} | Invalid AT.weight
    invalid-pod-affinity-topology-key | weight: 1, podAffinityTerm: {topologyKey: a} | weight: 1, podAffinityTerm: {topologyKey: a/b/c} | Invalid AT.podAffinityTerm.topologyKey
    missing-pod-affinity-selector | weight: 1, podAffinityTerm: {topologyKey: a, labelSelector: {}} | weight: 1, podAffinityTerm: {topologyKey: a, labelSelector: ~} | Warning AT.podAffinityTerm.labelSelector
    """.replace(" AT.", " affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0]."),
)
ROWS = TERM + PREFERRED


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, pod_affinity) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)


def test_a_preference_without_term_lacks_what_a_term_states() -> None:
    at = "affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.topologyKey"
    assert refused("affinity: {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1}]}}") == {
        ("missing-pod-affinity-topology-key", f"Required {at}"),
        ("invalid-pod-affinity-topology-key", f"Invalid {at}"),
    }


def test_an_update_may_keep_values_that_are_no_label_values() -> None:
    pod = """\
    affinity:
      podAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
        - {topologyKey: a, labelSelector: {matchExpressions: [{key: "%s", operator: In, values: ["%s"]}]}}
    """
    assert refused(pod % ("a", "-1"), old=pod % ("a", "-2")) == set()
    assert refused(pod % ("a", "-1"), old=pod % ("-a", "1")) == set()
    assert {code for code, _ in refused(pod % ("-a", "1"), old=pod % ("-a", "1"))} == {"invalid-pod-affinity-selector"}
    assert {code for code, _ in refused(pod % ("a", "-1"), old=pod % ("a", "1"))} == {"invalid-pod-affinity-selector"}
