"""Objects of a cluster: what it has allotted is left out, and DaemonSets of one name in two namespaces are two profiles."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml

from tests.cli.test_commands import Run, folder, run
from tests.importer.imports import daemonset, imports
from tests.importer.test_sources import tool

__all__ = ["folder", "run"]

OF_SERVER = {"uid": "1d2b", "resourceVersion": "7", "creationTimestamp": "2026-01-01T00:00:00Z"}
SERVICE = {
    "type": "NodePort",
    "clusterIP": "10.0.0.17",
    "clusterIPs": ["10.0.0.17"],
    "ipFamilies": ["IPv4"],
    "ipFamilyPolicy": "SingleStack",
    "selector": {"app": "agent"},
    "ports": [{"name": "a", "port": 80, "targetPort": 80, "nodePort": 30420}],
}


def live(kind: str, namespace: str, applied: Any = None, **fields: Any) -> dict[str, Any]:
    """Return an object as a cluster has it, with what was applied last."""
    metadata: dict[str, Any] = {"name": "agent", "namespace": namespace, **OF_SERVER}
    if applied is not None:
        noted = json.dumps({"spec": applied}) if not isinstance(applied, str) else applied
        metadata["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": noted}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **fields}


def named(kind: str, namespace: str, name: str, labels: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
    root = live(kind, namespace, **fields)
    root["metadata"] |= {"name": name, "labels": labels or {}}
    return root


def agent(namespace: str, image: str = "x") -> dict[str, Any]:
    root: dict[str, Any] = yaml.safe_load(daemonset().replace("image: x", f"image: {image}"))
    root["metadata"] |= {"namespace": namespace, **OF_SERVER}
    root["status"] = {"currentNumberScheduled": 1}
    return root


def of(*objects: dict[str, Any]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})


def service(spec: dict[str, Any], applied: Any = None) -> Any:
    """Return the key `service` of the profile for a Service of a cluster."""
    outcome = imports(of(agent("a"), live("Service", "a", applied, spec=spec)))
    assert outcome.imported[0].same
    assert outcome.problems == []
    return yaml.safe_load(outcome.text)["service"]


class TestAllotted:
    PORT: ClassVar[dict[str, Any]] = {"name": "a", "port": 80, "targetPort": 80}

    @pytest.mark.parametrize("applied", [None, {"ports": [PORT]}, "no JSON", "[]", '{"spec": 1}', "[" * 100_000])
    def test_is_left_out(self, applied: Any) -> None:
        assert service(SERVICE, applied) == {"type": "NodePort", "ports": [{"name": "a", "port": 80}]}

    def test_a_node_port_that_was_applied_stays(self) -> None:
        ports = [self.PORT | {"nodePort": 30420}, {"name": "b", "port": 81, "targetPort": 81, "nodePort": 30421}]
        assert service(SERVICE | {"ports": ports}, {"ports": [{"port": 80, "nodePort": 30420}, 1]})["ports"] == [
            {"name": "a", "port": 80, "nodePort": 30420},
            {"name": "b", "port": 81},
        ]

    def test_an_address_that_was_applied_stays(self) -> None:
        assert service(SERVICE, {"clusterIP": "10.0.0.17", "ipFamilies": ["IPv4"]}) == {
            "type": "NodePort",
            "clusterIP": "10.0.0.17",
            "ipFamilies": ["IPv4"],
            "ports": [{"name": "a", "port": 80}],
        }

    def test_a_headless_service_stays_one(self) -> None:
        headless = {"clusterIP": "None", "clusterIPs": ["None"], "type": "ClusterIP"}
        assert service(SERVICE | headless | {"ports": [self.PORT]}) == {"ports": [{"name": "a", "port": 80}]}

    def test_a_family_policy_that_is_no_default_stays(self) -> None:
        assert service(SERVICE | {"ipFamilyPolicy": "PreferDualStack"})["ipFamilyPolicy"] == "PreferDualStack"

    def test_a_manifest_keeps_what_it_sets(self) -> None:
        root = live("Service", "a", spec=SERVICE)
        for key in OF_SERVER:
            del root["metadata"][key]
        given = imports(of(agent("a"), root))
        assert yaml.safe_load(given.text)["service"]["clusterIP"] == "10.0.0.17"

    def test_tokens_of_an_account(self) -> None:
        pods = agent("a")
        pods["spec"]["template"]["spec"]["serviceAccountName"] = "agent"
        account = live("ServiceAccount", "a", secrets=[{"name": "agent-token-x7k2p"}])
        assert yaml.safe_load(imports(of(pods, account)).text)["serviceAccount"] == {"create": True}
        mine = live("ServiceAccount", "a", secrets=[{"name": "agent-token-x7k2p"}, {"name": "mine"}])
        (left,) = imports(of(pods, mine)).problems
        assert "profiles have no key for `secrets`" in left.message

    def test_what_a_controller_creates(self) -> None:
        owned = agent("a")
        owned["metadata"]["ownerReferences"] = [
            {"apiVersion": "a.example.com/v1", "kind": "Plugin", "name": "p", "uid": "9", "controller": True}
        ]
        outcome = imports(of(agent("b"), owned))
        assert [each.name for each in outcome.imported] == ["agent"]
        assert "namespace: b" in outcome.text
        (problem,) = outcome.problems
        assert problem.message == "Plugin p creates DaemonSet a/agent, so it is not imported"

    def test_what_every_cluster_has(self, folder: Path, run: Run) -> None:
        """It is neither imported nor written to the rest, unless somebody has changed it."""
        pods = agent("kube-system")
        pods["spec"]["template"]["spec"]["volumes"] = [{"name": "ca", "configMap": {"name": "kube-root-ca.crt"}}]
        names = {"kubernetes.io/metadata.name": "kube-system"}
        role = live("ClusterRole", "", rules=[])
        role["apiVersion"] = "rbac.authorization.k8s.io/v1"
        role["metadata"]["labels"] = {"kubernetes.io/bootstrapping": "rbac-defaults"}
        given = [
            named("Namespace", "", "kube-system", labels=names),
            named("ServiceAccount", "kube-system", "default"),
            named("ServiceAccount", "team", "default", labels={"a": "b"}),
            named("ConfigMap", "kube-system", "kube-root-ca.crt", data={"ca.crt": "x"}),
            role,
        ]
        (folder / "given.json").write_text(of(pods, *given))
        result = run("import", "given.json", "--rest", "rest", "-o", "profiles")
        said = result.stdout + result.stderr
        assert (
            "the API server creates Namespace kube-system, ClusterRole agent, so they are not imported [created-object]"
            in said
        )
        assert "the controller manager creates ServiceAccount kube-system/default, ConfigMap kube-system/kube" in said
        assert [path.name for path in Path("rest").iterdir()] == ["serviceaccount-default.yaml"]
        assert "namespace: kube-system\n" in Path("profiles/agent.yaml").read_text()
        assert "configMaps:" not in Path("profiles/agent.yaml").read_text()


class TestOneNameInTwoNamespaces:
    def test_a_project_has_both(self, folder: Path, run: Run) -> None:
        accounts = [live("ServiceAccount", namespace) for namespace in ("a", "b")]
        pods = [agent(namespace, image) for namespace, image in (("a", "x"), ("b", "y"))]
        for each in pods:
            each["spec"]["template"]["spec"]["serviceAccountName"] = "agent"
        (folder / "given.json").write_text(of(*pods, *accounts))
        result = run("import", "given.json", "-o", "profiles", "--strict")
        assert result.stderr.endswith("agent: identical\nagent-b: identical\n")
        assert sorted(path.name for path in Path("profiles").iterdir()) == ["agent-b.yaml", "agent.yaml"]
        assert run("generate", "-q").exit_code == 0
        assert run("diff", "given.json", "out").stdout == "no changes\n"

    def test_names_of_others_are_not_taken(self) -> None:
        other = agent("c")
        other["metadata"]["name"] = "agent-b"
        nowhere = agent("")
        del nowhere["metadata"]["namespace"]
        outcome = imports(of(agent("a"), agent("b"), other, nowhere))
        assert [each.name for each in outcome.imported] == ["agent", "agent-b-2", "agent-b", "agent-default"]
        assert all(each.same for each in outcome.imported)


class TestNamespace:
    OWN = "---\napiVersion: v1\nkind: {0}\nmetadata: {{name: agent{1}}}\n"

    def test_what_sets_none_is_there(self, folder: Path, run: Run) -> None:
        """As `kubectl apply -n` has it, with a binding that sets the namespace."""
        binding = (
            "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: agent}\n"
            "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: agent}\n"
            "subjects: [{kind: ServiceAccount, name: agent, namespace: tools}]\n"
            "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: agent}\n"
            "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]\n"
        )
        account, elsewhere = self.OWN.format("ServiceAccount", ""), self.OWN.format("Secret", ", namespace: other")
        text = daemonset(pod="serviceAccountName: agent") + account + binding + elsewhere
        (folder / "given.yaml").write_text(text)
        said = run("import", "given.yaml").stderr
        assert "hint: pass `--namespace tools`, if that is where the DaemonSet is applied" in said
        made = run("import", "given.yaml", "--namespace", "tools", "-q").stdout
        assert "namespace: tools\n" in made
        assert 'serviceAccount: {create: true, clusterRules: ["get pods"]}\n' in made
        run("import", "given.yaml", "--namespace", "tools", "--rest", "rest", "-o", "profiles")
        assert "namespace: other" in Path("rest/secret-agent.yaml").read_text()

    def test_the_rest_too(self, folder: Path, run: Run) -> None:
        (folder / "given.yaml").write_text(daemonset() + self.OWN.format("Secret", ""))
        run("import", "given.yaml", "--namespace", "tools", "--rest", "rest", "-o", "profiles")
        assert yaml.safe_load(Path("rest/secret-agent.yaml").read_text())["metadata"]["namespace"] == "tools"

    @pytest.mark.parametrize("name", ["A", "-a", "a.b", "--all"])
    def test_a_wrong_one(self, name: str, folder: Path, run: Run) -> None:
        result = run("import", "given.yaml", f"--namespace={name}")
        assert result.exit_code == 2
        assert f"'{name}' is not a valid name of a namespace" in result.stderr


class TestLists:
    def test_of_lists(self) -> None:
        inner = json.loads(of(agent("a"), live("Service", "a", spec=SERVICE)))
        outcome = imports(of(json.loads(of(inner)), agent("b")))
        assert [each.name for each in outcome.imported] == ["agent", "agent-b"]
        assert [each.kind for each in outcome.imported[0].folded] == ["Service"]

    def test_of_a_kind_in_a_list(self) -> None:
        root = agent("a")
        del root["apiVersion"], root["kind"]
        outcome = imports(of({"apiVersion": "apps/v1", "kind": "DaemonSetList", "items": [root]}))
        assert [each.name for each in outcome.imported] == ["agent"]

    def test_what_is_wrong_inside(self) -> None:
        outcome = imports(of(agent("a"), json.loads(of({"kind": "Service"}))))
        assert [each.code for each in outcome.problems] == ["missing-kind"]


class TestCluster:
    @pytest.fixture(autouse=True)
    def cluster(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        other = live("ConfigMap", "kube-system", data={"a": "b"})
        secret = agent("a")
        (folder / "cluster.json").write_text(of(secret, live("Service", "a", spec=SERVICE), other))
        cat = shutil.which("cat")
        script = f'echo "$*" >> asked; case $* in *api-resources*) echo "$SERVED" ;; *) {cat} cluster.json ;; esac'
        tool(folder, monkeypatch, "kubectl", script)

    def test_is_imported(self, folder: Path, run: Run) -> None:
        result = run("import", "kubectl", "-o", "profiles")
        assert result.exit_code == 0
        assert result.stderr.endswith(
            "agent: identical\n1 other object of the cluster: of no DaemonSet, and not imported\n"
        )
        served, kinds = Path("asked").read_text().splitlines()
        assert served == "api-resources --api-group=monitoring.coreos.com -o name"
        assert kinds.startswith("get --all-namespaces -o json -- daemonsets.apps,")
        assert "secrets" not in kinds
        assert "podmonitors" not in kinds

    def test_pod_monitors_are_read_if_the_cluster_has_them(
        self, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SERVED", "alertmanagers.monitoring.coreos.com\npodmonitors.monitoring.coreos.com")
        objects = json.loads((folder / "cluster.json").read_text())["items"]
        spec = {"selector": {"matchLabels": {"app": "agent"}}, "podMetricsEndpoints": [{"path": "/metrics"}]}
        monitor = live("PodMonitor", "a", spec=spec)
        monitor |= {"apiVersion": "monitoring.coreos.com/v1"}
        monitor["metadata"]["generation"] = 3
        (folder / "cluster.json").write_text(of(*objects, monitor))
        result = run("import", "kubectl:prod", "-o", "profiles")
        served, kinds = Path("asked").read_text().splitlines()
        assert served == "api-resources --context=prod --api-group=monitoring.coreos.com -o name"
        assert kinds.endswith(",podmonitors.monitoring.coreos.com")
        assert "agent: identical\n" in result.stderr
        assert "podMonitor: {path: /metrics}\n" in Path("profiles/agent.yaml").read_text()

    def test_one_namespace_of_another_context(self, folder: Path, run: Run) -> None:
        for arguments in (["kubectl:prod"], ["kubectl", "--context", "prod"]):
            assert run("import", *arguments, "--namespace", "a", "-q").exit_code == 0
            assert "\nget --namespace=a --context=prod -o json -- " in Path("asked").read_text()
            Path("asked").unlink()

    def test_what_belongs_to_an_agent_is_named(self, folder: Path, run: Run) -> None:
        objects = json.loads((folder / "cluster.json").read_text())["items"]
        objects[1]["spec"]["ports"][0]["targetPort"] = "nowhere"
        (folder / "cluster.json").write_text(of(*objects))
        said = run("import", "kubectl").stderr
        assert "Service agent is not imported: no container has a port `nowhere`" in said
        assert "1 other object of the cluster" in said
