"""What a change does is what the API server says of it, on recorded pairs."""

from __future__ import annotations

import json

import pytest

from conformance.pods.pairs import differences, recorded
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.semantics import normalize as stored_module
from dsgen.kubernetes.semantics.field_diff import changes
from dsgen.kubernetes.semantics.normalize import normalized
from dsgen.kubernetes.update_effect import replacement
from dsgen.plain import plain
from dsgen.tree import Map

# Every twelfth pair, and in the long run all; `python -m conformance.pods.pairs` makes fresh ones.
STEP = 12
SHARES = [pytest.param(share, marks=pytest.mark.long if share else ()) for share in range(STEP)]


@pytest.mark.parametrize("share", SHARES)
def test_agrees_with_the_server(share: int) -> None:
    wrong = differences(recorded()[share::STEP])
    assert not wrong, "\n".join(wrong[:3])


def test_the_record_asks_much() -> None:
    pairs = recorded()
    assert len(pairs) >= 2000
    assert sum(pair.same for pair in pairs) > 200
    assert sum(pair.same_template and not pair.same for pair in pairs) > 80
    assert sum(not pair.accepted for pair in pairs) > 200


def test_the_record_misses_the_old_name_of_the_service_account(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [pair for pair in recorded() if "'serviceAccount'" in str(pair)]
    monkeypatch.setattr(stored_module, "one_account", lambda value: value)
    assert differences(pairs)


def test_the_record_misses_what_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_module, "says_nothing", lambda value, *_: value is None)
    assert differences(recorded()[:200])


def obj(text: str) -> Map:
    root = read_first(text).root
    assert isinstance(root, Map)
    return root


DAEMONSET = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: tools%s}
spec:
  selector: {matchLabels: {app: agent}}%s
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: agent, image: "example.com/agent:1.0"%s}]}
"""
LIVE = """\
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
  namespace: tools
  uid: 6e3ae5ee-6a4f-4a3b-8e5f-0ab2a4a5d3d2
  resourceVersion: "12"
  generation: 3
  creationTimestamp: "2026-01-01T00:00:00Z"
  annotations: {deprecated.daemonset.template.generation: "3"}
  managedFields: [{manager: kubectl, operation: Apply, apiVersion: apps/v1, fieldsType: FieldsV1}]
spec:
  revisionHistoryLimit: 10
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {creationTimestamp: null, labels: {app: agent}}
    spec:
      containers:
      - name: agent
        image: example.com/agent:1.0
        imagePullPolicy: IfNotPresent
        resources: {}
        terminationMessagePath: /dev/termination-log
        terminationMessagePolicy: File
      dnsPolicy: ClusterFirst
      restartPolicy: Always
      schedulerName: default-scheduler
      securityContext: {}
      terminationGracePeriodSeconds: 30
  updateStrategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}, type: RollingUpdate}
