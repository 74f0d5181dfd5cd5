from __future__ import annotations

import json
from typing import Any

import pytest

from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.semantics.conversion import converted
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.kubernetes.validate import validate
from dsgen.kubernetes.validation.companions import autoscaler, autoscaler_metrics
from dsgen.plain import plain
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, said_of_update, table

TARGET = "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}"
FRAME = "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, spec: {*}}"
SPEC = FRAME.replace("*", f"{TARGET}, *")
REF = FRAME.replace("*", "maxReplicas: 1, scaleTargetRef: {*}")
RULES = SPEC.replace("*", "maxReplicas: 1, behavior: {scaleUp: {*}}")
POLICY = RULES.replace("*", "policies: [{*}]")
METRIC = SPEC.replace("*", "maxReplicas: 1, metrics: [*]")
VALUE = "target: {type: Value, value: 1}"
AVERAGE = "target: {type: AverageValue, averageValue: 1}"
OBJECT = METRIC.replace("*", "{type: Object, object: {metric: {name: a}, *}}")
EXTERNAL = METRIC.replace("*", "{type: External, external: {metric: {name: a}, target: {*}}}")
IDENTIFIED = METRIC.replace("*", f"{{type: External, external: {{*, {VALUE}}}}}")
RESOURCE = METRIC.replace("*", "{type: Resource, resource: {name: cpu, target: {*}}}")
CONTAINER = METRIC.replace("*", f"{{type: ContainerResource, containerResource: {{*, {AVERAGE}}}}}")
PODS = METRIC.replace("*", "{type: Pods, pods: {metric: {name: a}, target: {*}}}")
UP = "spec.behavior.scaleUp"
M = "spec.metrics[0]"

