"""The way back from defaults: what is left out is what the API server sets again, and nothing that it would is left."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import sample
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema.decode import decode
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.kubernetes.semantics.omit_defaults import without_defaults
from dsgen.plain import plain
from dsgen.tree import Map

MINOR = "1.37"


def keep(type: str, key: str, holder: Map) -> bool:
    """Keep what is no field of the pods: without defaults, a DaemonSet is hardly more than its header."""
    return type in ("DaemonSet", "ObjectMeta")


def shorter(type: str, text: str) -> Any:
    return plain(without_defaults(read_first(text).root, type, MINOR, keep))


@pytest.mark.parametrize(
    ("type", "text", "expected"),
    [
        pytest.param("DaemonSetUpdateStrategy", "{type: RollingUpdate, rollingUpdate: {maxUnavailable: 1, maxSurge: 0}}", {}, id="all of it"),
        pytest.param(
            "DaemonSetUpdateStrategy", "{type: RollingUpdate, rollingUpdate: {maxUnavailable: 2, maxSurge: 0}}",
            {"rollingUpdate": {"maxUnavailable": 2}}, id="a part",
        ),
        pytest.param("DaemonSetUpdateStrategy", "{type: OnDelete}", {"type": "OnDelete"}, id="another value"),
        pytest.param("Container", "{name: a, image: b, imagePullPolicy: Always}", {"name": "a", "image": "b"}, id="what an image decides"),
        pytest.param("Container", "{image: 'b:1', imagePullPolicy: Always}", {"image": "b:1", "imagePullPolicy": "Always"}, id="and not decides"),
        pytest.param("ServicePort", "{port: 80, targetPort: 80, protocol: TCP}", {"port": 80}, id="what another field decides"),
        pytest.param("PodSpec", "{hostNetwork: false, hostPID: true}", {"hostPID": True}, id="a zero that is absent"),
        pytest.param("PodSpec", "{securityContext: {}, resources: {}}", {"resources": {}}, id="an empty map"),
        pytest.param("Probe", "{httpGet: {path: /, port: 80}, periodSeconds: 10}", {"httpGet": {"port": 80}}, id="inside"),
        pytest.param("[VolumeMount]", "[{name: a, readOnly: false}]", [{"name": "a"}], id="a list"),
        pytest.param("{str}", "{a: ''}", {"a": ""}, id="free keys"),
        pytest.param("Namespace", "{metadata: {name: a, labels: {kubernetes.io/metadata.name: a}}}", {"metadata": {"name": "a"}}, id="what the server adds"),
    ],
)  # fmt: skip
def test_what_is_left(type: str, text: str, expected: Any) -> None:
    assert shorter(type, text) == expected


def test_defaults_bring_it_back() -> None:
    seen = 0
    for one in sample.chosen(MINOR, "DaemonSet")[::7]:
        decoded = decode(read_first(one.text).root, MINOR)
        if one.outcome.accepted and decoded.kind:
            less = without_defaults(decoded.root, decoded.kind, MINOR, keep)
            assert semantic_equal(defaulted(less, MINOR), defaulted(decoded.root, MINOR))
            assert plain(without_defaults(less, decoded.kind, MINOR, keep)) == plain(less)
            again = without_defaults(defaulted(decoded.root, MINOR), decoded.kind, MINOR, keep)
            assert semantic_equal(again, less)
            seen += 1
    assert seen > 30
