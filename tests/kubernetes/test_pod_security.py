"""The level that pods meet is what Kubernetes says it is, on recorded cases; and what is wrong is said at its place."""

from __future__ import annotations

from collections import Counter

import pytest

from conformance.pods.levels import differences, recorded
from dsgen.kubernetes import pod_security
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.pod_security import Enforced, enforced, level, problems, violations
from dsgen.kubernetes.pod_security.check import CHECKS, Check
from dsgen.tree import List, Map

LABEL = "pod-security.kubernetes.io/enforce"
FRAME = """\
apiVersion: apps/v1
kind: DaemonSet
spec:
  template:
    spec:
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
      - {name: agent, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}
"""


def daemonset(pod: str = "") -> Map:
    root = read_first(FRAME + "".join(f"      {line}\n" for line in pod.splitlines())).root
    assert isinstance(root, Map)
    return root


@pytest.mark.parametrize("share", [0, *(pytest.param(share, marks=pytest.mark.long) for share in range(1, 4))])
def test_agrees_with_kubernetes(share: int) -> None:
    assert not differences(recorded()[share::4])


def test_the_record_asks_much() -> None:
    cases = recorded()
    failed = Counter(check for *_, answer in cases for check in {*answer["baseline"], *answer["restricted"]})
    assert len(cases) >= 2000
    assert {check.name for check in CHECKS if failed[check.name] < 10} == set()
    assert sum(not answer["restricted"] for *_, answer in cases) > 200


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_the_record_misses_each_check(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    every = pod_security._checks
    failing = [case for case in recorded() if check.name in case[3]["baseline"] + case[3]["restricted"]]
    assert not differences(failing[:5])
    monkeypatch.setattr(pod_security, "_checks", lambda *asked: [each for each in every(*asked) if each != check])
    assert differences(failing[:5])


@pytest.mark.parametrize(
    ("pod", "expected"),
    [
        pytest.param("", "restricted", id="nothing"),
        pytest.param("volumes: [{name: a, nfs: {server: a, path: /}}]", "baseline", id="nfs"),
        pytest.param("hostPID: true", "privileged", id="hostPID"),
        pytest.param("hostPID: null", "restricted", id="null"),
    ],
)
def test_level(pod: str, expected: str) -> None:
    assert level(daemonset(pod)) == expected


def test_violations_stand_at_their_field() -> None:
    found = violations(daemonset("volumes: [{name: a, hostPath: {path: /proc}}]"), "baseline")
    path = ("spec", "template", "spec", "volumes", 0, "hostPath")
    assert [tuple(each) for each in found] == [("hostPathVolumes", path, "/proc", "another kind of volume")]


@pytest.mark.parametrize(
    ("labels", "fields"),
    [
        pytest.param({}, [], id="none"),
        pytest.param({LABEL: "privileged"}, [], id="privileged"),
        pytest.param({"pod-security.kubernetes.io/warn": "baseline"}, [], id="warn"),
        pytest.param({LABEL: "baseline"}, ["livenessProbe.httpGet.host", "hostPID"], id="baseline"),
        pytest.param({LABEL: "baseline", f"{LABEL}-version": "v1.33"}, ["hostPID"], id="older"),
        pytest.param({LABEL: "baseline", f"{LABEL}-version": "v1.99"}, ["livenessProbe.httpGet.host", "hostPID"], id="newer"),
    ],
)  # fmt: skip
def test_a_namespace_enforces_a_level(labels: dict[str, str], fields: list[str]) -> None:
    root = daemonset("hostPID: true")
    containers = root.map("spec", "template", "spec")["containers"]
    assert isinstance(containers, List)
    assert isinstance(containers[0], Map)
    containers[0]["livenessProbe"] = Map({"httpGet": Map({"host": "localhost"})})
    wanted = enforced(labels)
    found = problems(root, wanted) if wanted else []
    assert sorted(each.field.split("spec.template.spec.")[1] for each in found) == sorted(
        f"containers[0].{name}" if "." in name else name for name in fields
    )
    assert {(each.code, each.severity) for each in found} <= {("forbidden-by-pod-security", "error")}


def test_a_problem_says_what_to_do() -> None:
    (problem,) = problems(daemonset("hostPID: true"), Enforced("restricted", 36))
    assert (problem.line, problem.column) == (9, 16)
    assert problem.message == "`hostPID` is true; the level `restricted`, which the namespace enforces, requires false"
    assert "`privileged`" in problem.hint
