"""References to what is in view under another name, in another namespace, or without a key."""

from __future__ import annotations

import pytest

from tests.kubernetes.relations.objects import codes, found, workload

ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: %s, namespace: %s}\n"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: %s}\ndata: {a.conf: x}\n"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: %s, namespace: %s}\nstringData: {token: x}\n"
CLASS = "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: %s}\nvalue: 1\n"
CLAIM = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: %s, namespace: %s}\n"
RUNTIME = "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: %s}\nhandler: x\n"
WRONG_PLACE = "mismatched-reference-namespace"
WRONG_NAME = "unknown-reference"
WRONG_KEY = "unknown-reference-key"


class TestNamespace:
    @pytest.mark.parametrize(
        ("pod", "other"),
        [
            ("serviceAccountName: reader", ACCOUNT % ("reader", "%s")),
            ("serviceAccount: reader", ACCOUNT % ("reader", "%s")),
            ("volumes: [{name: v, configMap: {name: reader}}]", CONFIG % ("reader", "%s")),
            ("volumes: [{name: v, secret: {secretName: reader}}]", SECRET % ("reader", "%s")),
            ("imagePullSecrets: [{name: reader}]", SECRET % ("reader", "%s")),
            ("volumes: [{name: v, persistentVolumeClaim: {claimName: reader}}]", CLAIM % ("reader", "%s")),
        ],
    )
    def test_the_same_name_elsewhere(self, pod: str, other: str) -> None:
        assert codes(workload(pod), other % "default") == [WRONG_PLACE]
        assert codes(workload(pod), other % "agents") == []
        assert codes(workload(pod), other % "agents", other % "default") == []

    def test_the_pull_secret_of_an_account(self) -> None:
        account = f"{ACCOUNT % ('reader', 'agents')}imagePullSecrets: [{{name: registry}}]\n"
        assert codes(account, SECRET % ("registry", "default")) == [WRONG_PLACE]
        assert codes(account, SECRET % ("registry", "agents")) == []

    def test_both_lines_are_named(self) -> None:
        (problem,) = found(workload("serviceAccountName: reader"), ACCOUNT % ("reader", "default"))
        assert (problem.file, problem.line, problem.severity) == ("0.yaml", 4, "warning")
        assert problem.message == "ServiceAccount reader is in the namespace default (1.yaml:3), not in agents"

    def test_one_without_a_namespace_may_be_anywhere(self) -> None:
        anywhere = ACCOUNT.replace(", namespace: %s", "") % "reader"
        assert codes(workload("serviceAccountName: reader"), anywhere) == []
        assert codes(workload("serviceAccountName: reader", where=""), ACCOUNT % ("reader", "default")) == []

    def test_the_account_of_every_namespace(self) -> None:
        assert codes(workload("serviceAccountName: default"), ACCOUNT % ("default", "kube-system")) == []
        trust = "volumes: [{name: v, configMap: {name: kube-root-ca.crt}}]"
        assert codes(workload(trust), CONFIG % ("kube-root-ca.crt", "default")) == []

    def test_optional(self) -> None:
        pod = "volumes: [{name: v, configMap: {name: reader, optional: true}}]"
        assert codes(workload(pod), CONFIG % ("reader", "default")) == []


class TestName:
    @pytest.mark.parametrize(
        ("pod", "other"),
        [
            ("serviceAccountName: log-reader", ACCOUNT % ("logreader", "agents")),
            ("serviceAccountName: log-reader", ACCOUNT % ("log-readers", "agents")),
            ("serviceAccountName: log-reader", ACCOUNT % ("log-raeder", "agents")),
            ("priorityClassName: agents-high", CLASS % "agent-high"),
            ("runtimeClassName: nvidia", RUNTIME % "nvidai"),
            ("volumes: [{name: v, configMap: {name: agent-config}}]", CONFIG % ("agent-confg", "agents")),
        ],
    )
    def test_a_name_that_is_close(self, pod: str, other: str) -> None:
        assert codes(workload(pod), other) == [WRONG_NAME]

    def test_both_lines_are_named(self) -> None:
        (problem,) = found(workload("priorityClassName: agents-high"), CLASS % "agent-high")
        assert (problem.file, problem.line, problem.severity) == ("0.yaml", 4, "warning")
        assert "PriorityClass agent-high (1.yaml:3)" in problem.message
        assert problem.hint == "did you mean `agent-high`?"

    @pytest.mark.parametrize("other", ["agent-config-2", "node-config", "log", "agent-secrets"])
    def test_a_name_that_is_not(self, other: str) -> None:
        assert (
            codes(workload("volumes: [{name: v, configMap: {name: agent-config}}]"), CONFIG % (other, "agents")) == []
        )

    def test_names_that_differ_in_a_number(self) -> None:
        pod = "volumes: [{name: v, configMap: {name: agent-config-1}}]"
        assert codes(workload(pod), CONFIG % ("agent-config-2", "agents")) == []

    def test_one_that_another_pod_uses_is_another_one(self) -> None:
        user = workload("serviceAccountName: logreader", name="other", labels="app: other")
        assert codes(workload("serviceAccountName: log-reader"), ACCOUNT % ("logreader", "agents"), user) == []

    def test_it_may_be_where_the_rest_of_the_project_is(self) -> None:
        given = workload("priorityClassName: agents-high"), CLASS % "agent-high"
        assert codes(*given, partial=True) == []


