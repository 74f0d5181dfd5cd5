"""Fields that only some versions of Kubernetes have: a profile can state each, and is told of versions that lack it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import dsgen
from dsgen.kubernetes.schema import fields
from tests.importer.imports import daemonset, imports

PROFILE = "name: agent\ncontainers: {agent: {image: 'a:1'}}\n"
SAMPLES: dict[str, Any] = {"str": "a", "int32": 1, "int64": 1, "{str}": {"a.b/c": "d"}, "{Quantity}": {"cpu": 1}}
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


def of_some() -> Iterator[Any]:
    """Yield each field of a pod that some versions lack, with one that has it."""
    tables = {minor: fields.load(minor).types for minor in fields.MINORS}
    for type, known in fields.any_version().items():
        for name, notation in known.items():
            having = [minor for minor, types in tables.items() if name in types.get(type, ())]
            if having and len(having) < len(tables) and type in PLACES:
                value = sample(notation, tables[having[-1]])
                yield pytest.param(having, type, name, value, id=f"{type}.{name}")


@pytest.mark.parametrize(("having", "type", "name", "value"), list(of_some()))
def test_a_field_that_some_versions_lack(having: list[str], type: str, name: str, value: Any) -> None:
    given = yaml.safe_load(daemonset())
    given["spec"]["template"]["spec"].update(PLACES[type]({name: value}))
    text = yaml.safe_dump(given, sort_keys=False)
    # The server drops some of these, or refuses the made-up value; the profile has them all the same.
    assert f"{name}:" in imports(text, minor=having[-1]).text
    lacking = next(minor for minor in reversed(fields.MINORS) if minor not in having)
    (error,) = [problem for problem in imports(text, minor=lacking).problems if problem.code == "unknown-field"]
    assert error.line
    assert error.message.startswith(f"Kubernetes {lacking} has no such field here; ")
    assert having[0] in error.message


def test_there_are_such_fields() -> None:
    assert len(list(of_some())) > 20


def test_a_field_of_one_version_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    profile = PROFILE + "workloadRef: {name: a, podGroup: b}\n"
    for minor in ("1.34", "1.36"):
        (problem,) = [each for each in dsgen.validate(dsgen.loads(profile), minor) if each.severity == "error"]
        assert (problem.code, problem.line) == ("unknown-field", 3)
        assert problem.message.endswith("; only 1.35 has it")
    (problem,) = dsgen.validate(dsgen.loads(profile), "1.35")
    assert (problem.code, problem.severity) == ("dropped-field", "warning")
