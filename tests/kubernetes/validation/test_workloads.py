"""The pods of other kinds than DaemonSets: the same rules, at the path of the pod template."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema.paths import ALL_POD_TEMPLATES, field_path
from dsgen.kubernetes.validate import validate

OTHERS = [(*key, path) for key, path in ALL_POD_TEMPLATES.items() if key[1] != "DaemonSet"]
RESTARTING = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")


CLAIM = "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}"
SELECTING = ("Deployment", "ReplicaSet", "StatefulSet")


def manifest(group: str, kind: str, path: tuple[str, ...], pod: str, more: str = "") -> str:
    """Return an object with a pod, in flow style; its selector matches the pod's labels, which `more` follows."""
    labels = "app: agent"
    if kind in ("Job", "CronJob") and "restartPolicy" not in pod:
        pod = f"{{restartPolicy: Never, {pod[1:]}"
    if ", labels: {" in more:
        labels, more = f"{labels}, {more.partition(', labels: {')[2].partition('}')[0]}", ""
    body = f"{{metadata: {{name: a, labels: {{{labels}}}{more}}}, spec: {pod}}}"
    for step in reversed(path):
        body = f"{{{step}: {body}}}"
    if path:
        body = f"{{metadata: {{name: a}}, {body[1:]}"
    if kind == "CronJob":
        body = body.replace("spec: {", "spec: {schedule: '@daily', ", 1)
    if kind in SELECTING:
        body = body.replace("spec: {", "spec: {selector: {matchLabels: {app: agent}}, ", 1)
    return f"{{apiVersion: {f'{group}/' if group else ''}v1, kind: {kind}, {body[1:]}"


def found(group: str, kind: str, path: tuple[str, ...], pod: str, more: str = "") -> list[tuple[str, str]]:
    """Return the codes of errors, and their fields below the pod template, of an object with a pod."""
    document = read_first(manifest(group, kind, path, pod, more))
    assert not document.problems
    start = f"{field_path(path)}." if path else ""
    return [(each.code, each.field.removeprefix(start)) for each in validate(document.root) if each.severity != "note"]


@pytest.mark.parametrize(("group", "kind", "path"), OTHERS)
class TestEachKind:
    def test_a_rule_of_containers(self, group: str, kind: str, path: tuple[str, ...]) -> None:
        pod = "{containers: [{name: a, image: x, ports: [{containerPort: 99999}]}]}"
        assert found(group, kind, path, pod) == [
            ("out-of-range-container-port", "spec.containers[0].ports[0].containerPort")
        ]

    def test_nothing_is_wrong(self, group: str, kind: str, path: tuple[str, ...]) -> None:
        assert found(group, kind, path, "{containers: [{name: a, image: x}]}") == []

    def test_an_annotation_of_pods(self, group: str, kind: str, path: tuple[str, ...]) -> None:
        more = ", annotations: {controller.kubernetes.io/pod-deletion-cost: x}"
        ((code, field),) = found(group, kind, path, "{containers: [{name: a, image: x}]}", more)
        assert code == "invalid-pod-deletion-cost"
        assert field.removeprefix("metadata.").startswith("annotations[")

    def test_whether_pods_always_restart(self, group: str, kind: str, path: tuple[str, ...]) -> None:
        pod = "{restartPolicy: Never, activeDeadlineSeconds: 5, containers: [{name: a, image: x}]}"
        codes = [code for code, _ in found(group, kind, path, pod)]
        expected = ["invalid-restart-policy", "forbidden-active-deadline-seconds"] if kind in RESTARTING else []
        assert codes == expected
        odd = "{restartPolicy: Perhaps, containers: [{name: a, image: x}]}"
        own = [("invalid-job-restart-policy", "spec.restartPolicy")] if group == "batch" else []
        assert found(group, kind, path, odd) == [*own, ("invalid-restart-policy", "spec.restartPolicy")]

    def test_a_dropped_field(self, group: str, kind: str, path: tuple[str, ...]) -> None:
        pod = "{schedulingGroup: {podGroupName: a}, containers: [{name: a, image: x}]}"
        assert found(group, kind, path, pod) == [("dropped-field", "spec.schedulingGroup")]

    def test_labels_are_checked_once(self, group: str, kind: str, path: tuple[str, ...]) -> None:
        told = found(group, kind, path, "{containers: [{name: a, image: x}]}", ", labels: {a: -}")
        of_pods = "invalid-pod-template-label" if path else "invalid-label"
        # By default, those of the pods of a ReplicationController or Job are its own too.
        own = ["invalid-label"] if kind in ("ReplicationController", "Job") else []
        assert [code for code, _ in told] == [*own, of_pods]


class TestStatefulSet:
    """Its controller adds a volume for each claim, and sets the names of hosts."""

    def test_mounts_of_claims(self) -> None:
        pod = "{volumes: [{name: b}], containers: [{name: a, image: x, volumeMounts: [{name: data, mountPath: /a}, {name: none, mountPath: /b}]}]}"
        text = f"{{apiVersion: apps/v1, kind: StatefulSet, metadata: {{name: a}}, spec: {{selector: {{matchLabels: {{app: agent}}}}, template: {{metadata: {{labels: {{app: agent}}}}, spec: {pod}}}, volumeClaimTemplates: [{{metadata: {{name: data}}, spec: {CLAIM}}}]}}}}"
        (problem,) = validate(read_first(text).root)
        assert (problem.code, problem.field) == (
            "unknown-mounted-volume",
            "spec.template.spec.containers[0].volumeMounts[1].name",
        )

    def test_pods_are_validated_since_1_34(self) -> None:
        pod = "{containers: [{name: a, image: x, ports: [{containerPort: 99999}]}]}"
        text = manifest("apps", "StatefulSet", ("spec", "template"), pod, ", labels: {a: -}")
        codes = {minor: [each.code for each in validate(read_first(text).root, minor)] for minor in ("1.33", "1.34")}
        assert codes == {
            "1.33": ["invalid-pod-template-label"],
            "1.34": ["invalid-pod-template-label", "out-of-range-container-port"],
        }

    def test_names_of_hosts(self) -> None:
        pod = "{hostname: A_B, subdomain: A_B, containers: [{name: a, image: x}]}"
        assert found("apps", "StatefulSet", ("spec", "template"), pod) == []
        assert len(found("apps", "Deployment", ("spec", "template"), pod)) == 2


class TestPod:
    def test_limits_are_requests(self) -> None:
        """Only in a Pod: a limit that is wrong is a wrong request too."""
        pod = "{containers: [{name: a, image: x, resources: {limits: {cpu: -1}}}]}"
        assert [field for _, field in found("", "Pod", (), pod)] == [
            "spec.containers[0].resources.limits[cpu]",
            "spec.containers[0].resources.requests[cpu]",
        ]
        assert len(found("apps", "Deployment", ("spec", "template"), pod)) == 1

    def test_ports_on_the_network_of_the_host_are_host_ports(self) -> None:
        pod = "{hostNetwork: true, containers: [{name: a, image: x, ports: [{containerPort: 1}, {containerPort: 1}]}]}"
        codes = [code for code, _ in found("", "Pod", (), pod)]
        assert "duplicate-host-port" in codes
        assert "duplicate-host-port" not in [code for code, _ in found("apps", "Deployment", ("spec", "template"), pod)]