status: {desiredNumberScheduled: 7, currentNumberScheduled: 7, numberMisscheduled: 0, numberReady: 7}
"""


def daemonset(metadata: str = "", spec: str = "", container: str = "") -> str:
    return DAEMONSET % (metadata, spec and f"\n  {spec}", container)


@pytest.mark.parametrize(
    ("old", "new", "outcome", "fields"),
    [
        pytest.param(LIVE, daemonset(), "same", [], id="live"),
        pytest.param(daemonset(), daemonset(", labels: {a: b}"), "kept", ["metadata.labels"], id="labels"),
        pytest.param(daemonset(), daemonset("", "minReadySeconds: 5"), "kept", ["spec.minReadySeconds"], id="pace"),
        pytest.param(
            daemonset("", "", ", resources: {limits: {cpu: 1}}"),
            daemonset("", "", ", resources: {limits: {cpu: 1000m}}"),
            "same",
            [],
            id="quantity",
        ),
        pytest.param(
            daemonset(),
            daemonset().replace("1.0", "1.1"),
            "restarted",
            ["spec.template.spec.containers[agent].image"],
            id="image",
        ),
        pytest.param(
            daemonset(),
            daemonset().replace("app: agent", "app: other"),
            "recreated",
            ["spec.selector.matchLabels.app", "spec.template.metadata.labels.app"],
            id="selector",
        ),
        pytest.param(
            daemonset(), daemonset("", "minReadySeconds: -5"), "refused", ["spec.minReadySeconds"], id="refused"
        ),
    ],
)
def test_daemonsets(old: str, new: str, outcome: str, fields: list[str]) -> None:
    found = replacement(obj(old), obj(new))
    assert (found.outcome, [change.field for change in found.changes]) == (outcome, fields)
    assert bool(found.problems) == (outcome == "refused")


RBAC = "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a}\n"
ROLE = "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %s}\nsubjects: [{kind: ServiceAccount, name: %s, namespace: x}]\n"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]%s}\n"
CLASS = "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: a}\n"


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        pytest.param(RBAC + ROLE % ("a", "b"), RBAC + ROLE % ("c", "b"), "recreated", id="role"),
        pytest.param(RBAC + ROLE % ("a", "b"), RBAC + ROLE % ("a", "c"), "kept", id="subject"),
        pytest.param(CONFIG + "data: {a: b}", CONFIG + "data: {a: c}", "kept", id="config"),
        pytest.param(CONFIG + "immutable: true\ndata: {a: b}", CONFIG + "immutable: true\ndata: {a: c}", "recreated", id="fixed-config"),
        pytest.param(CLASS + "value: 1", CLASS + "value: 2", "recreated", id="priority"),
        pytest.param(CLASS + "value: 1", CLASS + "value: 1\ndescription: a", "kept", id="description"),
        pytest.param(SERVICE % ", clusterIP: None", SERVICE % ", clusterIP: 10.0.0.1", "recreated", id="address"),
        pytest.param(SERVICE % ", clusterIP: 10.0.0.1", SERVICE % "", "kept", id="given-address"),
        pytest.param(CONFIG + "data: {a: b}", CONFIG + "data: {a: 1}", "refused", id="refused"),
        pytest.param("apiVersion: example.com/v1\nkind: Other\nmetadata: {name: a}\nspec: {b: 1}", "apiVersion: example.com/v1\nkind: Other\nmetadata: {name: a}\nspec: {b: 2}", "unknown", id="unknown"),
    ],
)  # fmt: skip
def test_other_kinds(old: str, new: str, outcome: str) -> None:
    assert replacement(obj(old), obj(new)).outcome == outcome


def test_a_live_object_is_as_it_was_applied() -> None:
    assert plain(normalized(obj(LIVE))) == plain(normalized(obj(daemonset())))


def test_old_name_of_the_service_account() -> None:
    old = daemonset().replace("spec: {containers", "spec: {serviceAccountName: a, serviceAccount: a, containers")
    new = daemonset().replace("spec: {containers", "spec: {serviceAccountName: a, containers")
    assert replacement(obj(old), obj(new)).outcome == "same"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("containers: [{name: a}, {name: b}]", "containers: [{name: b}, {name: a}]", [("containers", ["a", "b"], ["b", "a"])]),
        ("env: [{name: A, value: x}]", "env: [{name: A, value: z}]", [("env[A].value", "x", "z")]),
        ("env: [{name: A}]", "env: [{name: B}]", [("env[A]", {"name": "A"}, None), ("env[B]", None, {"name": "B"})]),
        ("env: [{name: A}, {name: A}]", "env: []", [("env", [{"name": "A"}, {"name": "A"}], [])]),
        ("args: [a]", "args: [b]", [("args", ["a"], ["b"])]),
        ("ports: [{containerPort: 1, protocol: TCP}]", "ports: [{containerPort: 1, protocol: TCP, name: a}]", [("ports[1/TCP].name", None, "a")]),
        ("labels: {a.b/c: d}", "labels: {a.b/c: ''}", [("labels[a.b/c]", "d", "")]),
    ],
)  # fmt: skip
def test_changes(old: str, new: str, expected: list[object]) -> None:
    found = changes(obj(f"{{{old}}}"), obj(f"{{{new}}}"))
    assert [(change.field, plain(change.old), plain(change.new)) for change in found] == expected


WORKLOAD = """\
apiVersion: %s
kind: %s
metadata: {name: agent, namespace: tools}
spec:
  selector: {matchLabels: {app: agent}}%s
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: agent, image: "example.com/agent:1.0"}]}
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: tools}
spec: {containers: [{name: agent, image: "example.com/agent:1.0"}]}
"""
THING = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a, namespace: b}\nspec: {number: 1}\n"
DEPLOYMENT, SET = WORKLOAD % ("apps/v1", "Deployment", ""), WORKLOAD % ("apps/v1", "StatefulSet", "")
PAUSED = WORKLOAD % ("apps/v1", "Deployment", "\n  paused: true")


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        pytest.param(DEPLOYMENT, DEPLOYMENT.replace(":1.0", ":1.1"), "restarted", id="deployment"),
        pytest.param(DEPLOYMENT, WORKLOAD % ("apps/v1", "Deployment", "\n  replicas: 3"), "kept", id="replicas"),
        pytest.param(DEPLOYMENT, PAUSED.replace(":1.0", ":1.1"), "kept", id="paused"),
        pytest.param(PAUSED, DEPLOYMENT.replace(":1.0", ":1.1"), "restarted", id="resumed-with-another-template"),
        pytest.param(PAUSED, DEPLOYMENT, "unknown", id="resumed"),
        pytest.param(SET, SET.replace(":1.0", ":1.1"), "restarted", id="stateful-set"),
        pytest.param(
            DEPLOYMENT.replace("Deployment", "ReplicaSet"),
            DEPLOYMENT.replace("Deployment", "ReplicaSet").replace(":1.0", ":1.1"),
            "kept",
            id="replica-set",
        ),
        pytest.param(POD, POD.replace(":1.0", ":1.1"), "restarted", id="pod"),
        pytest.param(POD, POD.replace("tools}", "tools, labels: {a: b}}"), "kept", id="label-of-a-pod"),
        pytest.param(THING, THING.replace("1}", "2}"), "unknown", id="custom-resource"),
        pytest.param(THING, THING, "same", id="same-custom-resource"),
    ],
)
def test_effect_on_pods_by_kind(old: str, new: str, outcome: str) -> None:
    assert replacement(obj(old), obj(new)).outcome == outcome


def test_what_the_server_fills_in_is_no_change() -> None:
    templates = "\n  volumeClaimTemplates: [{metadata: {name: a}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}%s}]"
    added = ", apiVersion: v1, kind: PersistentVolumeClaim, status: {phase: Pending}"
    old, new = (WORKLOAD % ("apps/v1", "StatefulSet", templates % each) for each in (added, ""))
    assert replacement(obj(old), obj(new)).outcome == "same"
    assert replacement(obj(new), obj(old)).outcome == "same"
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\nsecrets: [{name: token%s}]\n"
    # The server keeps nothing but the names.
    assert replacement(obj(account % ""), obj(account % ", namespace: x")).outcome == "same"
    job = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec:\n  schedule: '@daily'\n  jobTemplate:%s\n    spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}\n"
    assert replacement(obj(job % "\n    metadata: {}"), obj(job % "")).outcome == "same"


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec: {%s, containers: [{name: a, image: b, resources: {limits: {cpu: %s}}}]}
"""