ROWS = [
    *table(
        SPEC,
        """
        out-of-range-min-replicas | minReplicas: 1, maxReplicas: 1 | minReplicas: -1, maxReplicas: 1 | Invalid spec.minReplicas
        out-of-range-max-replicas | maxReplicas: 1 | minReplicas: 2, maxReplicas: 1 | Invalid spec.maxReplicas
        out-of-range-max-replicas | maxReplicas: 1 | maxReplicas: 0 | Required spec.maxReplicas, Invalid spec.maxReplicas
        missing-external-metric | minReplicas: 1, maxReplicas: 1 | minReplicas: 0, maxReplicas: 1 | Forbidden spec.metrics
        """,
    ),
    *table(
        REF,
        """
        missing-scale-target | kind: A, name: b, apiVersion: c/d | apiVersion: c/d | Required spec.scaleTargetRef.kind, Required spec.scaleTargetRef.name
        invalid-scale-target | kind: A b, name: ..., apiVersion: c/d | kind: a/b, name: .., apiVersion: c/d | Invalid spec.scaleTargetRef.kind, Invalid spec.scaleTargetRef.name
        invalid-scale-target | kind: ReplicationController, name: b, apiVersion: v1 | kind: A, name: b, apiVersion: v1 | Invalid spec.scaleTargetRef.apiVersion
        invalid-scale-target | kind: A, name: b, apiVersion: c/ | kind: A, name: b, apiVersion: c/d/e | Invalid spec.scaleTargetRef.apiVersion
        """,
    ),
    *table(
        RULES,
        """
        out-of-range-stabilization-window | stabilizationWindowSeconds: 3600 | stabilizationWindowSeconds: 3601 | Invalid UP.stabilizationWindowSeconds
        invalid-select-policy | selectPolicy: Disabled | selectPolicy: '' | NotSupported UP.selectPolicy
        missing-scaling-policies | policies: null | policies: [] | Required UP.policies
        out-of-range-tolerance | tolerance: 0 | tolerance: -1m | Invalid UP.tolerance
        """.replace("UP", UP),
    ),
    *table(
        POLICY,
        """
        invalid-scaling-policy-type | type: Percent, value: 1, periodSeconds: 1 | value: 1, periodSeconds: 1 | NotSupported UP.policies[0].type
        out-of-range-scaling-policy-value | type: Pods, value: 1, periodSeconds: 1 | type: Pods, periodSeconds: 1 | Invalid UP.policies[0].value
        out-of-range-scaling-policy-period | type: Pods, value: 1, periodSeconds: 1800 | type: Pods, value: 1, periodSeconds: 1801 | Invalid UP.policies[0].periodSeconds
        """.replace("UP", UP),
    ),
    *table(
        METRIC,
        f"""
        missing-metric-type | {{type: External, external: {{metric: {{name: a}}, {VALUE}}}}} | {{}} | Required M.type, NotSupported M.type
        invalid-metric-type | {{type: Pods, pods: {{metric: {{name: a}}, {AVERAGE}}}}} | {{type: pods, pods: {{metric: {{name: a}}, {AVERAGE}}}}} | NotSupported M.type
        missing-metric-source | {{type: Pods, pods: {{metric: {{name: a}}, {AVERAGE}}}}} | {{type: Pods}} | Required M.pods
        conflicting-metric-sources | {{type: Pods, pods: {{metric: {{name: a}}, {AVERAGE}}}, object: null}} | {{type: Pods, pods: {{metric: {{name: a}}, {AVERAGE}}}, resource: {{}}}} | Forbidden M.resource
        missing-metric-name | {{type: Resource, resource: {{name: x, {AVERAGE}}}}} | {{type: Resource, resource: {{{AVERAGE}}}}} | Required M.resource.name
        """.replace("M.", f"{M}."),
    ),
    *table(
        IDENTIFIED,
        """
        missing-metric-name | metric: {name: a, selector: {matchLabels: {-: -}}} | metric: {} | Required M.external.metric.name
        invalid-metric-name | metric: {name: ...} | metric: {name: a%} | Invalid M.external.metric.name
        """.replace("M.", f"{M}."),
    ),
    *table(
        OBJECT,
        f"""
        missing-described-object | describedObject: {{kind: a, name: b}}, {VALUE} | {VALUE} | Required M.object.describedObject.kind, Required M.object.describedObject.name
        invalid-described-object | describedObject: {{kind: a, name: b}}, {VALUE} | describedObject: {{kind: a/b, name: b}}, {VALUE} | Invalid M.object.describedObject.kind
        invalid-described-object | describedObject: {{kind: a, name: b, apiVersion: v1}}, {VALUE} | describedObject: {{kind: a, name: b, apiVersion: a/b/c}}, {VALUE} | Invalid M.object.describedObject.apiVersion
        missing-target-value | describedObject: {{kind: a, name: b}}, {AVERAGE} | describedObject: {{kind: a, name: b}}, target: {{type: Value}} | Required M.object.target.averageValue
        """.replace("M.", f"{M}."),
    ),
    *table(
        CONTAINER,
        """
        invalid-container-metric-resource | name: x.io/a, container: a | name: pods, container: a | Invalid M.containerResource.name
        invalid-container-metric-container | name: cpu, container: <63> | name: cpu, container: <64> | Invalid M.containerResource.container
        invalid-container-metric-container | name: cpu, container: a | name: cpu, container: '' | Required M.containerResource.container
        """.replace("M.", f"{M}."),
    ),
    *table(
        EXTERNAL,
        """
        missing-target-type | type: Value, value: 1 | value: 1 | Required M.external.target.type, Invalid M.external.target.type
        invalid-target-type | type: Utilization, value: 1 | type: value, value: 1 | Invalid M.external.target.type
        out-of-range-target | type: Value, value: 1n | type: Value, value: 0 | Invalid M.external.target.value
        conflicting-target-values | type: Value, value: 1 | type: Value, value: 1, averageValue: 1 | Forbidden M.external.target.value
        """.replace("M.", f"{M}."),
    ),
    *table(
        RESOURCE,
        """
        out-of-range-target | type: Utilization, averageUtilization: 1 | type: Utilization, averageUtilization: 0 | Invalid M.resource.target.averageUtilization
        missing-target-value | type: Value, averageValue: 1 | type: Value, value: 1 | Required M.resource.target.averageUtilization
        conflicting-target-values | type: Value, averageValue: 1 | type: Value, averageValue: 1, averageUtilization: 1 | Forbidden M.resource.target.averageValue
        """.replace("M.", f"{M}."),
    ),
    *table(
        PODS,
        """
        missing-target-value | type: AverageValue, averageValue: 1 | type: Value, value: 1 | Required M.pods.target.averageValue
        """.replace("M.", f"{M}."),
    ),
]  # fmt: skip


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, autoscaler, autoscaler_metrics) == set()


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


