from __future__ import annotations

from typing import Any

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema.decode import decode
from dsgen.kubernetes.schema.images import pull_policy, tag
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.plain import plain
from tests.kubernetes.manifests import daemonset


def of(text: str) -> Any:
    return plain(defaulted(decode(read_first(text).root).root))


def pod(fields: str) -> Any:
    return of(daemonset(pod=fields))["spec"]["template"]["spec"]


def test_what_an_almost_empty_daemonset_gets() -> None:
    spec = of("{apiVersion: apps/v1, kind: DaemonSet}")["spec"]
    assert spec == {
        "template": {
            "spec": {
                "terminationGracePeriodSeconds": 30,
                "securityContext": {},
                "restartPolicy": "Always",
                "dnsPolicy": "ClusterFirst",
                "schedulerName": "default-scheduler",
            }
        },
        "updateStrategy": {"rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0}, "type": "RollingUpdate"},
        "revisionHistoryLimit": 10,
    }


def test_containers() -> None:
    container = pod("a: ~")["containers"][0]
    assert container["imagePullPolicy"] == "IfNotPresent"
    assert container["terminationMessagePath"] == "/dev/termination-log"
    assert container["terminationMessagePolicy"] == "File"


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("{type: OnDelete}", {"type": "OnDelete"}),
        (
            "{rollingUpdate: {maxSurge: 1}}",
            {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 1}},
        ),
        (
            "{type: '', rollingUpdate: ~}",
            {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0}},
        ),
    ],
)
def test_update_strategy(strategy: str, expected: dict[str, object]) -> None:
    assert of(daemonset(spec=f"updateStrategy: {strategy}"))["spec"]["updateStrategy"] == expected


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        ("name: a", {"emptyDir": {}}),
        ("name: a, secret: ~", {"emptyDir": {}, "secret": None}),
        ("hostPath: {path: /a}", {"hostPath": {"path": "/a", "type": ""}}),
        ("secret: {secretName: a}", {"secret": {"secretName": "a", "defaultMode": 420}}),
        ("configMap: {name: a, defaultMode: 0}", {"configMap": {"name": "a", "defaultMode": 0}}),
        ("image: {reference: a}", {"image": {"reference": "a", "pullPolicy": "Always"}}),
        ("projected: {sources: [{serviceAccountToken: {path: a}}]}", {"projected": {"sources": [{"serviceAccountToken": {"path": "a", "expirationSeconds": 3600}}], "defaultMode": 420}}),
        ("iscsi: {iqn: a}", {"iscsi": {"iqn": "a", "iscsiInterface": "default"}}),
        ("azureDisk: {kind: Managed}", {"azureDisk": {"kind": "Managed", "cachingMode": "ReadWrite", "fsType": "ext4", "readOnly": False}}),
    ],
)  # fmt: skip
def test_volumes(volume: str, expected: dict[str, object]) -> None:
    found = pod(f"volumes: [{{{volume}}}]")["volumes"][0]
    found.pop("name", None)
    assert found == expected


def test_probes() -> None:
    text = daemonset().replace(
        "image: 'registry.example/agent:1'",
        "image: a, ports: [{containerPort: 1}], livenessProbe: {httpGet: {port: 1}, periodSeconds: 0}",
    )
    container = of(text)["spec"]["template"]["spec"]["containers"][0]
    assert container["ports"] == [{"containerPort": 1, "protocol": "TCP"}]
    assert container["livenessProbe"] == {
        "httpGet": {"port": 1, "path": "/", "scheme": "HTTP"},
        "periodSeconds": 10,
        "timeoutSeconds": 1,
        "successThreshold": 1,
        "failureThreshold": 3,
    }


def test_resources_are_rounded_up_to_thousandths() -> None:
    assert pod("overhead: {cpu: '0.0001', memory: 1Gi}")["overhead"] == {"cpu": "1m", "memory": "1Gi"}


def test_what_is_stated_stays_and_nothing_is_changed_in_place() -> None:
    root = decode(read_first(daemonset(pod="dnsPolicy: Default, terminationGracePeriodSeconds: 0")).root).root
    before = plain(root)
    found = defaulted(root)
    spec = plain(found)["spec"]["template"]["spec"]  # type: ignore[index]
    assert (spec["dnsPolicy"], spec["terminationGracePeriodSeconds"]) == ("Default", 0)
    assert plain(root) == before
    assert defaulted(found) is found


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        *[
            ("a", "latest"),
            ("a:1", "1"),
            ("a:latest", "latest"),
            ("registry:5000/a", "latest"),
            ("registry:5000/a:1", "1"),
        ],
        *[(f"a@sha256:{'a' * 64}", ""), (f"a:latest@sha256:{'a' * 64}", "latest"), (f"a@sha256:{'a' * 63}", "")],
        *[
            ("", ""),
            ("A", ""),
            ("A/b", "latest"),
            ("a:", ""),
            ("a b", ""),
            ("f" * 64, ""),
            ("localhost/A", ""),
            ("a//b", ""),
        ],
    ],
)
def test_the_tag_of_an_image(image: str, expected: str) -> None:
    assert tag(image) == expected
    assert pull_policy(image) == ("Always" if expected == "latest" else "IfNotPresent")
