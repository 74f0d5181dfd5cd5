"""A webhook that waits for the pods whose creation it prevents: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#avoiding-deadlocks-in-self-hosted-webhooks."""

from __future__ import annotations

import pytest

from tests.kubernetes.relations.objects import codes, found, namespace, workload

BLOCKED = ["conflicting-webhook"]
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: hook, namespace: agents}\nspec: {selector: {app: agent}}\n"
RULE = "{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}"
HOOK = """\
apiVersion: admissionregistration.k8s.io/v1
kind: %s
metadata: {name: hook}
webhooks:
- name: hook.example.com
  clientConfig: {service: {name: hook, namespace: agents}}
  rules: [%s]
%s"""


def hook(more: str = "", rule: str = RULE, kind: str = "ValidatingWebhookConfiguration") -> str:
    return HOOK % (kind, rule, f"  {more}\n" if more else "")


@pytest.mark.parametrize("kind", ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"])
@pytest.mark.parametrize("server", ["DaemonSet", "Deployment"])
def test_both_lines_are_named(kind: str, server: str) -> None:
    (problem,) = found(workload(kind=server), SERVICE, hook(kind=kind))
    assert (problem.code, problem.severity, problem.file, problem.line) == (
        "conflicting-webhook",
        "warning",
        "2.yaml",
        5,
    )
    assert f"must be answered by {server} agents/agent (0.yaml:3)" in problem.message
    assert "operator: NotIn, values: [agents]" in problem.hint


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param("{apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*']}", BLOCKED, id="all"),
        pytest.param("{apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*']}", BLOCKED, id="and below"),
        pytest.param(RULE.replace("''", "apps"), [], id="another group"),
        pytest.param(RULE.replace("CREATE", "UPDATE, DELETE"), [], id="another operation"),
        pytest.param(RULE.replace("[pods]", "[pods/eviction]"), [], id="a subresource"),
        pytest.param(RULE.replace("[pods]", "[services]"), [], id="another resource"),
        pytest.param(RULE.replace("[pods]", "[pods], scope: Cluster"), [], id="cluster-scoped objects"),
        pytest.param(RULE.replace("[pods]", "[pods], scope: Namespaced"), BLOCKED, id="namespaced objects"),
    ],
)  # fmt: skip
def test_rules(rule: str, expected: list[str]) -> None:
    assert codes(workload(), SERVICE, hook(rule=rule)) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("failurePolicy: Fail", BLOCKED),
        ("failurePolicy: Ignore", []),
        ("matchConditions: [{name: a, expression: 'false'}]", []),
        ("objectSelector: {matchLabels: {app: agent}}", BLOCKED),
        ("objectSelector: {matchExpressions: [{key: app, operator: NotIn, values: [agent]}]}", []),
        ("namespaceSelector: {}", BLOCKED),
        ("namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [agents]}]}", []),
        ("namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [a]}]}", BLOCKED),
        ("namespaceSelector: {matchExpressions: [{key: skip, operator: DoesNotExist}]}", []),
    ],
)  # fmt: skip
def test_exemptions(more: str, expected: list[str]) -> None:
    """The labels of a namespace that is not in view are not known."""
    assert codes(workload(), SERVICE, hook(more)) == expected


def test_the_labels_of_a_namespace_in_view() -> None:
    given = workload(), SERVICE, hook("namespaceSelector: {matchExpressions: [{key: skip, operator: DoesNotExist}]}")
    assert codes(*given, namespace()) == BLOCKED
    assert codes(*given, namespace("skip: 'true'")) == []


@pytest.mark.parametrize(
    "service",
    [SERVICE.replace("agents", "other"), SERVICE.replace("app: agent", ""), SERVICE.replace("app: agent", "app: x")],
)
def test_other_pods_serve_it(service: str) -> None:
    assert "conflicting-webhook" not in codes(workload(), service, hook())
    assert codes(workload(), hook()) == []


def test_a_webhook_outside_of_the_cluster() -> None:
    assert (
        codes(workload(), SERVICE, hook().replace("service: {name: hook, namespace: agents}", "url: https://a")) == []
    )
