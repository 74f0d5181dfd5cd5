"""The JSON Schema, held against an independent validator."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from dsgen.profile.environment import ENVIRONMENT
from dsgen.profile.json_schema import json_schema
from dsgen.profile.schema import PROFILE

ROOT = Path(__file__).parent.parent
PROFILES = sorted([*ROOT.glob("profiles/**/*.yaml"), *ROOT.glob("tests/examples/*/profile.yaml")])


def read(text: str) -> Any:
    """Read YAML as an editor does: YAML 1.2."""
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    return _as_core(reader.load(text))


def _as_core(value: Any) -> Any:
    """Undo what the core schema of YAML 1.2 does not do: dates are text."""
    if isinstance(value, dict):
        return {key: _as_core(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_as_core(child) for child in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


@pytest.fixture(scope="module")
def validator() -> Draft7Validator:
    schema = json_schema(PROFILE)
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


@pytest.mark.parametrize("path", [pytest.param(path, id=str(path.relative_to(ROOT))) for path in PROFILES])
def test_accepts_every_shipped_profile(path: Path, validator: Draft7Validator) -> None:
    assert [error.message for error in validator.iter_errors(read(path.read_text("utf-8")))] == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("nodeSelector: {a: b}", id="misplaced"),
        pytest.param("nam: x", id="misspelt"),
        pytest.param("hostNetwork: yes", id="yes for a boolean"),
        pytest.param('hostNetwork: "true"', id="quoted boolean"),
        pytest.param("minReadySeconds: soon", id="text for a number"),
        pytest.param("labels: [a]", id="a list for a map"),
        pytest.param("imagePullSecrets: {name: x}", id="a map for a list"),
        pytest.param("nodes: {tolerate: ['a:b:c']}", id="a toleration that does not parse"),
        pytest.param("nodes: {tolerate: ['key:NoSched']}", id="an effect that does not exist"),
        pytest.param("nodes: {require: ['zone in a']}", id="a requirement that does not parse"),
        pytest.param("nodes: {require: ['a=b,c=d']}", id="requirements joined by a comma"),
        pytest.param("name: Upper", id="name"),
        pytest.param("initContainers: {a: {imag: x}}", id="misspelt in a container"),
        pytest.param("initContainers: {a: {ports: {m: 'http:80'}}}", id="port"),
        pytest.param("initContainers: {a: {env: {A: {secretKeyRef: name}}}}", id="a key reference without a key"),
        pytest.param("initContainers: [{image: x}]", id="a container in a list without a name"),
        pytest.param("volumes: {v: {hostPth: /x}}", id="misspelt in a volume"),
        pytest.param("update: Rolling", id="update"),
        pytest.param("namespace: {creat: true}", id="misspelt in the namespace"),
        pytest.param("namespace: {podSecurity: strict}", id="Pod Security"),
        pytest.param("serviceAccount: {clusterRules: [pods]}", id="a rule without verbs"),
        pytest.param("configMaps: {a: {onChange: reload}}", id="onChange"),
        pytest.param("service: {port: [a]}", id="misspelt in the service"),
        pytest.param("podMonitor: {portt: a}", id="misspelt in the monitor"),
        pytest.param("priorityClass: high", id="a name for a priority class"),
    ],
)
def test_refuses_what_dsgen_refuses(change: str, validator: Draft7Validator) -> None:
    profile = {"name": "a", "containers": {"a": {"image": "x"}}, **read(change)}
    assert list(validator.iter_errors(profile))


COMPANIONS = """
namespace: {name: agents, create: true, podSecurity: {enforce: baseline, warn-version: latest}}
serviceAccount: {create: true, clusterRules: ["get,list pods,nodes", {nonResourceURLs: [/metrics], verbs: [get]}]}
configMaps: {a: {data: {b: 1}, files: ["*.conf"], onChange: none}}
service: {ports: [metrics, {name: http, port: 80}]}
podMonitor: {port: metrics, interval: 30s, tlsConfig: {insecureSkipVerify: true}}
networkPolicy: {ingress: [{ports: [{port: metrics}]}]}
priorityClass: {value: 1000}
"""


def test_accepts_companions(validator: Draft7Validator) -> None:
    profile = {"name": "a", "containers": {"a": {"image": "x"}}, **read(COMPANIONS)}
    assert [error.message for error in validator.iter_errors(profile)] == []


def test_wants_a_name_and_containers_or_a_parent(validator: Draft7Validator) -> None:
    assert list(validator.iter_errors({"name": "a"}))
    assert not list(validator.iter_errors({"extends": "node-exporter"}))


def test_every_key_is_described() -> None:
    schema = json_schema(PROFILE)
    assert [name for name, entry in schema["properties"].items() if not entry.get("description")] == []


@pytest.fixture(scope="module")
def environments() -> Draft7Validator:
    schema = json_schema(ENVIRONMENT)
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


class TestEnvironments:
    def test_accepts_an_environment(self, environments: Draft7Validator) -> None:
        text = "\n".join(rules["meta"]["example"] for rules in ENVIRONMENT["schema"].values())
        assert [error.message for error in environments.iter_errors(read(text))] == []

    @pytest.mark.parametrize(
        "text",
        [
            "nodes: {}",
            "kubernetes: '1.99'",
            "profiles: {a: b}",
            "all: {hostNetwrok: true}",
            "all: {extends: fluentd}",
            "overrides: {a: {containers: {a: {imag: x}}}}",
            "images: {mirror: {}}",
            "overrides: [{name: a, hostNetwork: true}]",
        ],
    )
    def test_refuses_what_dsgen_refuses(self, text: str, environments: Draft7Validator) -> None:
        assert list(environments.iter_errors(read(text)))