@pytest.mark.parametrize(
    ("account", "cpu", "expected"),
    [
        ("serviceAccountName: a, serviceAccount: a", "1000m", "same"),
        ("serviceAccount: a", "'1'", "same"),
        ("serviceAccountName: b", "1", "recreated"),
        ("serviceAccountName: a", "2", "recreated"),
    ],
)
def test_a_pod_as_it_is_stored_is_unchanged(account: str, cpu: str, expected: str) -> None:
    """The server returns both names of the account, and canonical quantities."""
    found = replacement(obj(POD % ("serviceAccountName: a", "1")), obj(POD % (account, cpu)))
    assert found.outcome == expected


def test_what_is_dropped_from_a_pod_template_is_no_change() -> None:
    """The feature gate of eviction responders is off."""
    text = "apiVersion: v1\nkind: PodTemplate\nmetadata: {name: a}\ntemplate: {spec: {evictionResponders: [{name: example.com/%s, priority: 2000}], containers: [{name: a, image: b}]}}\n"
    assert replacement(obj(text % "a"), obj(text % "b")).outcome == "same"


@pytest.mark.parametrize("version", ["v1", "v1beta1", "v1beta2"])
def test_empty_metadata_of_a_claim_template_is_none(version: str) -> None:
    text = f"apiVersion: resource.k8s.io/{version}\nkind: ResourceClaimTemplate\nmetadata: {{name: a}}\nspec: {{%sspec: {{devices: {{}}}}}}\n"
    assert replacement(obj(text % ""), obj(text % "metadata: {}, ")).outcome == "same"
    assert replacement(obj(text % ""), obj(text % "metadata: {labels: {a: b}}, ")).changes


