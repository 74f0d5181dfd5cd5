"""The specs of Deployments, ReplicaSets and ReplicationControllers, and PodTemplates, apart from their pods."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.kubernetes.validate import validate_update
from dsgen.kubernetes.validation.companions import deployment, replication_controller
from dsgen.plain import plain
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, table

TEMPLATE = "template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: a}]}}"
FRAME = "{apiVersion: apps/v1, kind: KIND, metadata: {name: a}, spec: {SELECTOR*, TEMPLATE}}".replace(
    "TEMPLATE", TEMPLATE
)
DEPLOYMENT = FRAME.replace("KIND", "Deployment")
SPEC = DEPLOYMENT.replace("SELECTOR", "selector: {matchLabels: {app: a}}, ")
STRATEGY = SPEC.replace("*", "strategy: *")
ROLLING = SPEC.replace("*", "strategy: {rollingUpdate: *}")
BARE = DEPLOYMENT.replace("SELECTOR", "")
REPLICAS = FRAME.replace("KIND", "ReplicaSet").replace("SELECTOR", "selector: {matchLabels: {app: a}}, ")
CONTROLLER = f"{{apiVersion: v1, kind: ReplicationController, metadata: {{name: a}}, spec: {{{TEMPLATE}, *}}}}"

ROWS = [
    *table(
        STRATEGY,
        """
        invalid-deployment-strategy | {type: Recreate} | {type: recreate} | NotSupported spec.strategy
        invalid-deployment-strategy | {type: ''} | {type: OnDelete} | NotSupported spec.strategy
        forbidden-rolling-update | {type: RollingUpdate, rollingUpdate: {}} | {type: Recreate, rollingUpdate: {}} | Forbidden spec.strategy.rollingUpdate
        forbidden-rolling-update | {type: Recreate, rollingUpdate: null} | {type: Recreate, rollingUpdate: {maxSurge: x}} | Forbidden spec.strategy.rollingUpdate
        """,
    ),
    *table(
        ROLLING,
        """
        invalid-deployment-rolling-update-number | {maxUnavailable: 100%} | {maxUnavailable: 101%} | Invalid spec.strategy.rollingUpdate.maxUnavailable
        invalid-deployment-rolling-update-number | {maxSurge: 101%} | {maxSurge: ' 1%'} | Invalid spec.strategy.rollingUpdate.maxSurge
        invalid-deployment-rolling-update-number | {maxSurge: 0} | {maxSurge: -1} | Invalid spec.strategy.rollingUpdate.maxSurge
        invalid-deployment-rolling-update-number | {maxSurge: 1} | {maxSurge: '1'} | Invalid spec.strategy.rollingUpdate.maxSurge
        out-of-range-deployment-max-unavailable | {maxSurge: 0} | {maxSurge: 0, maxUnavailable: 0%} | Invalid spec.strategy.rollingUpdate.maxUnavailable
        out-of-range-deployment-max-unavailable | {maxUnavailable: 0} | {maxUnavailable: 0, maxSurge: 0} | Invalid spec.strategy.rollingUpdate.maxUnavailable
        """,
    ),
    *table(
        SPEC,
        """
        out-of-range-progress-deadline-seconds | progressDeadlineSeconds: 1 | progressDeadlineSeconds: 0 | Invalid spec.progressDeadlineSeconds
        out-of-range-progress-deadline-seconds | progressDeadlineSeconds: 5, minReadySeconds: 4 | progressDeadlineSeconds: 5, minReadySeconds: 5 | Invalid spec.progressDeadlineSeconds
        out-of-range-progress-deadline-seconds | minReadySeconds: 599 | minReadySeconds: 600 | Invalid spec.progressDeadlineSeconds
        out-of-range-replicas | replicas: 0 | replicas: -1 | Invalid spec.replicas
        out-of-range-min-ready-seconds | minReadySeconds: 0 | minReadySeconds: -1 | Invalid spec.minReadySeconds
        out-of-range-revision-history-limit | revisionHistoryLimit: 0 | revisionHistoryLimit: -1 | Invalid spec.revisionHistoryLimit
        """,
    ),
    *table(
        BARE,
        """
        missing-selector | selector: {matchLabels: {app: a}} | selector: null | Required spec.selector, Invalid spec.template.metadata.labels
        empty-selector | selector: {matchLabels: {app: a}} | selector: {} | Invalid spec.selector
        mismatched-selector | selector: {matchLabels: {app: a}} | selector: {matchLabels: {app: b}} | Invalid spec.template.metadata.labels
        invalid-selector | selector: {matchExpressions: [{key: app, operator: Exists}]} | selector: {matchExpressions: [{key: app, operator: Gt}]} | Invalid spec.selector, Invalid spec.selector.matchExpressions[0].operator
        """,
    ),
    *table(
        REPLICAS,
        """
        out-of-range-replicas | replicas: 0 | replicas: -1 | Invalid spec.replicas
        """,
    ),
    *table(
        CONTROLLER,
        """
        missing-label-selector | selector: {app: a} | template: {spec: {containers: [{name: a, image: a}]}} | Required spec.selector
        missing-pod-template | selector: {app: a} | selector: {app: a}, template: null | Required spec.template
        mismatched-label-selector | selector: {app: a} | selector: {app: b} | Invalid spec.template.metadata.labels
        mismatched-label-selector | replicas: 1 | selector: {app: a, b: ''} | Invalid spec.template.metadata.labels
        out-of-range-replicas | replicas: 0 | replicas: -1 | Invalid spec.replicas
        out-of-range-min-ready-seconds | minReadySeconds: 0 | minReadySeconds: -1 | Invalid spec.minReadySeconds
        """,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    right, wrong = (
        text.replace(f"{TEMPLATE}, ", "") if "template: " in text.replace(TEMPLATE, "") else text
        for text in (right, wrong)
    )
    check(code, right, wrong, says)


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, deployment, replication_controller) == set()


def test_a_name_that_is_no_host_name() -> None:
    for kind in ("Deployment", "ReplicaSet"):
        named = REPLICAS.replace("ReplicaSet", kind).replace("name: a}", "name: a.b}", 1).replace("*", "replicas: 1")
        assert said(named) == {"non-canonical-workload-name Warning metadata.name"}
        generated = named.replace("name: a.b", "generateName: a.b-")
        assert said(generated) == {"non-canonical-workload-name Warning metadata.name"}
    assert said(named.replace("ReplicaSet", "DaemonSet").replace("replicas: 1, ", "")) == set()


def test_pods_are_not_validated_before_the_selector_is_right() -> None:
    wrong = BARE.replace("*", "selector: *").replace("containers: [{name: a, image: a}]", "containers: []")
    assert said(fill(wrong, "{matchLabels: {app: a}}")) == {"missing-containers Required spec.template.spec.containers"}
    assert said(fill(wrong, "{matchLabels: {app: -}}")) == {
        "invalid-selector Invalid spec.selector.matchLabels",
        "invalid-selector Invalid spec.selector",
    }


def updated(old: str, new: str) -> set[str]:
    problems = validate_update(read_first(old).root, read_first(new).root)
    return {f"{each.code} {each.type} {each.field}".strip() for each in problems}


LAST = SPEC.replace("name: a}", "name: a, generation: 9223372036854775807}", 1)
NOTED = LAST.replace("name: a,", "name: a, annotations: {a: b},", 1)
TWICE = "volumes: [{name: a, secret: {secretName: a, items: [{key: a, path: b}, {key: c, path: b}]}}]"


@pytest.mark.parametrize("kind", ["Deployment", "ReplicaSet"])
def test_update(kind: str) -> None:
    frame = SPEC.replace("Deployment", kind)
    old = fill(frame, "replicas: 1")
    assert updated(old, fill(frame, "replicas: 2")) == set()
    selected = old.replace("matchLabels: {app: a}", "matchExpressions: [{key: app, operator: Exists}]")
    assert updated(old, selected) == {"changed-selector Invalid spec.selector"}
    assert updated(old.replace("name: a}", "name: A}", 1), old.replace("name: a}", "name: A}", 1)) == set()
    last = LAST.replace("Deployment", kind)
    assert updated(fill(last, "replicas: 1"), fill(last, "replicas: 1")) == set()
    assert updated(fill(last, "replicas: 1"), fill(last, "replicas: 2")) == {
        "out-of-range-next-generation Invalid metadata.generation"
    }


def test_a_replication_controller_has_the_labels_of_its_pods() -> None:
    root = read_first(fill(CONTROLLER, "replicas: 2")).root
    tree = plain(defaulted(root, kind="ReplicationController"))
    assert isinstance(tree, dict)
    assert (tree["metadata"]["labels"], tree["spec"]["selector"]) == ({"app": "a"}, {"app": "a"})
    stated = fill(CONTROLLER, "selector: {app: a}").replace("name: a}", "name: a, labels: {b: c}}", 1)
    assert defaulted(read_first(stated).root, kind="ReplicationController").map("metadata", "labels") == {"b": "c"}


def test_an_update_of_a_replication_controller_warns_of_the_old_pods() -> None:
    old, new = (fill(CONTROLLER, f"replicas: {number}") for number in (1, 2))
    warned = "containers: [", f"{TWICE}, containers: ["
    assert updated(old.replace(*warned), new) != set()
    assert updated(old, new.replace(*warned)) == set()
    assert updated(old.replace(*warned), old.replace(*warned)) == set()
    selected = fill(CONTROLLER, "selector: {b: c}").replace("app: a}", "app: a, b: c}")
    assert updated(selected.replace("b: c}, spec", "b: c}, spec"), selected) == set()


def test_the_name_that_the_server_generates_is_validated() -> None:
    """Of a ReplicationController, since 1.35 only that, not `generateName`."""
    generated = fill(CONTROLLER, "replicas: 1").replace("name: a}", "generateName: A}", 1)
    old = {"invalid-generate-name Invalid metadata.generateName", "invalid-object-name Invalid metadata.name"}
    warning = {"non-canonical-workload-name Warning metadata.name"}
    assert said(generated, "1.34") == old | warning
    assert said(generated, "1.35") == {"invalid-object-name Invalid metadata.name"} | warning
    assert said(generated.replace("generateName: A}", "name: a, generateName: a..b}"), "1.37") == set()


def test_an_update_of_a_pod_template() -> None:
    old = (
        "{apiVersion: v1, kind: PodTemplate, metadata: {name: A}, "
        + TEMPLATE.replace("containers: [", f"{TWICE}, containers: [")
        + "}"
    )
    assert updated(old, old) == set()
    assert updated(old, old.replace("name: A", "name: A, labels: {a: b}")) == set()
    assert updated(old, old.replace("image: a", "image: b")) != set()
    last = old.replace("name: A", "name: A, generation: 9223372036854775807")
    assert "out-of-range-next-generation Invalid metadata.generation" in updated(
        last, last.replace("image: a", "image: b")
    )


def test_annotations_of_a_deployment_count() -> None:
    """The controller copies them to the ReplicaSets."""
    expected = {"out-of-range-next-generation Invalid metadata.generation"}
    assert updated(fill(LAST, "replicas: 1"), fill(NOTED, "replicas: 1")) == expected
    replicas = [fill(each.replace("Deployment", "ReplicaSet"), "replicas: 1") for each in (LAST, NOTED)]
    assert updated(*replicas) == set()


@pytest.mark.parametrize(("kind", "field", "warned"), [
    ("Deployment", "replicas: 2", True), ("Deployment", "annotations", True), ("Deployment", "labels", False),
    ("ReplicaSet", "replicas: 2", True), ("ReplicaSet", "annotations", False), ("DaemonSet", "minReadySeconds: 2", False),
])  # fmt: skip
def test_warnings_of_pods_are_repeated_when_the_generation_changes(kind: str, field: str, warned: bool) -> None:
    frame = SPEC.replace("Deployment", kind).replace("containers: [", f"{TWICE}, containers: [")
    old = fill(frame, "minReadySeconds: 1")
    new = old.replace("name: a}", f"name: a, {field}: {{a: b}}}}", 1) if ":" not in field else fill(frame, field)
    assert bool(updated(old, new)) == warned


def test_defaults() -> None:
    root = read_first(fill(SPEC, "paused: true")).root
    spec = plain(defaulted(root, kind="Deployment").map("spec"))
    assert isinstance(spec, dict)
    assert (spec["replicas"], spec["revisionHistoryLimit"], spec["progressDeadlineSeconds"]) == (1, 10, 600)
    rolling = {"maxUnavailable": "25%", "maxSurge": "25%"}
    assert spec["strategy"] == {"type": "RollingUpdate", "rollingUpdate": rolling}
