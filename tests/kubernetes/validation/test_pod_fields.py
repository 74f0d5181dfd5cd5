from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import pod_fields
from tests.kubernetes.pods import check, refused, table, untested

ROWS = table(
    "*",
    """
    invalid-restart-policy | restartPolicy: Always | restartPolicy: always | NotSupported restartPolicy
    invalid-restart-policy | restartPolicy: '' | restartPolicy: Never | NotSupported restartPolicy
    forbidden-active-deadline-seconds | activeDeadlineSeconds: ~ | activeDeadlineSeconds: 1 | Forbidden activeDeadlineSeconds
    out-of-range-active-deadline-seconds | activeDeadlineSeconds: ~ | activeDeadlineSeconds: 0 | Forbidden activeDeadlineSeconds, Invalid activeDeadlineSeconds
    forbidden-ephemeral-container | ephemeralContainers: [] | ephemeralContainers: [{name: a, image: a}] | Forbidden ephemeralContainers
    invalid-dns-policy | dnsPolicy: ClusterFirstWithHostNet | dnsPolicy: clusterFirst | NotSupported dnsPolicy
    invalid-node-selector | nodeSelector: {a/b: ''} | nodeSelector: {a/b: -} | Invalid nodeSelector
    invalid-node-selector | nodeSelector: {<63>: a} | nodeSelector: {<64>: a} | Invalid nodeSelector
    invalid-node-name | nodeName: <253> | nodeName: <254> | Invalid nodeName
    invalid-node-name | nodeName: '' | nodeName: A | Invalid nodeName
    invalid-service-account-name | serviceAccountName: a.b | serviceAccountName: a_b | Invalid serviceAccountName
    invalid-service-account-name | {serviceAccountName: a, serviceAccount: a_b} | serviceAccount: a_b | Invalid serviceAccountName
    invalid-hostname | hostname: <63> | hostname: <64> | Invalid hostname
    invalid-hostname | subdomain: '' | subdomain: a.b | Invalid subdomain
    invalid-hostname-override | hostnameOverride: a.b | hostnameOverride: '' | Invalid hostnameOverride
    too-long-hostname-override | hostnameOverride: <64> | hostnameOverride: <65> | TooLong hostnameOverride
    conflicting-hostname-override | {hostnameOverride: a, setHostnameAsFQDN: false} | {hostnameOverride: a, setHostnameAsFQDN: true} | Forbidden hostnameOverride
    conflicting-hostname-override | {hostnameOverride: a, hostNetwork: false} | {hostnameOverride: a, hostNetwork: true} | Forbidden hostnameOverride
    invalid-priority-class-name | priorityClassName: '' | priorityClassName: A | Invalid priorityClassName
    invalid-runtime-class-name | runtimeClassName: a.b | runtimeClassName: '' | Invalid runtimeClassName
    invalid-preemption-policy | preemptionPolicy: Never | preemptionPolicy: never | NotSupported preemptionPolicy
    invalid-preemption-policy | preemptionPolicy: PreemptLowerPriority | preemptionPolicy: '' | Required preemptionPolicy
    invalid-readiness-gate | readinessGates: [{conditionType: a.b/C}] | readinessGates: [{conditionType: ''}] | Invalid readinessGates[0].conditionType
    invalid-scheduling-gate | schedulingGates: [{name: a.b/C}] | schedulingGates: [{name: a b}] | Invalid schedulingGates[0]
    duplicate-scheduling-gate | schedulingGates: [{name: a}, {name: b}] | schedulingGates: [{name: a}, {name: a}] | Duplicate schedulingGates[1]
    out-of-range-termination-grace-period | terminationGracePeriodSeconds: 0 | terminationGracePeriodSeconds: -1 | Warning terminationGracePeriodSeconds
    duplicate-pull-secret | imagePullSecrets: [{name: a}, {name: b}] | imagePullSecrets: [{name: a}, {name: a}] | Warning imagePullSecrets[1].name
    missing-pull-secret-name | imagePullSecrets: [{name: a b}] | imagePullSecrets: [{}] | Warning imagePullSecrets[0].name
    """,
)


def _lines(pod: str) -> str:
    return pod.removeprefix("{").removesuffix("}").replace(", ", "\n") if pod.startswith("{") else pod


def test_every_rule_has_a_row() -> None:
    # A pod group's name is looked at only in an update of an object that has one.
    assert untested(ROWS, pod_fields) == {"invalid-pod-group-name"}


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, _lines(passes), _lines(refuses), "NotSupported restartPolicy" if "restart" in code else says)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("{podGroupName: a.b}", set()),
        ("{podGroupName: A}", {"invalid-pod-group-name"}),
        ("{}", {"invalid-pod-group-name"}),
    ],
)
def test_a_pod_group_that_the_old_object_has(group: str, expected: set[str]) -> None:
    old = "schedulingGroup: {podGroupName: a}"
    assert {code for code, _ in refused(f"schedulingGroup: {group}", old=old)} == expected