METRICS = '[{"type": "Pods", "pods": {"metricName": "packets", "targetAverageValue": "1k"}}]'


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ({"metrics": METRICS}, "kept"),
        ({"metrics": "[]"}, "same"),
        ({"metrics": "no"}, "same"),
        (
            {
                "behavior": '{"scaleUp": {"policies": [{"type": "Pods", "value": 4, "periodSeconds": 15}], "selectPolicy": "Max"}}'
            },
            "kept",
        ),
        ({"behavior": '{"scaleUp": 1}'}, "same"),
        ({"conditions": "[]"}, "same"),
    ],
)
def test_what_an_autoscaler_keeps_in_annotations(annotations: dict[str, str], expected: str) -> None:
    """In `autoscaling/v1`, the server reads what only `v2` has from annotations, and ignores what it cannot read."""
    text = "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {name: a%s}\nspec: {maxReplicas: 5, targetCPUUtilizationPercentage: 60, scaleTargetRef: {kind: Deployment, name: a, apiVersion: apps/v1}}\n"
    notes = {f"autoscaling.alpha.kubernetes.io/{name}": value for name, value in annotations.items()}
    plainly, noted = obj(text % ""), obj(text % f", annotations: {json.dumps(notes)}")
    assert replacement(plainly, noted).outcome == expected
    respelled = obj(
        text % f", annotations: {json.dumps({key: value.replace(' ', '') for key, value in notes.items()})}"
    )
    assert replacement(noted, respelled).outcome == "same"


@pytest.mark.parametrize(
    ("kind", "one", "other", "is_same"),
    [
        ("ConfigMap", "binaryData: {a: eA==}", 'binaryData: {a: "eA==\\n"}', True),
        ("ConfigMap", "binaryData: {a: eA==}", "binaryData: {a: eQ==}", False),
        ("scheduling.k8s.io/v1 PriorityClass", "value: 0", "globalDefault: false", True),
        ("scheduling.k8s.io/v1 PriorityClass", "value: 0", "value: 1", False),
        ("coordination.k8s.io/v1 Lease", "spec: {}", "", True),
        ("PersistentVolume", "spec: {storageClassName: ''}", "spec: {}", True),
        ("PersistentVolumeClaim", "spec: {storageClassName: ''}", "spec: {}", False),
        ("Service", "spec: {publishNotReadyAddresses: false}", "spec: {}", True),
        ("Service", "spec: {sessionAffinityConfig: {clientIP: {timeoutSeconds: 1}}}", "spec: {}", True),
        ("Service", "spec: {sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 1}}}", "spec: {sessionAffinity: ClientIP}", False),
        ("apiextensions.k8s.io/v1 CustomResourceDefinition", "spec: {preserveUnknownFields: false}", "spec: {}", True),
        ("resource.k8s.io/v1 DeviceClass", "spec: {config: [{opaque: {driver: a, parameters: {a: ~}}}]}", "spec: {config: [{opaque: {driver: a, parameters: {}}}]}", False),
        ("resource.k8s.io/v1 DeviceClass", "spec: {config: [{opaque: {driver: a, parameters: {a: ~, b: 1}}}]}", "spec: {config: [{opaque: {driver: a, parameters: {b: 1, a: ~}}}]}", True),
        ("networking.k8s.io/v1 NetworkPolicy", "spec: {podSelector: {}}", "spec: {}", True),
        ("resource.k8s.io/v1 DeviceClass", "spec: {config: [{opaque: {driver: a, parameters: {a: [1.0]}}}]}", "spec: {config: [{opaque: {driver: a, parameters: {a: [1]}}}]}", True),
        ("example.com/v1 Other", "spec: {}", "", False),
        ("example.com/v1 Service", "spec: {sessionAffinity: None, sessionAffinityConfig: {}}", "spec: {sessionAffinity: None}", False),
    ],
)  # fmt: skip
def test_what_is_the_same_in_other_kinds(kind: str, one: str, other: str, is_same: bool) -> None:
    """As `python -m conformance.same.pairs` found it."""
    version, name = f"v1 {kind}".split()[-2:]
    old, new = (obj(f"apiVersion: {version}\nkind: {name}\nmetadata: {{name: a}}\n{text}\n") for text in (one, other))
    assert (not changes(normalized(old), normalized(new))) == is_same


def test_resources_of_a_pod_that_are_not_validated() -> None:
    """Before 1.34, the gate of resources of the whole pod is off, and the server compares them all the same."""
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {resources: {limits: {cpu: %s}}, containers: [{name: a, image: b}]}\n"
    job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {template: {spec: {restartPolicy: Never, resources: {limits: {cpu: %s}}, containers: [{name: a, image: b}]}}}\n"
    for text in (pod, job):
        assert replacement(obj(text % "1"), obj(text % "1000m"), "1.33").outcome == "same"
        assert replacement(obj(text % "1"), obj(text % "2"), "1.33").outcome != "kept"
