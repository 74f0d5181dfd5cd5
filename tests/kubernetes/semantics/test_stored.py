"""What `generate --defaults` writes; `python -m conformance.same.stored` compares it with the API server's own code for all kinds."""

from __future__ import annotations

from typing import Any

import pytest

from dsgen import yaml_writer
from dsgen.generate.objects import with_defaults
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema import fields
from dsgen.plain import plain
from dsgen.tree import Map
from tests.kubernetes.manifests import daemonset


def stored(text: str) -> Map:
    root = read_first(text).root
    assert isinstance(root, Map)
    return with_defaults(root, fields.DEFAULT)


def pod(text: str) -> Any:
    return plain(stored(daemonset(pod=text)).map("spec", "template", "spec"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1", "1"),
        ("1000m", "1"),
        ("0.1", "100m"),
        ("'1'", "1"),
        ("0.0001", "1m"),
        ("1024Mi", "1Gi"),
        ("1.5Gi", "1536Mi"),
        ("1e3", "1k"),
        ("'1e3'", "1e3"),
        ("1000", "1k"),
        ("0", "0"),
    ],
)
def test_quantities_are_canonical_and_quoted(written: str, expected: str) -> None:
    text = daemonset(pod=f"containers: [{{name: a, image: b, resources: {{limits: {{cpu: {written}}}}}}}]")
    limits = stored(text).map("spec", "template", "spec").maps("containers")[0].map("resources", "limits")
    assert plain(limits) == {"cpu": expected}
    quoted = f'"{expected}"' if expected in ("1", "0", "1e3") else expected
    assert yaml_writer.write(limits) == f"cpu: {quoted}\n"


def test_quantities_of_other_kinds() -> None:
    found = stored(
        "{apiVersion: v1, kind: LimitRange, metadata: {name: a}, spec: {limits: [{type: Pod, max: {memory: 2048Mi, cpu: 2}}]}}"
    )
    assert plain(found.map("spec").maps("limits")[0].map("max")) == {"memory": "2Gi", "cpu": "2"}
    volume = pod("volumes: [{name: a, emptyDir: {sizeLimit: 1024Ki}}]")["volumes"][0]
    assert volume["emptyDir"] == {"sizeLimit": "1Mi"}


@pytest.mark.parametrize("name", ["serviceAccountName", "serviceAccount"])
def test_the_service_account_has_both_names(name: str) -> None:
    found = pod(f"{name}: agent")
    assert (found["serviceAccountName"], found["serviceAccount"]) == ("agent", "agent")
    assert "serviceAccount" not in pod("a: ~")


def test_claim_templates() -> None:
    found = stored(
        "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a}, spec: {volumeClaimTemplates: [{metadata: {name: b}, spec: {resources: {requests: {storage: 1024Mi}}}}]}}"
    )
    claim = found.map("spec").maps("volumeClaimTemplates")[0]
    assert plain(claim) == {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "b"},
        "spec": {"resources": {"requests": {"storage": "1Gi"}}, "volumeMode": "Filesystem"},
        "status": {"phase": "Pending"},
    }


def test_what_is_stored_stays() -> None:
    once = stored(daemonset(pod="serviceAccountName: agent, volumes: [{name: a, emptyDir: {sizeLimit: 1.5Gi}}]"))
    assert yaml_writer.write(with_defaults(once, fields.DEFAULT)) == yaml_writer.write(once)
