"""Pods by themselves: what is asked of them and not of pod templates, and what an update can change."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema.decode import decode
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.kubernetes.semantics.pod_level_resources import with_pod_level_resources
from dsgen.kubernetes.validate import validate_update
from dsgen.kubernetes.validation.companions import pod
from dsgen.plain import plain
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, table

FRAME = "{apiVersion: v1, kind: Pod, metadata: {name: NAME}, spec: {*}}"
POD = FRAME.replace("NAME", "a")
CONTAINERS = "containers: [{name: a, image: a}]"
SPEC = POD.replace("*", f"{CONTAINERS}, *")
EPHEMERAL = "{name: b, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1}}}}}}"
MIRRORED = SPEC.replace("name: a}", "name: a, annotations: {kubernetes.io/config.mirror: x}}", 1).replace(
    "*", "nodeName: node-1, *"
)

ROWS = [
    *table(
        POD,
        """
        invalid-pod-image | containers: [{name: a, image: a b}] | containers: [{name: a, image: ' a'}] | Invalid spec.containers[0].image
        """,
    ),
    *table(
        SPEC,
        f"""
        conflicting-scheduling-gates | schedulingGates: [{{name: a.b/c}}] | schedulingGates: [{{name: a.b/c}}], nodeName: node-1 | Forbidden spec.nodeName
        forbidden-ephemeral-container | ephemeralContainers: [] | ephemeralContainers: [{{name: e, image: a}}] | Forbidden spec.ephemeralContainers
        conflicting-ephemeral-claim | volumes: [{EPHEMERAL}, {{name: c, persistentVolumeClaim: {{claimName: a-c}}}}] | volumes: [{EPHEMERAL}, {{name: c, persistentVolumeClaim: {{claimName: a-b}}}}] | Invalid spec.volumes[1].persistentVolumeClaim.claimName
        """,
    ),
    *table(
        MIRRORED,
        """
        forbidden-mirror-pod-claims | hostIPC: false | resourceClaims: [{name: a, resourceClaimName: b}] | Forbidden []
        """,
    ),
    *table(
        FRAME.replace("*", f"{CONTAINERS}, volumes: [{EPHEMERAL}]").replace("NAME", "*"),
        """
        invalid-ephemeral-claim-name | <63> | A | Invalid metadata.name, Invalid spec.volumes[0].name, Warning metadata.name
        """,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, pod) == {"changed-pod", "changed-pod-annotation"}


def test_an_image_volume_needs_a_reference_in_every_version() -> None:
    text = fill(SPEC, "volumes: [{name: v, image: {}}]")
    for minor in ("1.36", "1.37"):
        assert said(text, minor) == {"missing-image-volume-reference Required spec.volumes[0].image.reference"}


LABELLED = "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: b, x: z}}, spec: {containers: [{name: main, image: a}], *}}"
TERM = "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: a, *}]}}"
SPREAD = "topologySpreadConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, *}]"
IN_TERM = "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0][0]"


@pytest.mark.parametrize(
    ("selector", "repeats"),
    [
        ("labelSelector: {matchLabels: {app: b}}, matchLabelKeys: [app]", True),
        ("labelSelector: {matchExpressions: [{key: app, operator: Exists}]}, matchLabelKeys: [app]", True),
        ("labelSelector: {matchLabels: {x: b}}, matchLabelKeys: [app]", False),
        ("labelSelector: {matchLabels: {none: b}}, matchLabelKeys: [none]", False),
    ],
)
def test_the_labels_of_a_new_pod_are_added_to_the_selector(selector: str, repeats: bool) -> None:
    for part, place in ((TERM, IN_TERM), (SPREAD, "spec.topologySpreadConstraints[0][0]")):
        pod = fill(LABELLED, part.replace("*", selector))
        assert {each.partition(" ")[2] for each in said(pod)} == ({f"Invalid {place}"} if repeats else set())
    term = read_first(fill(LABELLED, TERM.replace("*", selector))).root
    assert validate_update(term, term) == []


@pytest.mark.parametrize("name", ["''", "A_", "a/b", "<64>"])
def test_until_1_33_the_name_of_a_container_is_in_an_annotation(name: str) -> None:
    profile = "securityContext: {appArmorProfile: {type: RuntimeDefault}}, containers: [{name: *, image: a}]"
    pod = fill(POD, fill(profile, name))
    codes = {each.partition(" ")[0] for each in said(pod, "1.33")}
    assert codes - {each.partition(" ")[0] for each in said(pod, "1.34")} == {"invalid-app-armor-container"}
    assert "invalid-app-armor-container" not in {
        each.partition(" ")[0]
        for each in said(pod.replace("securityContext", "os: {name: windows}, securityContext"), "1.33")
    }
    assert said(fill(POD, fill(profile, "main")), "1.33") == set()


def test_a_pod_for_windows_is_not_warned_of_its_app_armor_annotation() -> None:
    annotation = "annotations: {container.apparmor.security.beta.kubernetes.io/main: unconfined}"
    pod = fill(POD, "containers: [{name: main, image: a}]").replace("name: a}", f"name: a, {annotation}}}", 1)
    assert {each.partition(" ")[0] for each in said(pod)} == {"deprecated-app-armor-annotation"}
    assert said(pod.replace("spec: {", "spec: {os: {name: windows}, ")) == set()


def updated(old: str, new: str, minor: str = "1.37") -> set[str]:
    old, new = (text if text.startswith("{") else fill(SPEC, text) for text in (old, new))
    problems = validate_update(read_first(old).root, read_first(new).root, minor)
    return {f"{each.code} {each.type} {each.field}".strip() for each in problems}


TOLERATION = "tolerations: [{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]"
GATED = "schedulingGates: [{name: a.b/c}]"
AFFINITY = "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Exists}*]}]}}}"
TERMS = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms"


@pytest.mark.parametrize(("old", "new", "says"), [
    ("hostIPC: false", SPEC.replace("image: a", "image: b").replace("*", "hostIPC: false"), ""),
    ("hostIPC: false", SPEC.replace("image: a", "image: ''").replace("*", "hostIPC: false"), "missing-image Required spec.containers[0].image"),
    ("hostIPC: false", "initContainers: [{name: b, image: b}]", "Forbidden spec.initContainers"),
    ("activeDeadlineSeconds: 5", "activeDeadlineSeconds: 4", ""),
    ("hostIPC: false", "activeDeadlineSeconds: 4", ""),
    ("activeDeadlineSeconds: 5", "activeDeadlineSeconds: 6", "Invalid spec.activeDeadlineSeconds"),
    ("activeDeadlineSeconds: 5", "hostIPC: false", "Invalid spec.activeDeadlineSeconds"),
    (TOLERATION, TOLERATION.replace("5", "7").replace("}]", "}, {key: b, operator: Exists}]"), ""),
    (TOLERATION, "hostIPC: false", "Forbidden spec.tolerations"),
    (TOLERATION, TOLERATION.replace("key: a", "key: b"), "Forbidden spec.tolerations"),
    (GATED, "schedulingGates: []", ""),
    ("hostIPC: false", GATED, "Forbidden spec.schedulingGates[0].name"),
    (f"{GATED}, nodeSelector: {{a: b}}", f"{GATED}, nodeSelector: {{a: b, c: d}}", ""),
    (f"{GATED}, nodeSelector: {{a: b}}", f"{GATED}, nodeSelector: {{c: d}}", "Invalid spec.nodeSelector"),
    ("nodeSelector: {a: b}", "nodeSelector: {a: b, c: d}", "Forbidden spec"),
    (f"{GATED}, {AFFINITY.replace('*', '')}", f"{GATED}, {AFFINITY.replace('*', ', {key: b, operator: Exists}')}", ""),
    (f"{GATED}, {AFFINITY.replace('*', '')}", f"{GATED}, {AFFINITY.replace('*', '').replace('key: a', 'key: b')}", f"Invalid {TERMS}[0]"),
    (f"{GATED}, {AFFINITY.replace('*', '')}", GATED, f"Invalid {TERMS}"),
    ("hostIPC: false", "hostNetwork: true", "Forbidden spec"),
    ("terminationGracePeriodSeconds: -5", "terminationGracePeriodSeconds: 1", ""),
    ("resources: {limits: {cpu: 4}}", "priorityClassName: ''", ""),
    ("resources: {limits: {cpu: 4}}", "resources: {limits: {cpu: 5}}", "Forbidden spec"),
])  # fmt: skip
def test_update(old: str, new: str, says: str) -> None:
    expected = {part if part.startswith("missing") else f"changed-pod {part}" for part in filter(None, [says])}
    found = updated(old, new)
    assert {each for each in found if not (says.startswith("missing") and each.startswith("changed-pod "))} == expected


def test_annotations_that_cannot_be_changed() -> None:
    key = "container.apparmor.security.beta.kubernetes.io/a"
    noted = fill(SPEC, "hostIPC: false").replace("name: a}", f"name: a, annotations: {{{key}: unconfined}}}}", 1)
    plain_one = fill(SPEC, "hostIPC: false")
    expected = {f"changed-pod-annotation Forbidden metadata.annotations[{key}]"}
    assert updated(plain_one, noted) == expected
    assert updated(noted, plain_one) == expected
    assert updated(noted, noted) == set()


RESOURCES = "resources: *, containers: [{name: a, image: a, resources: {limits: {cpu: 1, memory: 1Gi}}}, {name: b, image: a, resources: {limits: {cpu: 2}}}]"


@pytest.mark.parametrize(("stated", "older", "newer"), [
    ("{limits: {cpu: 4}}", {"limits": {"cpu": 4}, "requests": {"cpu": "3", "memory": "1Gi"}}, {"limits": {"cpu": 4}, "requests": {"cpu": "3", "memory": "1Gi"}}),
    ("{requests: {memory: 2Gi}}", {"requests": {"memory": "2Gi"}}, {"limits": {"cpu": "3"}, "requests": {"cpu": "3", "memory": "2Gi"}}),
    ("{limits: {hugepages-2Mi: 2Mi, cpu: 4}}", {"limits": {"hugepages-2Mi": "2Mi", "cpu": 4}, "requests": {"cpu": "3", "memory": "1Gi", "hugepages-2Mi": "2Mi"}}, {"limits": {"hugepages-2Mi": "2Mi", "cpu": 4}, "requests": {"cpu": "3", "memory": "1Gi", "hugepages-2Mi": "2Mi"}}),
    ("{}", {}, {}),
])  # fmt: skip
def test_the_resources_of_the_whole_pod(stated: str, older: object, newer: object) -> None:
    """Before 1.37, limits only for huge pages, and requests only beside limits."""
    root = read_first(fill(POD, RESOURCES.replace("*", stated))).root
    of = {minor: defaulted(decode(root, minor).root, minor, "Pod").map("spec") for minor in ("1.36", "1.37")}
    assert plain(of["1.36"]["resources"]) == older
    assert plain(with_pod_level_resources(of["1.37"], 37)["resources"]) == newer


def test_a_pod_that_asks_for_less_than_its_containers() -> None:
    text = fill(POD, RESOURCES.replace("*", "{limits: {cpu: 2}}"))
    assert "Invalid spec.resources.requests" in {each.partition(" ")[2] for each in said(text)}