ZERO = fill(SPEC, "minReplicas: 0, maxReplicas: 1, metrics: [{type: External, external: {metric: {name: a}, VALUE}}]").replace("VALUE", VALUE)  # fmt: skip


def test_before_1_37_only_an_update_keeps_an_autoscaler_that_scales_to_zero() -> None:
    assert said(ZERO) == set()
    assert said(ZERO, "1.36") == {"out-of-range-min-replicas Invalid spec.minReplicas"}
    assert said_of_update(ZERO, ZERO, "1.36") == set()
    one = ZERO.replace("minReplicas: 0", "minReplicas: 1")
    assert said_of_update(one, ZERO, "1.36") == {"out-of-range-min-replicas Invalid spec.minReplicas"}


def test_an_update_keeps_the_version_of_a_target() -> None:
    old, other = fill(REF, "kind: A, name: b"), fill(REF, "kind: A, name: b, apiVersion: v1")
    says = {"invalid-scale-target Invalid spec.scaleTargetRef.apiVersion"}
    assert said(old) == says
    assert said(old, "1.33") == said_of_update(old, old) == set()
    assert said_of_update(old, other) == says


def test_an_update_keeps_versions_of_described_objects() -> None:
    old = fill(OBJECT, f"describedObject: {{kind: a, name: b, apiVersion: a/b/c}}, {VALUE}")
    right = old.replace("a/b/c", "v1")
    assert said_of_update(old, old.replace("a/b/c", "//")) == set()
    assert said_of_update(right, old) == {f"invalid-described-object Invalid {M}.object.describedObject.apiVersion"}


def test_tolerances_are_dropped_before_1_35() -> None:
    text = fill(RULES, "tolerance: -1")
    assert said(text, "1.34") == {f"dropped-field {UP}.tolerance"}
    assert said(text, "1.35") == {f"out-of-range-tolerance Invalid {UP}.tolerance"}
    assert said_of_update(fill(RULES, "tolerance: 1"), text, "1.34") == said(text, "1.35")


def test_the_server_sets_the_generation_since_1_37() -> None:
    text = fill(SPEC, "maxReplicas: 1").replace("name: a}, spec", "name: a, generation: -1}, spec")
    assert said(text) == set()
    assert said(text, "1.36") == {"out-of-range-generation Invalid metadata.generation"}