class TestKey:
    KEY = "env: [{name: A, valueFrom: {%s: {name: c, key: %s%s}}}]"

    @pytest.mark.parametrize(
        ("field", "other", "key"),
        [("configMapKeyRef", CONFIG, "a.conf"), ("secretKeyRef", SECRET, "token")],
    )
    def test_of_a_variable(self, field: str, other: str, key: str) -> None:
        text = other % ("c", "agents")
        assert codes(workload(container=self.KEY % (field, key, "")), text) == []
        assert codes(workload(container=self.KEY % (field, "other", "")), text) == [WRONG_KEY]
        assert codes(workload(container=self.KEY % (field, "other", ", optional: true")), text) == []

    def test_of_a_volume(self) -> None:
        volume = "volumes: [{name: v, configMap: {name: c, items: [{key: %s, path: p}]}}]"
        assert codes(workload(volume % "a.conf"), CONFIG % ("c", "agents")) == []
        (problem,) = found(workload(volume % "b.conf"), CONFIG % ("c", "agents"))
        assert problem.message == "ConfigMap agents/c (1.yaml:3) has no key `b.conf`"
        assert problem.hint == "did you mean `a.conf`?"

    def test_what_the_cluster_fills(self) -> None:
        empty = (CONFIG % ("c", "agents")).partition("data")[0]
        assert codes(workload(container=self.KEY % ("configMapKeyRef", "ca.crt", "")), empty) == []


class TestBindings:
    BINDING = (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: %s\nmetadata: {name: b%s}\n"
        "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: %s, name: reader}\n"
        "subjects: [{kind: ServiceAccount, name: %s, namespace: %s}]\n"
    )
    ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: %s\nmetadata: {name: %s%s}\n"

    @pytest.mark.parametrize(
        ("subject", "where", "expected"),
        [
            ("agent", "agents", []),
            ("agent", "default", [WRONG_PLACE]),
            ("agents", "agents", [WRONG_NAME]),
            ("other", "agents", []),
            ("default", "agents", []),
        ],
    )
    @pytest.mark.parametrize(("kind", "own"), [("ClusterRoleBinding", ""), ("RoleBinding", ", namespace: agents")])
    def test_subjects(self, kind: str, own: str, subject: str, where: str, expected: list[str]) -> None:
        binding = self.BINDING % (kind, own, "ClusterRole", subject, where)
        assert codes(binding, ACCOUNT % ("agent", "agents")) == expected

    def test_other_subjects(self) -> None:
        binding = (self.BINDING % ("ClusterRoleBinding", "", "ClusterRole", "agents", "agents")).replace(
            "kind: ServiceAccount", "kind: User"
        )
        assert codes(binding, ACCOUNT % ("agent", "agents")) == []

    @pytest.mark.parametrize(
        ("kind", "role", "expected"),
        [
            ("Role", ("Role", "reader", ", namespace: agents"), []),
            ("Role", ("Role", "reader", ", namespace: other"), [WRONG_PLACE]),
            ("Role", ("Role", "readers", ", namespace: agents"), [WRONG_NAME]),
            ("Role", ("ClusterRole", "reader", ""), [WRONG_NAME]),
            ("ClusterRole", ("ClusterRole", "reader", ""), []),
            ("ClusterRole", ("ClusterRole", "readers", ""), [WRONG_NAME]),
            ("ClusterRole", ("Role", "reader", ", namespace: agents"), [WRONG_NAME]),
            ("ClusterRole", ("Role", "reader", ", namespace: other"), []),
        ],
    )
    def test_roles(self, kind: str, role: tuple[str, str, str], expected: list[str]) -> None:
        binding = self.BINDING % ("RoleBinding", ", namespace: agents", kind, "agent", "agents")
        assert codes(binding, ACCOUNT % ("agent", "agents"), self.ROLE % role) == expected
