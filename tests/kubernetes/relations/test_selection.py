"""What selects no pods although it names their labels, and budgets that nobody can compute."""

from __future__ import annotations

import pytest

from tests.kubernetes.relations.objects import codes, found, workload

NOTHING = ["ineffective-selector"]
KINDS = {
    "Service": "apiVersion: v1\nkind: Service\nmetadata: {name: agent, namespace: %s}\nspec: {selector: {%s}}\n",
    "PodDisruptionBudget": "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: agent, namespace: %s}\nspec: {selector: {matchLabels: {%s}}}\n",
    "NetworkPolicy": "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: agent, namespace: %s}\nspec: {podSelector: {matchLabels: {%s}}}\n",
    "PodMonitor": "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: agent, namespace: %s}\nspec: {selector: {matchLabels: {%s}}}\n",
}
AGENT = workload(labels="app: agent, component: node")
every_kind = pytest.mark.parametrize("kind", KINDS)


class TestWhatSelectsPods:
    @every_kind
    @pytest.mark.parametrize(
        ("labels", "expected"),
        [
            pytest.param("app: agent", [], id="some pods"),
            pytest.param("app: agent, component: node", [], id="all labels"),
            pytest.param("app: agent, version: v1", NOTHING, id="a label that they lack"),
            pytest.param("app: agent, component: nodes", NOTHING, id="nearly the value"),
            pytest.param("app: agent, component: server", [], id="another component"),
            pytest.param("app: other", [], id="other pods"),
            pytest.param("component: server", [], id="no name"),
            pytest.param("app: agent, controller-revision-hash: x", [], id="a label that a controller adds"),
            pytest.param("", [], id="nothing"),
        ],
    )
    def test_labels(self, kind: str, labels: str, expected: list[str]) -> None:
        assert codes(AGENT, KINDS[kind] % ("agents", labels)) == expected

    @every_kind
    def test_another_namespace(self, kind: str) -> None:
        assert codes(AGENT, KINDS[kind] % ("other", "app: agent")) == NOTHING
        assert codes(AGENT, KINDS[kind] % ("other", "app: agent"), workload(where="other")) == []
        assert codes(workload(where=""), KINDS[kind] % ("other", "app: agent")) == []
        assert codes(AGENT, (KINDS[kind] % ("", "app: agent")).replace(", namespace: ", "")) == []

    def test_both_lines_are_named(self) -> None:
        (problem,) = found(AGENT, KINDS["Service"] % ("agents", "app: agent, component: nodes"))
        assert (problem.file, problem.line, problem.severity) == ("1.yaml", 4, "warning")
        assert problem.message == (
            "selects no pods: DaemonSet agents/agent (0.yaml:3) has `component: node`, not `nodes`"
        )
        (problem,) = found(AGENT, KINDS["Service"] % ("other", "app: agent"))
        assert problem.message == ("selects no pods in other; DaemonSet agents/agent (0.yaml:3) is in agents")

    def test_the_leader_of_several_pods_may_have_a_label_more(self) -> None:
        service = KINDS["Service"] % ("agents", "app: agent, leader: 'true'")
        assert codes(workload(kind="StatefulSet"), service) == []
        assert codes(workload(), service) == NOTHING

    def test_expressions(self) -> None:
        policy = KINDS["NetworkPolicy"].replace(
            "matchLabels: {%s}", "matchLabels: {app: agent}, matchExpressions: [%s]"
        )
        for expression in (
            "{key: component, operator: In, values: [node]}",
            "{key: component, operator: NotIn, values: [server]}",
            "{key: component, operator: Exists}",
            "{key: version, operator: DoesNotExist}",
        ):
            assert codes(AGENT, policy % ("agents", expression)) == []
            assert codes(AGENT, policy % ("other", expression)) == NOTHING

    def test_a_service_that_is_only_a_name(self) -> None:
        service = (KINDS["Service"] % ("other", "app: agent")).replace("spec: {", "spec: {type: ExternalName, ")
        assert codes(AGENT, service) == []

    def test_a_part_of_a_project(self) -> None:
        assert codes(AGENT, KINDS["Service"] % ("other", "app: agent"), partial=True) == []


class TestMonitors:
    SERVICE = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: agent, namespace: agents, labels: {app: agent}}\nspec: {}\n"
    )
    MONITOR = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: a, namespace: %s}\nspec: {selector: {matchLabels: {%s}}, namespaceSelector: {%s}}\n"

    @pytest.mark.parametrize(
        ("where", "labels", "within", "expected"),
        [
            ("agents", "app: agent", "", []),
            ("monitoring", "app: agent", "", NOTHING),
            ("monitoring", "app: agent", "any: true", []),
            ("monitoring", "app: agent", "matchNames: [agents]", []),
            ("agents", "app: agent", "matchNames: [other]", NOTHING),
            ("agents", "app: agent, release: x", "", NOTHING),
            ("agents", "app: other", "", []),
        ],
    )
    def test_services(self, where: str, labels: str, within: str, expected: list[str]) -> None:
        assert codes(self.SERVICE, self.MONITOR % (where, labels, within)) == expected

    def test_pods_in_other_namespaces(self) -> None:
        monitor = KINDS["PodMonitor"].replace("}}}", "}}, namespaceSelector: {%s}}")
        assert codes(AGENT, monitor % ("monitoring", "app: agent", "any: true")) == []
        assert codes(AGENT, monitor % ("monitoring", "app: agent", "matchNames: [agents]")) == []
        assert codes(AGENT, monitor % ("monitoring", "app: agent", "matchNames: [other]")) == NOTHING


class TestDisruption:
    BUDGET = KINDS["PodDisruptionBudget"].replace("}}}", "}}, %s}")

    @pytest.mark.parametrize(
        ("amount", "reported"),
        [
            ("maxUnavailable: 1", True),
            ("maxUnavailable: 10%", True),
            ("minAvailable: 50%", True),
            ("minAvailable: 1", False),
        ],
    )
    def test_amounts(self, amount: str, reported: bool) -> None:
        expected = ["invalid-disruption-budget"] * reported
        assert codes(AGENT, self.BUDGET % ("agents", "app: agent", amount)) == expected
        assert codes(AGENT, self.BUDGET.replace("matchLabels: {%s}", "%s") % ("agents", "", amount)) == expected

    def test_both_lines_are_named(self) -> None:
        (problem,) = found(AGENT, self.BUDGET % ("agents", "app: agent", "maxUnavailable: 1"))
        assert (problem.file, problem.line, problem.column, problem.severity) == ("1.yaml", 4, 63, "warning")
        assert "DaemonSet agents/agent (0.yaml:3)" in problem.message

    @pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "ReplicaSet"])
    def test_other_pods_have_a_scale(self, kind: str) -> None:
        budget = self.BUDGET % ("agents", "app: agent", "maxUnavailable: 1")
        assert codes(workload(kind=kind), workload(name="other", labels="app: other"), budget) == []

    @pytest.mark.parametrize(("where", "labels"), [("other", "app: agents"), ("agents", "app: other")])
    def test_other_daemon_sets(self, where: str, labels: str) -> None:
        assert codes(AGENT, self.BUDGET % (where, labels, "maxUnavailable: 1")) == []

    def test_it_may_not_be_in_the_same_namespace(self) -> None:
        budget = (self.BUDGET % ("", "app: agent", "maxUnavailable: 1")).replace(", namespace: ", "")
        assert codes(AGENT, budget) == []
        assert codes(workload(where=""), budget) == ["invalid-disruption-budget"]
