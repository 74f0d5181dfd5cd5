"""What an object in a cluster becomes when a manifest is applied. `python -m conformance.cluster.applies` asks a real API server."""

from __future__ import annotations

import json
from string import Template
from typing import Any

import pytest
import yaml

from dsgen.kubernetes.apply.applied import Applied, applied
from dsgen.kubernetes.lint import CLIENT_SIDE, SERVER_SIDE
from dsgen.kubernetes.lint.apply import LAST_APPLIED
from dsgen.kubernetes.manifest import read_first
from dsgen.plain import plain_map
from dsgen.tree import Map

KUBECTL, OTHERS = ("kubectl", "Apply"), ("others", "Update")


def tree(root: dict[str, Any]) -> Map:
    found = read_first(json.dumps(root)).root
    assert isinstance(found, Map)
    return found


def pod(spec: str) -> dict[str, Any]:
    """Return a Pod with this spec; its kind decides how lists are merged."""
    metadata = {"name": "a", "namespace": "b"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": yaml.safe_load(spec)}


def fields(spec: str) -> dict[str, Any]:
    return {"f:spec": yaml.safe_load(Template(spec).substitute(ITEMS))}


def client_side(live: str, last: str, new: str) -> Any:
    """Return the spec that is left when `last` was applied client-side, others made `live` of it, and `new` is applied."""
    root = pod(live)
    root["metadata"] |= {"uid": "1", "annotations": {LAST_APPLIED: json.dumps(pod(last))}}
    found = applied(tree(root), tree(pod(new)), "1.37", CLIENT_SIDE)
    assert found is not None
    assert found.conflicts == []
    return plain_map(found.root)["spec"]


def server_side(live: str, new: str, owned: dict[tuple[str, str], str]) -> Applied:
    """Return what is left when `new` is applied server-side to `live`, whose fields managers own."""
    root = pod(live)
    managed = [
        {"manager": manager, "operation": operation, "fieldsV1": fields(spec)}
        for (manager, operation), spec in owned.items()
    ]
    root["metadata"] |= {"uid": "1", "managedFields": managed}
    found = applied(tree(root), tree(pod(new)), "1.37", SERVER_SIDE)
    assert found is not None
    assert "managedFields" not in found.root.map("metadata")
    return found


def spec_of(found: Applied) -> Any:
    return plain_map(found.root)["spec"]


@pytest.mark.parametrize(
    ("live", "last", "new", "expected"),
    [
        pytest.param("{a: 1, b: 2}", "{a: 1}", "{a: 1}", "{a: 1, b: 2}", id="what-others-set-stays"),
        pytest.param("{a: 1, b: 2}", "{a: 1, b: 2}", "{a: 1}", "{a: 1}", id="what-was-applied-goes"),
        pytest.param("{a: 1}", "{a: 1}", "{a: 3, c: 1}", "{a: 3, c: 1}", id="what-is-new-is-set"),
        pytest.param("{a: 1, b: 2}", "{a: 1}", "{a: 1, b: null}", "{a: 1}", id="null-removes"),
        pytest.param(
            "{nodeSelector: {a: b, c: d}}", "{nodeSelector: {a: b}}", "{nodeSelector: {a: x}}",
            "{nodeSelector: {a: x, c: d}}", id="map-of-strings",
        ),
        pytest.param(
            "{containers: [{name: a, image: x, tty: true}, {name: sidecar}]}", "{containers: [{name: a, image: x}]}",
            "{containers: [{name: a, image: y}]}", "{containers: [{name: a, image: y, tty: true}, {name: sidecar}]}",
            id="containers-by-name",
        ),
        pytest.param(
            "{containers: [{name: sidecar}, {name: a}, {name: b}]}", "{containers: [{name: a}, {name: b}]}",
            "{containers: [{name: b}, {name: new}]}", "{containers: [{name: sidecar}, {name: b}, {name: new}]}",
            id="order-of-others",
        ),
        pytest.param(
            "{containers: [{name: a, ports: [{containerPort: 1, protocol: TCP, name: x}]}]}",
            "{containers: [{name: a, ports: [{containerPort: 1, name: x}]}]}",
            "{containers: [{name: a, ports: [{containerPort: 1, protocol: UDP}]}]}",
            "{containers: [{name: a, ports: [{containerPort: 1, protocol: UDP}]}]}",
            id="ports-by-number",
        ),
        pytest.param(
            "{containers: [{name: a, args: [x, y]}]}", "{containers: [{name: a, args: [x]}]}",
            "{containers: [{name: a, args: [z]}]}", "{containers: [{name: a, args: [z]}]}", id="list-as-a-whole",
        ),
        pytest.param(
            "{volumes: [{name: a, hostPath: {path: /a, type: ''}}]}", "{volumes: [{name: a, hostPath: {path: /a}}]}",
            "{volumes: [{name: a, emptyDir: {}}]}", "{volumes: [{name: a, emptyDir: {}}]}", id="another-volume",
        ),
        pytest.param(
            "{volumes: [{name: a, hostPath: {path: /a}}]}", "{}", "{volumes: [{name: a, emptyDir: {}}]}",
            "{volumes: [{name: a, emptyDir: {}}]}", id="another-volume-of-others",
        ),
        pytest.param(
            "{containers: [{name: a, livenessProbe: {httpGet: {port: 1, scheme: HTTP}, periodSeconds: 10}}]}",
            "{containers: [{name: a, livenessProbe: {httpGet: {port: 1}}}]}",
            "{containers: [{name: a, livenessProbe: {tcpSocket: {port: 1}}}]}",
            "{containers: [{name: a, livenessProbe: {periodSeconds: 10, tcpSocket: {port: 1}}}]}", id="another-probe",
        ),
        pytest.param(
            "{containers: [{name: a, resources: {claims: [{name: x}, {name: y}]}}]}", "{}",
            "{containers: [{name: a, resources: {claims: [{name: x}]}}]}",
            "{containers: [{name: a, resources: {claims: [{name: x}]}}]}", id="claims-are-not-merged",
        ),
    ],
)  # fmt: skip
def test_client_side(live: str, last: str, new: str, expected: str) -> None:
    assert client_side(live, last, new) == yaml.safe_load(expected)


# Steps of managed fields: `a`, `b` and `x` are items that are merged by name.
ITEMS = {name: f'\'k:{{"name":"{name}"}}\'' for name in "abx"}
IMAGE = "{f:containers: {$a: {.: {}, f:image: {}}}}"


@pytest.mark.parametrize(
    ("live", "new", "owned", "expected"),
    [
        pytest.param("{a: 1, b: 2}", "{a: 1}", {KUBECTL: "{f:a: {}}"}, "{a: 1, b: 2}", id="what-others-set-stays"),
        pytest.param("{a: 1, b: 2}", "{a: 1}", {KUBECTL: "{f:a: {}, f:b: {}}"}, "{a: 1}", id="what-was-applied-goes"),
        pytest.param(
            "{a: 1, b: 2}", "{a: 1}", {KUBECTL: "{f:a: {}, f:b: {}}", OTHERS: "{f:b: {}}"}, "{a: 1, b: 2}", id="shared"
        ),
        pytest.param("{a: 1, b: 2}", "{a: 1, b: null}", {KUBECTL: "{f:a: {}}"}, "{a: 1}", id="null-removes"),
        pytest.param("{securityContext: {runAsUser: 1}}", "{securityContext: null}", {KUBECTL: "{}", OTHERS: "{f:securityContext: {f:runAsUser: {}}}"}, "{securityContext: {runAsUser: 1}}", id="null-of-a-map"),
        pytest.param("{securityContext: {runAsUser: 1}}", "{securityContext: null}", {KUBECTL: "{f:securityContext: {f:runAsUser: {}}}"}, "{securityContext: {}}", id="null-of-a-map-of-ones-own"),
        pytest.param("{nodeSelector: {}, containers: [{name: a, resources: {limits: {cpu: 1}}}]}", "{containers: [{name: a, resources: {limits: {cpu: null}}}]}", {OTHERS: "{}"}, "{nodeSelector: {}, containers: [{name: a, resources: {limits: {}}}]}", id="null-in-a-map"),
        pytest.param(
            "{nodeSelector: {a: b, c: d}}", "{nodeSelector: {a: x}}", {KUBECTL: "{f:nodeSelector: {}}"},
            "{nodeSelector: {a: x}}", id="atomic-map",
        ),
        pytest.param(
            "{containers: [{name: a, tty: true}, {name: b}, {name: c}]}", "{containers: [{name: a}]}",
            {KUBECTL: "{f:containers: {$a: {.: {}, f:name: {}}, $b: {.: {}, f:name: {}}}}"},
            "{containers: [{name: a, tty: true}, {name: c}]}", id="containers-by-name",
        ),
        pytest.param(
            "{containers: [{name: sidecar}, {name: a}, {name: b}]}", "{containers: [{name: b}, {name: a}, {name: new}]}",
            {OTHERS: "{}"}, "{containers: [{name: sidecar}, {name: b}, {name: a}, {name: new}]}", id="order-of-others",
        ),
        pytest.param(
            "{containers: [{name: a}, {name: sidecar}, {name: b}]}", "{containers: [{name: new}, {name: a}, {name: b}]}",
            {OTHERS: "{}"}, "{containers: [{name: new}, {name: a}, {name: sidecar}, {name: b}]}", id="order-of-new-ones",
        ),
        pytest.param(
            "{containers: [{name: a, livenessProbe: {httpGet: {port: 1, scheme: HTTP}, periodSeconds: 10}}]}",
            "{containers: [{name: a, livenessProbe: {tcpSocket: {port: 1}}}]}",
            {KUBECTL: "{f:containers: {$a: {.: {}, f:name: {}, f:livenessProbe: {f:httpGet: {f:port: {}}}}}}"},
            "{containers: [{name: a, livenessProbe: {periodSeconds: 10, tcpSocket: {port: 1}}}]}", id="another-probe",
        ),
        pytest.param(
            "{containers: [{name: a, env: [{name: x, value: y}]}]}", "{containers: [{name: a}]}",
            {KUBECTL: "{f:containers: {$a: {.: {}, f:env: {$x: {.: {}, f:value: {}}}}}}",
             OTHERS: "{f:containers: {$a: {f:env: {$x: {.: {}, f:name: {}}}}}}"},
            "{containers: [{name: a, env: [{name: x}]}]}", id="part-of-an-item-of-others",
        ),
        # What `kubectl apply` owned client-side is taken over.
        pytest.param(
            "{a: 1, b: 2}", "{a: 1}", {("kubectl-client-side-apply", "Update"): "{f:a: {}, f:b: {}}"}, "{a: 1}", id="migrated"
        ),
    ],
)  # fmt: skip
def test_server_side(live: str, new: str, owned: dict[tuple[str, str], str], expected: str) -> None:
    assert spec_of(server_side(live, new, owned)) == yaml.safe_load(expected)


def test_a_conflict_names_the_field_and_the_manager() -> None:
    found = server_side("{containers: [{name: a, image: x}]}", "{containers: [{name: a, image: y}]}", {OTHERS: IMAGE})
    assert [(each.field, each.manager) for each in found.conflicts] == [("spec.containers[a].image", "others")]
    same = server_side("{containers: [{name: a, image: x}]}", "{containers: [{name: a, image: x}]}", {OTHERS: IMAGE})
    own = server_side("{containers: [{name: a, image: x}]}", "{containers: [{name: a, image: y}]}", {KUBECTL: IMAGE})
    assert same.conflicts == own.conflicts == []


def test_how_it_was_applied_last() -> None:
    root = pod("{a: 1, b: 2}")
    assert applied(tree(root), tree(pod("{a: 1}")), "1.37") is None
    root["metadata"]["managedFields"] = [
        {"manager": "kubectl", "operation": "Apply", "fieldsV1": fields("{f:a: {}, f:b: {}}")},
        {"manager": "kubelet", "operation": "Update", "subresource": "status", "fieldsV1": fields("{f:b: {}}")},
    ]
    found = applied(tree(root), tree(pod("{a: 1}")), "1.37")
    assert found is not None
    assert spec_of(found) == {"a": 1}
    root["metadata"]["annotations"] = {LAST_APPLIED: json.dumps(pod("{a: 1}"))}
    found = applied(tree(root), tree(pod("{a: 1}")), "1.37")
    assert found is not None
    assert spec_of(found) == {"a": 1, "b": 2}


@pytest.mark.parametrize("label", ["applyset.kubernetes.io/part-of", "kustomize.toolkit.fluxcd.io/name"])
def test_labels_by_which_tools_find_their_objects_stay(label: str) -> None:
    root = pod("{}")
    root["metadata"]["labels"] = {label: "x", "old": "y"}
    root["metadata"]["annotations"] = {LAST_APPLIED: json.dumps(root)}
    found = applied(tree(root), tree(pod("{}")), "1.37")
    assert found is not None
    assert found.root.map("metadata", "labels") == {label: "x"}


@pytest.mark.parametrize("note", ["{", "[]", "null"])
def test_a_note_that_is_not_an_object(note: str) -> None:
    root = pod("{a: 1}")
    root["metadata"]["annotations"] = {LAST_APPLIED: note}
    assert applied(tree(root), tree(pod("{}")), "1.37") is None


def test_keys_that_are_not_scalars_are_of_no_item() -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"ports": [{"port": 80}]}}
    note = json.dumps({"spec": {"ports": [{"port": [80]}]}})
    noted = {**service, "metadata": {"name": "a", "annotations": {LAST_APPLIED: note}}}
    steps: dict[str, Any] = {"f:spec": {"f:ports": {'k:{"port":[80]}': {}}}}
    managed = {**service, "metadata": {"name": "a", "managedFields": [{"manager": "x", "fieldsV1": steps}]}}
    for live in (noted, managed):
        found = applied(tree(live), tree({**service, "spec": {"ports": [{"port": 81}]}}), "1.37")
        assert found is not None
        assert sorted(each["port"] for each in spec_of(found)["ports"]) == [80, 81]
