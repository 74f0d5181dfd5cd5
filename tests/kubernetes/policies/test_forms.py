"""Objects as expressions see them: in the form in which the API server writes them."""

from __future__ import annotations

from typing import Any

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.policies.seen import seen
from dsgen.kubernetes.semantics.conversion import BEHAVIOR, METRICS
from dsgen.problem import Problem
from tests.kubernetes.policies.setups import binding, needs_cel, policy, said

V2 = """apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: agent, namespace: monitoring}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: agent}
  maxReplicas: 4
"""
V1 = V2.replace("autoscaling/v2", "autoscaling/v1")
CPU = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}}}


def form(text: str, version: str = "") -> dict[str, Any]:
    found = seen(read_first(text).root, "1.37", None, "monitoring", version=version)
    assert found
    return found.value


def of_autoscaler(expression: str, text: str, version: str) -> list[Problem]:
    rule = {
        "apiGroups": ["autoscaling"],
        "apiVersions": [version],
        "operations": ["CREATE"],
        "resources": ["horizontalpodautoscalers"],
    }
    return said(policy(expression, matchConstraints={"resourceRules": [rule]}), binding(), agent=text)


class TestAutoscalers:
    def test_v1_as_v2(self) -> None:
        found = form(f"{V1}  targetCPUUtilizationPercentage: 60\n", "v2")
        assert found["apiVersion"] == "autoscaling/v2"
        assert found["spec"]["metrics"] == [CPU]
        assert "targetCPUUtilizationPercentage" not in found["spec"]

    def test_v2_as_v1(self) -> None:
        found = form(f"{V2}  metrics: [{CPU}]\n", "v1")
        assert found["apiVersion"] == "autoscaling/v1"
        assert found["spec"]["targetCPUUtilizationPercentage"] == 60
        assert "metrics" not in found["spec"]
        assert "annotations" not in found["metadata"]

    @pytest.mark.parametrize("text", [V1, V2])
    def test_the_default_is_the_same_in_both(self, text: str) -> None:
        assert form(text, "v1")["spec"]["targetCPUUtilizationPercentage"] == 80
        [metric] = form(text, "v2")["spec"]["metrics"]
        assert metric["resource"]["target"] == {"type": "Utilization", "averageUtilization": 80}

    def test_what_v1_cannot_say_is_in_annotations(self) -> None:
        memory = {"type": "Resource", "resource": {"name": "memory", "target": {"type": "Utilization", "averageUtilization": 1}}}  # fmt: skip
        text = f"{V2}  metrics: [{memory}]\n  behavior: {{scaleUp: {{selectPolicy: Max}}}}\n"
        assert form(text, "v1")["metadata"]["annotations"].keys() == {METRICS, BEHAVIOR}
        assert "targetCPUUtilizationPercentage" not in form(text, "v1")["spec"]

    @needs_cel
    @pytest.mark.parametrize(
        ("text", "version", "expression", "codes"),
        [
            (V1, "v2", "object.spec.metrics.size() == 1", []),
            (V1, "v2", "object.spec.metrics.size() == 2", ["forbidden-by-policy"]),
            (V2, "v1", "object.spec.targetCPUUtilizationPercentage == 80", []),
            (V2, "v1", "has(object.spec.metrics)", ["forbidden-by-policy"]),
            (V1, "v1", "object.spec.targetCPUUtilizationPercentage == 80", []),
            (V1, "v2", "request.kind.version == 'v2' && request.requestKind.version == 'v1'", []),
            (V2 + "  behavior: {scaleUp: {selectPolicy: Max}}\n", "v1", "object.metadata.annotations.all(k, object.metadata.annotations[k] != '')", ["unvalidated-policy"]),
            (V2 + "  behavior: {scaleUp: {selectPolicy: Max}}\n", "v1", "object.metadata.annotations.size() == 1", []),
        ],
    )  # fmt: skip
    def test_a_policy_matches_another_version(self, text: str, version: str, expression: str, codes: list[str]) -> None:
        assert [each.code for each in of_autoscaler(expression, text, version)] == codes


class TestQuantities:
    def test_of_a_resource_list_are_rounded(self) -> None:
        text = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: a}\nspec: {hard: {cpu: 100u, memory: 1024Mi}}\n"
        assert form(text)["spec"]["hard"] == {"cpu": "1m", "memory": "1Gi"}

    def test_others_are_not(self) -> None:
        target = "{type: Value, value: 100u}"
        text = f"{V2}  metrics: [{{type: External, external: {{metric: {{name: a}}, target: {target}}}}}]\n"
        assert form(text)["spec"]["metrics"][0]["external"]["target"]["value"] == "100u"


def test_old_annotations_are_taken_away() -> None:
    pod = "metadata: {name: a, annotations: {pod.beta.kubernetes.io/init-containers: x}}\nspec: {containers: [{name: a, image: x}]}\n"
    assert "annotations" not in form(f"apiVersion: v1\nkind: Pod\n{pod}")["metadata"]


def test_an_empty_group_is_left_out() -> None:
    assert form("apiVersion: /v1\nkind: ConfigMap\nmetadata: {name: a}\n")["apiVersion"] == "v1"


def test_binary_values_have_no_line_breaks() -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: 'eA==\n\n', b: null}\n"
    assert form(secret)["data"]["a"] == "eA=="


POD = """apiVersion: v1
kind: Pod
metadata: {name: a, namespace: monitoring, annotations: {container.apparmor.security.beta.kubernetes.io/a: unconfined}}
spec:
  containers: [{name: a, image: x}]
  topologySpreadConstraints:
    - {maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {}, matchLabelKeys: [app]}
"""


@needs_cel
@pytest.mark.parametrize(
    "expression",
    [
        "object.spec.containers.all(c, !has(c.securityContext))",
        "object.spec.topologySpreadConstraints.all(c, !has(c.labelSelector.matchExpressions))",
    ],
)
def test_what_the_server_sets_in_a_pod_is_not_known(expression: str) -> None:
    pods = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
    found = said(policy(expression, matchConstraints={"resourceRules": [pods]}), binding(), agent=POD)
    assert "forbidden-by-policy" not in [each.code for each in found]
    [note] = [each for each in found if each.code == "unvalidated-policy"]
    assert "which the API server sets" in note.message
