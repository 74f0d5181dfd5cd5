"""Fields that only another version of Kubernetes has: each is an error, and the rest is imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from dsgen.kubernetes.schema import fields
from tests.importer.imports import daemonset, imports

PROFILES = fields.load().types
SAMPLES: dict[str, Any] = {"str": "a", "int32": 1, "int64": 1, "[str]": ["a"]}
# Where fields of these types stand in a pod.
PLACES: dict[str, Any] = {
    "PodSpec": lambda value: value,
    "EmptyDirVolumeSource": lambda value: volume(emptyDir=value),
    "ConfigMapVolumeSource": lambda value: volume(configMap={"name": "a", **value}),
    "SecretVolumeSource": lambda value: volume(secret={"secretName": "a", **value}),
    "DownwardAPIVolumeSource": lambda value: volume(downwardAPI=value),
    "ProjectedVolumeSource": lambda value: volume(projected={"sources": [], **value}),
    "KeyToPath": lambda value: volume(configMap={"name": "a", "items": [{"key": "a", "path": "b", **value}]}),
    "DownwardAPIVolumeFile": lambda value: volume(downwardAPI={"items": [{"path": "b", **value}]}),
    "ServiceAccountTokenProjection": lambda value: source(serviceAccountToken={"path": "a", **value}),
    "ClusterTrustBundleProjection": lambda value: source(clusterTrustBundle={"path": "a", **value}),
    "PodCertificateProjection": lambda value: source(
        podCertificate={"signerName": "a.b/c", "keyType": "ED25519", **value}
    ),
    "HTTPGetAction": lambda value: container(livenessProbe={"httpGet": {"port": 80, **value}}),
    "GRPCAction": lambda value: container(livenessProbe={"grpc": {"port": 80, **value}}),
    "VolumeMount": lambda value: container(volumeMounts=[{"name": "v", "mountPath": "/v", **value}]),
}


def volume(**source: Any) -> dict[str, Any]:
    return {"volumes": [{"name": "v", **source}]}


def source(**projection: Any) -> dict[str, Any]:
    return volume(projected={"sources": [projection]})


def container(**stated: Any) -> dict[str, Any]:
    return {"containers": [{"name": "agent", "image": "x", **stated}], **volume(emptyDir={})}


def sample(notation: str, types: dict[str, dict[str, str]]) -> Any:
    if notation in SAMPLES:
        return SAMPLES[notation]
    if notation.startswith("["):
        return [sample(notation[1:-1], types)]
    return {name: sample(inner, types) for name, inner in types[notation].items()}


def beyond() -> Iterator[Any]:
    """Yield each field that profiles do not have, of a type that they have."""
    for minor in fields.MINORS:
        types = fields.load(minor).types
        for type, known in types.items():
            for name, notation in known.items():
                if type in PROFILES and name not in PROFILES[type]:
                    yield pytest.param(minor, type, name, sample(notation, types), id=f"{minor}-{type}.{name}")


@pytest.mark.parametrize(("minor", "type", "name", "value"), list(beyond()))
def test_unsupported_field(minor: str, type: str, name: str, value: Any) -> None:
    given = yaml.safe_load(daemonset())
    given["spec"]["template"]["spec"].update(PLACES[type]({name: value}))
    outcome = imports(yaml.safe_dump(given, sort_keys=False), minor=minor)
    (error,) = [problem for problem in outcome.problems if problem.code == "unsupported-field"]
    assert error.severity == "error"
    assert error.field.endswith(f".{name}")
    assert error.line
    assert f"Kubernetes {minor}" in error.message
    assert not outcome.imported[0].same
    assert name not in outcome.text


def test_some_fields_are_unsupported() -> None:
    assert len(list(beyond())) > 5
