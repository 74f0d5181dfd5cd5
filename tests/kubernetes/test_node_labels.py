from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import node_labels
from tests.kubernetes.pods import check, table, untested

SELECTOR = table(
    "nodeSelector: {*}",
    """
    deprecated-node-label | kubernetes.io/os: linux | beta.kubernetes.io/os: linux | Warning nodeSelector[beta.kubernetes.io/os]
    deprecated-node-label | node-role.kubernetes.io/control-plane: '' | node-role.kubernetes.io/master: '' | Warning nodeSelector[node-role.kubernetes.io/master]
    deprecated-node-label | {} | beta.kubernetes.io/arch: a | Warning nodeSelector[beta.kubernetes.io/arch]
    deprecated-node-label | {} | beta.kubernetes.io/instance-type: a | Warning nodeSelector[beta.kubernetes.io/instance-type]
    deprecated-node-label | {} | failure-domain.beta.kubernetes.io/region: a | Warning nodeSelector[failure-domain.beta.kubernetes.io/region]
    deprecated-node-label | {} | app.kubernetes.io/created-by: a | Warning nodeSelector[app.kubernetes.io/created-by]
    deprecated-node-label | {} | scheduler.alpha.kubernetes.io/preferAvoidPods: a | Warning nodeSelector[scheduler.alpha.kubernetes.io/preferAvoidPods]
    """.replace("| {} |", "| app.kubernetes.io/name: a |"),
)
ELSEWHERE = table(
    "*",
    """
    deprecated-affinity-label | affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/arch, operator: Exists}]}]}}} | affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: beta.kubernetes.io/arch, operator: Exists}]}]}}} | Warning affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key
    deprecated-topology-spread-label | topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule}] | topologySpreadConstraints: [{maxSkew: 1, topologyKey: beta.kubernetes.io/instance-type, whenUnsatisfiable: DoNotSchedule}] | Warning topologySpreadConstraints[0].topologyKey
    """,
)
ROWS = SELECTOR + ELSEWHERE


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, node_labels) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)
