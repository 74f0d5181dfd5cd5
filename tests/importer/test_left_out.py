"""Objects that do not become part of a profile: each is reported with the reason, and does not affect the others."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dsgen.importer.fold import settle
from tests.importer.imports import CORPUS, Outcome, daemonset, imports
from tests.importer.test_companions import ACCOUNT, BINDING, DAEMONSET, META, ROLE

CONFIG_MAP = f"apiVersion: v1\nkind: ConfigMap\n{META.replace('agent,', 'agent-conf,')}\ndata: {{level: info}}\n"
SERVICE = f"apiVersion: v1\nkind: Service\n{META}\nspec: {{selector: {{app: agent}}, ports: [{{name: p, port: 80, targetPort: metrics}}]}}\n"
POLICY = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{META}\nspec: {{podSelector: {{matchLabels: {{app: agent}}}}}}\n"
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: agents, labels: {app: agent, pod-security.kubernetes.io/enforce: restricted}}\n"
# Bound and folded in whole, whatever else is left.
SOUND = [ACCOUNT, ROLE, BINDING, CONFIG_MAP]


def left(outcome: Outcome) -> dict[str, str]:
    """Return why objects are not imported, by kind and name."""
    said = [problem.message for problem in outcome.problems if problem.code == "unimported-object"]
    return dict(message.split(" is not imported: ") for message in said)


def of(*others: str, agent: str = DAEMONSET) -> Outcome:
    outcome = imports("---\n".join([agent, *others]))
    assert outcome.imported[0].same, outcome.problems
    return outcome


FAULTS = [
    pytest.param(SERVICE.replace("targetPort: metrics", "targetPort: nowhere"), "no container has a port `nowhere` (unknown-port)", id="a port that no container has"),
    pytest.param(POLICY.replace("agent}}}\n", "agent}}, ingress: [{ports: [{port: nowhere}]}]}\n"), "no container has a port `nowhere` (unknown-port)", id="a policy for such a port"),
    pytest.param(NAMESPACE, "(forbidden-by-pod-security)", id="a Pod Security level that the pods do not meet"),
    pytest.param(SERVICE.replace("port: 80", "port: 0"), "Kubernetes rejects it: `spec.ports[0].port`:", id="an object that Kubernetes rejects"),
    pytest.param(SERVICE.replace("selector:", "selectr: {}, selector:"), "Kubernetes rejects it: `spec.selectr`: Kubernetes has no such field here (unknown-field)", id="an unknown field"),
]  # fmt: skip


@pytest.mark.parametrize(("faulty", "why"), FAULTS)
def test_invalid_object_is_left_out(faulty: str, why: str) -> None:
    outcome = of(*SOUND, faulty)
    assert len(outcome.imported[0].folded) == len(SOUND)
    ((_, said),) = left(outcome).items()
    assert why in said


def test_only_invalid_objects_are_left_out() -> None:
    bad = [SERVICE.replace("targetPort: metrics", "targetPort: nowhere"), NAMESPACE, POLICY.replace("agent}}}\n", "agent}}, ingress: [{ports: [{port: x}]}]}\n")]  # fmt: skip
    outcome = of(*bad, *SOUND)
    assert len(outcome.imported[0].folded) == len(SOUND)
    assert sorted(left(outcome)) == ["Namespace agents", "NetworkPolicy agent", "Service agent"]


def test_config_map_without_a_key_that_the_pods_use() -> None:
    env = "env: [{name: LEVEL, valueFrom: {configMapKeyRef: {name: agent-conf, key: nosuch}}}]\n          ports:"
    outcome = of(*SOUND, SERVICE, agent=DAEMONSET.replace("ports:", env))
    assert [each.kind for each in outcome.imported[0].folded] == ["ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Service"]  # fmt: skip
    assert left(outcome) == {
        "ConfigMap agent-conf": "config map `agent-conf` has no key `nosuch` (unknown-config-map-key)"
    }


def test_untried_companions_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settle, "MAX_TRIED", 0)
    outcome = of(*SOUND, NAMESPACE)
    assert outcome.imported[0].folded == ()
    assert left(outcome)["ConfigMap agent-conf"].startswith(
        "it would make the profile invalid, or one of 4 other objects would: "
    )
    assert len(left(outcome)) == 5


def test_one_of_many_services_is_folded_in() -> None:
    outcome = of(*(SERVICE.replace("{name: agent,", f"{{name: agent-{number},", 1) for number in range(25)))
    assert len(outcome.imported[0].folded) == 1
    reasons = list(left(outcome).values())
    assert len(reasons) == 24
    assert reasons.count("a profile has only one `service`, and uses Service agent-0") == 19
    assert (
        reasons.count("more than 20 objects select the pods of its DaemonSet, but a profile has one of each kind") == 5
    )


def test_companions_of_an_invalid_daemonset_are_kept() -> None:
    outcome = imports(
        "---\n".join([DAEMONSET.replace("image: x", "image: x\n          imagePullPolicy: Maybe"), *SOUND])
    )
    assert outcome.imported[0].same is None
    assert len(outcome.imported[0].folded) == len(SOUND)


def bound(name: str, role: str, kind: str = "ClusterRole") -> str:
    text = BINDING.replace("name: agent,", f"name: {name},", 1).replace("name: agent}", f"name: {role}}}", 1)
    return text.replace("kind: ClusterRole,", f"kind: {kind},")


def in_namespace(binding: str) -> str:
    return binding.replace("kind: ClusterRoleBinding", "kind: RoleBinding").replace("{name: agent,", "{name: agent, namespace: agents,", 1)  # fmt: skip


NOTED = DAEMONSET.replace(
    "labels: {app: agent}\n", "labels: {app: agent}\n  annotations: {example.com/owner: infra}\n", 1
)
REASONS = [
    pytest.param([ACCOUNT, ROLE.replace("app: agent}", "app: agent, component: rbac}"), BINDING], DAEMONSET, {
        "ClusterRole agent": "ClusterRoleBinding agent has other labels or annotations than ClusterRole agent, but a profile sets them for all roles and bindings in the cluster",
        "ClusterRoleBinding agent": "ClusterRoleBinding agent has other labels or annotations than ClusterRole agent, but a profile sets them for all roles and bindings in the cluster",
    }, id="a label of the role alone"),
    pytest.param([ACCOUNT, *(each.replace("app: agent}", "app: agent, component: rbac}") for each in (ROLE, BINDING))], DAEMONSET, {
    }, id="a label of roles and bindings"),
    pytest.param([ACCOUNT, ROLE, BINDING, CONFIG_MAP.replace("app: agent", "app: other")], DAEMONSET, {}, id="without a shared label"),
    pytest.param([ACCOUNT, CONFIG_MAP], NOTED, {}, id="an annotation on the DaemonSet alone"),
    pytest.param([ACCOUNT, ROLE, BINDING], DAEMONSET.replace("  namespace: agents\n", ""), {
        "ServiceAccount agent": "it is in the namespace agents, but the DaemonSet sets none",
        "ClusterRole agent": "a profile sets RBAC rules together with their account, but ServiceAccount agent is not imported",
        "ClusterRoleBinding agent": "a profile sets RBAC rules together with their account, but ServiceAccount agent is not imported",
    }, id="no namespace"),
    pytest.param([ACCOUNT.replace("namespace: agents, ", ""), ROLE, BINDING], DAEMONSET.replace("  namespace: agents\n", ""), {
        "ClusterRole agent": "its binding is not imported",
        "ClusterRoleBinding agent": "it contains the namespace of the service account, but the DaemonSet sets none",
    }, id="no namespace on the account either"),
    pytest.param([CONFIG_MAP.replace("namespace: agents, ", "")], DAEMONSET, {
        "ConfigMap agent-conf": "it sets no namespace, but the DaemonSet is in agents",
    }, id="no namespace on the companion"),
    pytest.param([ROLE, BINDING], DAEMONSET, {
        "ClusterRole agent": "a profile sets RBAC rules together with their account, but ServiceAccount agent is not imported",
        "ClusterRoleBinding agent": "a profile sets RBAC rules together with their account, but ServiceAccount agent is not imported",
    }, id="an account that is not in the file"),
    pytest.param([ACCOUNT, ROLE, BINDING, ROLE.replace("name: agent,", "name: second,"), bound("second", "second")], DAEMONSET, {
        "ClusterRole second": "a profile has only one ClusterRole with one binding",
        "ClusterRoleBinding second": "a profile has only one ClusterRole with one binding",
    }, id="a second role"),
    pytest.param([ACCOUNT, ROLE, BINDING, bound("second", "agent")], DAEMONSET, {
        "ClusterRoleBinding second": "a profile has only one ClusterRole with one binding",
    }, id="a second binding"),
    pytest.param([ACCOUNT, bound("mine", "cluster-admin")], DAEMONSET, {
        "ClusterRoleBinding mine": "ClusterRole cluster-admin is not in the input, and in a profile its binding would be called agent-cluster-admin",
    }, id="an existing role, by another name"),
    pytest.param([ACCOUNT, in_namespace(bound("agent", "view"))], DAEMONSET, {
        "RoleBinding agent": "it binds ClusterRole view in one namespace, for which a profile has no key",
    }, id="a cluster role in a namespace"),
    pytest.param([ACCOUNT, in_namespace(bound("agent", "own", "Role"))], DAEMONSET, {
        "RoleBinding agent": "Role own, which it binds, is not in the input",
    }, id="a role that is not in the input"),
    pytest.param([ACCOUNT, in_namespace(bound("agent", "own", "Role")).replace("namespace: agents, labels", "namespace: kube-system, labels")], DAEMONSET, {
        "RoleBinding agent": "it is in the namespace kube-system, but the DaemonSet is in agents",
    }, id="a binding in another namespace"),
    pytest.param([ACCOUNT, ROLE, BINDING.replace("subjects: [", "subjects: [{kind: User, name: eve, apiGroup: rbac.authorization.k8s.io}, ")], DAEMONSET, {
        "ClusterRole agent": "its binding is not imported",
        "ClusterRoleBinding agent": "it binds other subjects than ServiceAccount agent of agents: User eve",
    }, id="a binding with another subject"),
    pytest.param([ACCOUNT, ROLE, BINDING.replace("subjects: [{", "subjects: [{kind: ServiceAccount, name: agent, namespace: agents}, {")], DAEMONSET, {
        "ClusterRole agent": "its binding is not imported",
        "ClusterRoleBinding agent": "it binds its subject twice",
    }, id="a binding with one subject twice"),
    pytest.param([ACCOUNT, ROLE.partition("rules:")[0], BINDING], DAEMONSET, {
        "ClusterRole agent": "it has no rules",
        "ClusterRoleBinding agent": "ClusterRole agent, which it binds, is not imported",
    }, id="a role without rules"),
    pytest.param([ACCOUNT, ROLE, BINDING, bound("agent-view", "view").replace("app: agent}", "app: agent, component: rbac}")], DAEMONSET, {
        "ClusterRoleBinding agent-view": "ClusterRoleBinding agent-view has other labels or annotations than ClusterRole agent, but a profile sets them for all roles and bindings in the cluster",
    }, id="a label of the binding to an existing role alone"),
    pytest.param([ACCOUNT, ROLE.replace("io/v1", "io/v1beta1"), BINDING.replace("io/v1", "io/v1beta1", 1)], DAEMONSET, {
        "ClusterRole agent": "Kubernetes rejects it: `apiVersion`: Kubernetes 1.22 removed `ClusterRole` of `rbac.authorization.k8s.io/v1beta1` (removed-kind)",
        "ClusterRoleBinding agent": "Kubernetes rejects it: `apiVersion`: Kubernetes 1.22 removed `ClusterRoleBinding` of `rbac.authorization.k8s.io/v1beta1` (removed-kind)",
    }, id="a removed version"),
    pytest.param([ACCOUNT, ROLE + "aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}\n", BINDING], DAEMONSET, {
        "ClusterRole agent": "profiles have no key for `aggregationRule` of a role",
        "ClusterRoleBinding agent": "ClusterRole agent, which it binds, is not imported",
    }, id="an aggregated role"),
    pytest.param([ACCOUNT + "secrets: [{name: a}]\n"], DAEMONSET, {
        "ServiceAccount agent": "profiles have no key for `secrets` of a service account",
    }, id="secrets of an account"),
    pytest.param([SERVICE, SERVICE.replace("{name: agent,", "{name: second,", 1)], DAEMONSET, {
        "Service second": "a profile has only one `service`, and uses Service agent",
    }, id="a second service"),
    pytest.param([POLICY.replace("app: agent}}}", "app: agent}, matchExpressions: [{key: app, operator: Exists}]}}")], DAEMONSET, {
        "NetworkPolicy agent": "its `podSelector` is not the selector of the DaemonSet",
    }, id="a policy with another selector"),
    pytest.param([CONFIG_MAP.replace("labels:", "finalizers: [example.com/a], labels:")], DAEMONSET, {
        "ConfigMap agent-conf": "profiles have no key for `metadata.finalizers`",
    }, id="finalizers"),
    pytest.param([CONFIG_MAP.replace("name: agent-conf", "generateName: agent-")], DAEMONSET, {
        "ConfigMap": "it has `generateName` instead of a name",
    }, id="a generated name"),
    pytest.param([CONFIG_MAP.replace("agent-conf", "other")], DAEMONSET, {
        "ConfigMap other": "no imported DaemonSet mounts it, sets variables from it, or names it in an argument",
    }, id="a config map that no pod uses"),
    pytest.param([SERVICE.replace("selector: {app: agent}", "selector: {app: other}")], DAEMONSET, {
        "Service agent": "it does not select the pods of an imported DaemonSet",
    }, id="a service for other pods"),
    pytest.param(["apiVersion: v1\nkind: Secret\nmetadata: {name: token}\n"], DAEMONSET, {
        "Secret token": "profiles have no key for Secret of v1",
    }, id="a kind without a key"),
    pytest.param(["apiVersion: example.com/v1\nkind: Backup\nmetadata: {name: a}\n"], DAEMONSET, {
        "Backup a": "profiles have no key for Backup of example.com/v1",
    }, id="a custom kind"),
]  # fmt: skip


@pytest.mark.parametrize(("others", "agent", "expected"), REASONS)
def test_reason(others: list[str], agent: str, expected: dict[str, str]) -> None:
    outcome = of(*others, agent=agent)
    assert left(outcome) == expected
    assert len(outcome.imported[0].folded) == len(others) - len(expected)
    assert all(problem.hint for problem in outcome.problems)


REMEDIES = [
    pytest.param([ACCOUNT, ROLE, BINDING], DAEMONSET.replace("  namespace: agents\n", ""), DAEMONSET, id="set the namespace"),
]  # fmt: skip


@pytest.mark.parametrize(("others", "before", "after"), REMEDIES)
def test_hint_works(others: list[str], before: str, after: str) -> None:
    assert left(of(*others, agent=before))
    assert not left(of(*others, agent=after))


def test_renamed_binding_is_folded_in() -> None:
    outcome = of(ACCOUNT, bound("mine", "cluster-admin"))
    assert "rename the binding to agent-cluster-admin" in outcome.problems[0].hint
    assert left(of(ACCOUNT, bound("agent-cluster-admin", "cluster-admin"))) == {}


NO_OBJECTS = "text\n---\n[a]\n---\nmetadata: {name: b}\n---\nkind: DaemonSet\nmetadata: {name: c}\n---\napiVersion: apps/v1\nKind: DaemonSet\nmetadata: {name: d}\n"


def test_document_that_is_not_an_object_is_an_error() -> None:
    outcome = imports(f"{daemonset()}---\n{NO_OBJECTS}")
    assert outcome.imported[0].same
    start = daemonset().count("\n")
    errors = {problem.line - start for problem in outcome.problems if problem.severity == "error"}
    assert {2, 4, 6, 8, 12} <= errors


def test_item_that_is_not_an_object_is_an_error() -> None:
    outcome = imports("apiVersion: v1\nkind: List\nitems:\n- 5\n- metadata: {name: a}\n- null\n")
    assert [problem.line for problem in outcome.problems if problem.severity == "error"] == [4, 5, 6]


def test_misspelled_daemonset_is_an_error() -> None:
    outcome = imports(daemonset() + "---\n" + daemonset().replace("kind: DaemonSet", "kind: Daemonset"))
    assert [(problem.code, problem.severity) for problem in outcome.problems] == [("unknown-kind", "error")]


def test_kustomization_is_not_an_object() -> None:
    assert imports("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a]\n").problems == []


@pytest.mark.long
@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in sorted(CORPUS.glob("*.yaml"))])
def test_no_object_is_lost(path: Path) -> None:
    """Each object is the DaemonSet of a profile, generated by a profile, or reported with a reason."""
    roots = [root for root in yaml.safe_load_all(path.read_text("utf-8")) if root is not None]
    number = sum(len(root["items"]) if root["kind"] == "List" else 1 for root in roots)
    outcome = imports(path.read_bytes())
    folded = sum(len(each.folded) for each in outcome.imported)
    left_out = [problem for problem in outcome.problems if problem.code == "unimported-object"]
    assert len(outcome.imported) + folded + len(left_out) == number


def test_another_daemonset_of_the_same_name() -> None:
    """A profile is known by its name, so that of the second one has the namespace in it."""
    one, other = (daemonset(metadata=f"namespace: {namespace}") for namespace in ("team-a", "team-b"))
    outcome = imports(f"{one}---\n{other}")
    assert [(each.name, each.same) for each in outcome.imported] == [("agent", True), ("agent-team-b", True)]
    assert outcome.problems == []