def test_defaults() -> None:
    tree: Any = plain(
        defaulted(read_first(fill(RULES, "selectPolicy: Min")).root, kind="HorizontalPodAutoscaler").map("spec")
    )
    assert tree["minReplicas"] == 1
    assert tree["metrics"] == [
        {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}
    ]
    up, down = tree["behavior"]["scaleUp"], tree["behavior"]["scaleDown"]
    assert (up["selectPolicy"], up["stabilizationWindowSeconds"], len(up["policies"])) == ("Min", 0, 2)
    assert down == {"selectPolicy": "Max", "policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}]}


V1 = "{{apiVersion: autoscaling/v1, kind: HorizontalPodAutoscaler, metadata: {{name: a, annotations: {{{0}}}}}, spec: {{{1}, maxReplicas: 3, {2}}}}}"
NOTE = "autoscaling.alpha.kubernetes.io/"


def first(metrics: object = None, behavior: object = None, spec: str = "") -> str:
    """Return an autoscaler of `autoscaling/v1`; metrics and behavior are its annotations."""
    stated = {"metrics": metrics, "behavior": behavior}
    notes = [
        f"{NOTE}{name}: {json.dumps(value if isinstance(value, str) else json.dumps(value))}"
        for name, value in stated.items()
        if value is not None
    ]
    return V1.format(", ".join(notes), TARGET, spec)


PACKETS = {"type": "Pods", "pods": {"metricName": "packets", "targetAverageValue": "1k"}}


def test_what_v1_keeps_in_annotations() -> None:
    root = read_first(
        first([PACKETS], {"ScaleUp": {"Policies": None, "x": 1}}, "targetCPUUtilizationPercentage: 5")
    ).root
    type = "autoscaling.v1.HorizontalPodAutoscaler"
    tree: Any = plain(converted(defaulted(root, kind=type), type, "1.37"))
    assert tree["metadata"]["annotations"] == {}
    assert tree["spec"]["behavior"] == {"scaleUp": {}}
    packets, cpu = tree["spec"]["metrics"]
    assert packets["pods"] == {"metric": {"name": "packets"}, "target": {"type": "AverageValue", "averageValue": "1k"}}
    assert cpu["resource"]["target"] == {"type": "Utilization", "averageUtilization": 5}


@pytest.mark.parametrize(
    ("metric", "says"),
    [
        (PACKETS, ""),
        ({"TYPE": "Resource", "Resource": {"name": "cpu", "targetAverageUtilization": 5}}, ""),
        ({"type": "Resource", "resource": {"name": "cpu", "targetAverageUtilization": 0}}, "out-of-range-target Invalid M.resource.target.averageUtilization"),
        ({"type": "Resource", "resource": {"name": "cpu", "targetAverageUtilization": 0.5}}, ""),
        ({"type": "Resource", "resource": {"name": "cpu", "targetAverageValue": "x"}}, ""),
        ({"type": "ContainerResource", "containerResource": {"name": "pods", "container": "a", "targetAverageValue": 1}}, "invalid-container-metric-resource Invalid M.containerResource.name"),
        ({"type": "External", "external": {"metricName": "a", "targetValue": 1, "targetAverageValue": 1}}, "conflicting-target-values Forbidden M.external.target.value"),
        ({"type": "Object", "object": {"target": {"kind": "a", "name": "b"}, "metricName": "a"}}, "out-of-range-target Invalid M.object.target.value"),
        ({"type": "Object", "object": {"target": {"kind": "a", "name": "b"}, "metricName": "a", "averageValue": 1}}, ""),
        ({"type": 1}, ""),
        ([], ""),
    ],
)  # fmt: skip
def test_metrics_in_an_annotation(metric: object, says: str) -> None:
    """The server validates what it can read, and ignores the rest."""
    assert said(first([metric])) == ({says.replace("M.", f"{M}.")} if says else set())


@pytest.mark.parametrize("text", ["", "null", "[", "[] x", "[NaN]", "a", "[[]]", "[" * 100000])
def test_an_annotation_that_is_no_json_is_ignored(text: str) -> None:
    assert said(first(text, text)) == set()


def test_behavior_in_an_annotation_has_no_defaults() -> None:
    assert said(first(behavior={"scaleUp": {}})) == {f"missing-scaling-policies Required {UP}.policies"}
    assert said(first(behavior={"scaleUp": None})) == set()


def test_a_fault_in_an_annotation_is_reported_there() -> None:
    text = "\n" + first([{**PACKETS, "type": "x"}])
    [problem] = validate(read_first(text).root)
    assert (problem.code, problem.line) == ("invalid-metric-type", 2)
    assert text.splitlines()[1][problem.column - 1 :].startswith('"[{')


def test_before_1_36_a_value_of_zero_beside_an_average_is_invalid() -> None:
    metric = {"type": "Object", "object": {"target": {"kind": "a", "name": "b"}, "metricName": "a", "averageValue": 1}}
    assert said(first([metric]), "1.35") == {f"out-of-range-target Invalid {M}.object.target.value"}


def test_an_update_from_one_version_to_another() -> None:
    new = fill(SPEC, "maxReplicas: 3")
    assert said_of_update(first(), new) == set()
    assert said_of_update(first(), new.replace("name: a}, spec", "name: b}, spec")) == {
        "changed-name Invalid metadata.name"
    }
    assert said_of_update(new, first(spec="minReplicas: 5")) == {"out-of-range-max-replicas Invalid spec.maxReplicas"}


def test_both_versions_have_all_their_rules() -> None:
    for text in (first(), fill(SPEC, "maxReplicas: 3")):
        assert validate_and_lint(read_first(text).root) == []
