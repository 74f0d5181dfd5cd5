"""What keeps all pods of a template from being created or placed: accepted, and reported as a warning."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.lint import admission
from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint
from dsgen.kubernetes.manifest import read_first
from dsgen.problem import Code
from tests.kubernetes.manifests import daemonset

SURGE = "updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}"


def codes(text: str) -> list[str]:
    found = validate_and_lint(read_first(text).root)
    assert not [each for each in found if each.severity == "error"], found
    own = {each.name for each in vars(admission).values() if isinstance(each, Code)}
    return [each.code for each in found if each.code in own]


@pytest.mark.parametrize(
    ("pod", "expected"),
    [
        ("priority: 7", ["mismatched-priority"]),
        ("priority: 0", []),
        ("priority: 7, priorityClassName: ''", ["mismatched-priority"]),
        ("priority: 7, priorityClassName: own", []),
        ("priority: 7, priorityClassName: system-node-critical", ["mismatched-priority"]),
        ("priority: 2000001000, priorityClassName: system-node-critical", []),
        ("preemptionPolicy: Never", ["mismatched-preemption-policy"]),
        ("preemptionPolicy: PreemptLowerPriority", []),
        ("preemptionPolicy: Never, priorityClassName: own", []),
        ("preemptionPolicy: Never, priorityClassName: system-cluster-critical", ["mismatched-preemption-policy"]),
        ("overhead: {cpu: 100m}", ["missing-runtime-class-name"]),
        ("overhead: {}", []),
        ("overhead: {cpu: 100m}, runtimeClassName: gvisor", []),
        ("schedulingGates: [{name: example.com/gate}]", ["misplaced-scheduling-gates"]),
        ("schedulingGates: []", []),
    ],
)
def test_what_admission_sets_itself(pod: str, expected: list[str]) -> None:
    assert codes(daemonset(pod=pod)) == expected


def test_other_kinds_have_templates_too() -> None:
    """A controller may remove the gates of their pods."""
    pod = "priority: 7, schedulingGates: [{name: example.com/gate}]"
    deployment = daemonset(pod=pod).replace("kind: DaemonSet", "kind: Deployment")
    assert codes(deployment) == ["mismatched-priority"]


def against(term: str) -> str:
    return f"affinity: {{podAntiAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: [{{{term}}}]}}}}"


OWN = "labelSelector: {matchLabels: {app: agent}}"
ZONE, HOST = "topologyKey: topology.kubernetes.io/zone", "topologyKey: kubernetes.io/hostname"


@pytest.mark.parametrize(
    ("term", "spec", "is_told"),
    [
        (f"{ZONE}, {OWN}", "", True),
        (f"{ZONE}, labelSelector: {{}}", "", True),
        (f"{ZONE}, {OWN.replace('agent', 'other')}", "", False),
        (ZONE, "", False),
        (f"{ZONE}, {OWN}, namespaces: [other]", "", False),
        (f"{ZONE}, {OWN}, namespaces: [default]", "", True),
        (f"{ZONE}, {OWN}, namespaceSelector: {{}}", "", True),
        (f"{ZONE}, {OWN}, namespaceSelector: {{matchLabels: {{a: b}}}}", "", False),
        (f"{ZONE}, {OWN}, mismatchLabelKeys: [tier]", "", True),
        (f"{ZONE}, {OWN}, mismatchLabelKeys: [app]", "", False),
        (f"{HOST}, {OWN}", "", False),
        (f"{HOST}, {OWN}", SURGE, True),
        (f"{HOST}, {OWN}, matchLabelKeys: [controller-revision-hash]", SURGE, False),
    ],
)
def test_pods_that_exclude_each_other(term: str, spec: str, is_told: bool) -> None:
    assert codes(daemonset(pod=against(term), spec=spec)) == ["conflicting-anti-affinity"] * is_told
