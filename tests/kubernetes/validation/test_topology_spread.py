from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import topology_spread
from tests.kubernetes.pods import check, refused, table, untested

SPREAD = table(
    "topologySpreadConstraints: [{*}]",
    """
    out-of-range-max-skew | maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway, labelSelector: {} | maxSkew: 0, topologyKey: a, whenUnsatisfiable: ScheduleAnyway, labelSelector: {} | Invalid topologySpreadConstraints[0].maxSkew
    missing-topology-spread-topology-key | maxSkew: 1, topologyKey: Any text, whenUnsatisfiable: ScheduleAnyway, labelSelector: {} | maxSkew: 1, whenUnsatisfiable: ScheduleAnyway, labelSelector: {} | Required topologySpreadConstraints[0].topologyKey
    invalid-when-unsatisfiable | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {} | maxSkew: 1, topologyKey: a, whenUnsatisfiable: NoSchedule, labelSelector: {} | NotSupported topologySpreadConstraints[0].whenUnsatisfiable
    invalid-when-unsatisfiable | maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway | maxSkew: 1, topologyKey: a | NotSupported topologySpreadConstraints[0].whenUnsatisfiable
    invalid-min-domains | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, minDomains: 1 | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, minDomains: 0 | Invalid topologySpreadConstraints[0].minDomains
    invalid-min-domains | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, minDomains: 1 | maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway, minDomains: 1 | Invalid topologySpreadConstraints[0].minDomains
    invalid-topology-spread-node-policy | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, nodeAffinityPolicy: Honor | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, nodeAffinityPolicy: '' | NotSupported topologySpreadConstraints[0].nodeAffinityPolicy
    invalid-topology-spread-node-policy | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, nodeTaintsPolicy: Ignore | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, nodeTaintsPolicy: ignore | NotSupported topologySpreadConstraints[0].nodeTaintsPolicy
    invalid-topology-spread-selector | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {a: b}} | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {-a: b}} | Invalid topologySpreadConstraints[0].labelSelector.matchLabels
    invalid-topology-spread-label-key | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {}, matchLabelKeys: [a, a] | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {}, matchLabelKeys: [a, ''] | Invalid topologySpreadConstraints[0].matchLabelKeys[1]
    invalid-topology-spread-label-key | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, matchLabelKeys: [] | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, matchLabelKeys: [''] | Forbidden topologySpreadConstraints[0].matchLabelKeys
    duplicate-topology-spread-label-key | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {a: b}}, matchLabelKeys: [a] | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {a: b}, matchExpressions: [{key: a, operator: Exists}]}, matchLabelKeys: [b, a] | Invalid topologySpreadConstraints[0][1]
    missing-topology-spread-selector | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {} | maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule | Warning topologySpreadConstraints[0].labelSelector
    deprecated-topology-spread-label | maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule | maxSkew: 1, topologyKey: failure-domain.beta.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule | Warning topologySpreadConstraints[0].topologyKey
    """,
)
PAIR = table(
    """\
    topologySpreadConstraints:
    - {maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule}
    - {maxSkew: 2, *}
    """,
    """
    duplicate-topology-spread-constraint | topologyKey: a, whenUnsatisfiable: ScheduleAnyway | topologyKey: a, whenUnsatisfiable: DoNotSchedule | Duplicate topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}
    duplicate-topology-spread-constraint | topologyKey: a/, whenUnsatisfiable: DoNotSchedule | topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {} | Duplicate topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}
    """,
)
ROWS = SPREAD + PAIR


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, topology_spread) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)


CONSTRAINT = "topologySpreadConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, %s}]"
REPEATED = CONSTRAINT % "labelSelector: {matchLabels: {a: b}}, matchLabelKeys: [a]"
IN_SELECTOR = {("duplicate-topology-spread-label-key", "Invalid topologySpreadConstraints[0].matchLabelKeys[0]")}


def test_before_1_34_keys_are_not_in_the_selector_at_all() -> None:
    assert refused(REPEATED, "1.34") == set()
    assert refused(REPEATED, "1.33") == IN_SELECTOR
    expression = CONSTRAINT % "labelSelector: {matchExpressions: [{key: a, operator: Exists}]}, matchLabelKeys: [a]"
    assert refused(expression, "1.33") == IN_SELECTOR


def test_before_1_34_keys_are_checked_without_a_selector_too() -> None:
    pod = CONSTRAINT % "matchLabelKeys: [-a]"
    forbidden = ("invalid-topology-spread-label-key", "Forbidden topologySpreadConstraints[0].matchLabelKeys")
    assert refused(pod, "1.34") == {forbidden}
    assert refused(pod, "1.33") == {
        forbidden,
        ("invalid-topology-spread-label-key", "Invalid topologySpreadConstraints[0].matchLabelKeys[0]"),
    }


def test_an_update_of_wrong_keys_is_judged_in_the_older_way() -> None:
    old = CONSTRAINT % "labelSelector: {}, matchLabelKeys: [-a]"
    assert refused(REPEATED, old=old) == IN_SELECTOR
    assert refused(REPEATED, old=REPEATED) == set()


def test_an_update_may_keep_a_wrong_selector() -> None:
    pod = CONSTRAINT % "labelSelector: {matchLabels: {a: '%s'}}"
    assert refused(pod % "-1", old=pod % "-2") == set()
    assert refused(pod % "-1", old=pod % "2") == {
        ("invalid-topology-spread-selector", "Invalid topologySpreadConstraints[0].labelSelector.matchLabels")
    }
