"""The Pod Security level that a namespace enforces, and pods of other manifests."""

from __future__ import annotations

import pytest

from tests.kubernetes.relations.objects import codes, found, namespace, workload

LABEL = "pod-security.kubernetes.io/enforce"
BASELINE = namespace(f"{LABEL}: baseline")
REJECTED = ["forbidden-by-pod-security"]
LOGS = "volumes: [{name: log, hostPath: {path: /var/log}}]"


def test_both_lines_are_named() -> None:
    (problem,) = found(BASELINE, workload(LOGS))
    assert (problem.code, problem.severity) == ("forbidden-by-pod-security", "error")
    assert (problem.file, problem.line, problem.field) == ("1.yaml", 4, "spec.template.spec.volumes[0].hostPath")
    assert "`baseline`, which Namespace agents (0.yaml:3) enforces" in problem.message
    assert "`privileged`" in problem.hint


def test_the_line_of_a_namespace_is_that_of_its_level() -> None:
    block = f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: agents\n  labels:\n    a: b\n    {LABEL}: baseline\n"
    (problem,) = found(block, workload(LOGS))
    assert "Namespace agents (0.yaml:7)" in problem.message


@pytest.mark.parametrize(
    ("labels", "pod", "expected"),
    [
        pytest.param(f"{LABEL}: baseline", "", [], id="met"),
        pytest.param(f"{LABEL}: privileged", LOGS, [], id="privileged"),
        pytest.param("", LOGS, [], id="no label"),
        pytest.param("pod-security.kubernetes.io/warn: baseline", LOGS, [], id="another mode"),
        pytest.param(f"{LABEL}: restricted", "", REJECTED * 4, id="restricted"),
        pytest.param(f"{LABEL}: baseline, {LABEL}-version: v1.24", "hostPID: true", REJECTED, id="a version"),
        pytest.param(
            f"{LABEL}: baseline, {LABEL}-version: v1.28",
            "securityContext: {sysctls: [{name: net.ipv4.tcp_keepalive_time, value: '1'}]}",
            REJECTED,
            id="before a sysctl was allowed",
        ),
        pytest.param(
            f"{LABEL}: baseline, {LABEL}-version: v1.29",
            "securityContext: {sysctls: [{name: net.ipv4.tcp_keepalive_time, value: '1'}]}",
            [],
            id="since a sysctl is allowed",
        ),
    ],
)
def test_levels(labels: str, pod: str, expected: list[str]) -> None:
    assert codes(namespace(labels), workload(pod)) == expected


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("Deployment", "spec.template.spec.hostPID"),
        ("StatefulSet", "spec.template.spec.hostPID"),
        ("ReplicaSet", "spec.template.spec.hostPID"),
        ("Job", "spec.template.spec.hostPID"),
        ("CronJob", "spec.jobTemplate.spec.template.spec.hostPID"),
        ("Pod", "spec.hostPID"),
    ],
)
def test_pods_of_every_kind(kind: str, field: str) -> None:
    (problem,) = found(BASELINE, workload("hostPID: true", kind=kind))
    assert (problem.field, problem.line) == (field, 4)
    assert codes(BASELINE, workload(kind=kind)) == []


def test_a_pod_template_creates_no_pods() -> None:
    template = "apiVersion: v1\nkind: PodTemplate\nmetadata: {name: a, namespace: agents}\ntemplate: {spec: {hostPID: true, containers: [{name: a, image: x}]}}\n"
    assert codes(BASELINE, template) == []


@pytest.mark.parametrize("pod", ["hostPID: maybe", "volumes: {a: b}", "hostNetwork: [1]"])
def test_a_template_that_does_not_fit(pod: str) -> None:
    """What decoding refuses is left out: no other kind is decoded, and nothing may fail."""
    assert codes(BASELINE, workload(pod, kind="Deployment")) == []


@pytest.mark.parametrize("where", ["", "other"])
def test_other_namespaces(where: str) -> None:
    assert codes(BASELINE, workload(LOGS, where=where)) == []


class TestTwoLevels:
    PRIVILEGED = namespace(f"{LABEL}: privileged")

    def test_in_one_file_the_last_one_counts(self) -> None:
        assert "forbidden-by-pod-security" in codes(f"{self.PRIVILEGED}---\n{BASELINE}---\n{workload(LOGS)}")
        assert "forbidden-by-pod-security" not in codes(f"{BASELINE}---\n{self.PRIVILEGED}---\n{workload(LOGS)}")

    def test_in_two_files_one_that_admits_the_pods_is_enough(self) -> None:
        restricted = namespace(f"{LABEL}: restricted")
        assert "forbidden-by-pod-security" not in codes(BASELINE, self.PRIVILEGED, workload(LOGS))
        assert "forbidden-by-pod-security" not in codes(self.PRIVILEGED, BASELINE, workload(LOGS))
        assert "forbidden-by-pod-security" in codes(BASELINE, restricted, workload(LOGS))


class TestDefault:
    def test_of_a_namespace_without_a_label(self) -> None:
        (problem,) = found(namespace(), workload(LOGS), default="baseline")
        assert problem.code == "forbidden-by-pod-security"
        assert "the cluster's default, which Namespace agents (0.yaml:3) does not override" in problem.message

    @pytest.mark.parametrize("level", ["privileged", "restricted"])
    def test_a_label_wins(self, level: str) -> None:
        expected = REJECTED if level == "restricted" else []
        assert codes(namespace(f"{LABEL}: {level}"), workload(LOGS), default="baseline")[:1] == expected

    def test_a_namespace_that_is_not_in_view(self) -> None:
        (problem,) = found(workload(LOGS), default="baseline")
        assert (problem.code, problem.severity, problem.line) == ("unknown-pod-security-level", "warning", 3)
        assert "`pod-security.kubernetes.io/enforce: privileged`" in problem.hint

    @pytest.mark.parametrize("where", ["kube-system", ""])
    def test_nor_is_it_known_to_enforce_anything(self, where: str) -> None:
        assert codes(workload(LOGS, where=where), default="baseline") == []

    def test_pods_that_meet_it(self) -> None:
        assert codes(workload(), default="baseline") == []
        assert codes(workload(LOGS)) == []

    def test_a_part_of_a_project(self) -> None:
        assert codes(workload(LOGS), default="baseline", partial=True) == []
        assert codes(BASELINE, workload(LOGS), partial=True) == REJECTED


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (f"{LABEL}: privilegd", "expected `privileged`, `baseline` or `restricted`, got 'privilegd'"),
        ("pod-security.kubernetes.io/warn: ''", "expected `privileged`, `baseline` or `restricted`, got ''"),
        (f"{LABEL}-version: v1", "expected `latest` or a version such as `v1.37`, got 'v1'"),
        ("pod-security.kubernetes.io/audit-version: v1.01", "expected `latest` or a version such as `v1.37`, got 'v1.01'"),
    ],
)  # fmt: skip
def test_a_namespace_with_an_invalid_label_is_rejected(labels: str, expected: str) -> None:
    (problem,) = found(namespace(f"a: b, {labels}"))
    assert (problem.code, problem.severity, problem.message) == ("invalid-pod-security-label", "error", expected)
    assert problem.field == f"metadata.labels[{labels.partition(':')[0]}]"
    assert (problem.file, problem.line) == ("0.yaml", 3)


def test_valid_labels_of_every_mode() -> None:
    labels = (f"pod-security.kubernetes.io/{mode}" for mode in ("enforce", "audit", "warn"))
    assert found(namespace(", ".join(f"{each}: baseline, {each}-version: v1.99" for each in labels))) == []
