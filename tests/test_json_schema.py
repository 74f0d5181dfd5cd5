"""The JSON Schema, held against an independent validator."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from dsgen import source
from dsgen.catalogue import catalogue
from dsgen.kubernetes.schema import words
from dsgen.kubernetes.validation import handlers, mounts, tolerations
from dsgen.kubernetes.validation.companions import service_addresses
from dsgen.kubernetes.validation.declare import DECLARED_WORDS
from dsgen.profile.environment import ENVIRONMENT
from dsgen.profile.json_schema import json_schema
from dsgen.profile.key import Rules, described_types
from dsgen.profile.schema import PROFILE
from dsgen.profile.shorthand import SHORT_FORMS
from dsgen.profile.tables import fields_of
from dsgen.profile.words import WORDS
from dsgen.project.json_schema import project_schema
from dsgen.project.keys import KEYS
from tests.golden_pages import Case, cases

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


def test_requires_nothing(validator: Draft7Validator) -> None:
    """A parent such as `_house.yaml` has neither a name nor containers."""
    assert not list(validator.iter_errors({"labels": {"team": "infra"}}))


@pytest.mark.parametrize("rules", [PROFILE, ENVIRONMENT], ids=["profile", "environment"])
def test_every_key_is_described(rules: Rules) -> None:
    assert list(undescribed(json_schema(rules))) == []


def undescribed(schema: Any, path: str = "") -> Iterator[str]:
    """Yield the properties without a description, at any level."""
    if isinstance(schema, dict):
        for name, entry in schema.get("properties", {}).items():
            if not entry.get("description"):
                yield f"{path}/{name}"
        for name, entry in schema.items():
            yield from undescribed(entry, f"{path}/{name}")
    elif isinstance(schema, list):
        for entry in schema:
            yield from undescribed(entry, path)


def test_descriptions_are_of_types_and_fields_that_exist() -> None:
    unknown = [
        f"{type}.{field}"
        for type, described in described_types().items()
        for field in described
        if field not in {"", *fields_of(type), *(SHORT_FORMS[type].more if type in SHORT_FORMS else ())}
    ]
    assert unknown == []


# The types of the scopes of rules.
SCOPES = {
    "azureDisk": "AzureDiskVolumeSource", "container": "Container", "container.ports": "ContainerPort", "container.securityContext": "SecurityContext",
    "image": "ImageVolumeSource", "pod": "PodSpec", "pod.securityContext": "PodSecurityContext", "pod.tolerations": "Toleration",
    "pod.topologySpreadConstraints": "TopologySpreadConstraint", "policy-port": "NetworkPolicyPort", "projected.sources.podCertificate": "PodCertificateProjection",
    "security-context.appArmorProfile": "AppArmorProfile", "security-context.seccompProfile": "SeccompProfile", "Service.spec": "service",
    "Service.spec.ports": "ServicePort", "volume-claim": "PersistentVolumeClaimSpec",
}  # fmt: skip
# The words of rules that are not declared in a line.
OTHERS = {
    ("DaemonSetUpdateStrategy", "type"): words.UPDATE_STRATEGIES,
    ("HTTPGetAction", "scheme"): handlers.SCHEMES,
    ("HostPathVolumeSource", "type"): words.HOST_PATH_TYPES,
    ("Mount", "mountPropagation"): mounts.MOUNT_PROPAGATIONS,
    ("VolumeMount", "mountPropagation"): mounts.MOUNT_PROPAGATIONS,
    ("Mount", "recursiveReadOnly"): mounts.RECURSIVE_READ_ONLY,
    ("VolumeMount", "recursiveReadOnly"): mounts.RECURSIVE_READ_ONLY,
    ("PodSpec", "preemptionPolicy"): words.PREEMPTION_POLICIES,
    ("priorityClass", "preemptionPolicy"): words.PREEMPTION_POLICIES,
    ("Toleration", "operator"): (*tolerations.OPERATORS, *tolerations.COMPARISONS),
    ("service", "externalTrafficPolicy"): words.TRAFFIC_POLICIES,
    ("service", "ipFamilyPolicy"): service_addresses.POLICIES,
}  # fmt: skip
# By the operators that dsgen's own short form has.
OPERATORS = {("LabelSelectorRequirement", "operator"), ("NodeSelectorRequirement", "operator")}


def test_words_are_those_of_the_rules() -> None:
    catalogue()  # loads all rules
    declared = {(SCOPES[scope], name): words for (scope, name), words in DECLARED_WORDS.items() if scope in SCOPES}
    expected = {key: set(words) for key, words in {**declared, **OTHERS}.items()}
    found = {key: set(words) for key, words in WORDS.items() if key not in OPERATORS}
    assert found == expected


@pytest.mark.parametrize("key", WORDS, ids=".".join)
def test_words_and_no_others_are_accepted(key: tuple[str, str]) -> None:
    type, field = key
    schema = json_schema(PROFILE)
    validator = Draft7Validator({"$ref": f"#/definitions/{type}", "definitions": schema["definitions"]})
    if type not in schema["definitions"]:
        assert set(WORDS[key]) < set(schema["properties"][field]["enum"])
        return
    for word in WORDS[key]:
        assert not list(validator.iter_errors({field: word}))
    assert list(validator.iter_errors({field: "Other"}))


GOLDEN = [
    pytest.param(case, id=f"{page.stem}-{case.title}")
    for page in sorted((ROOT / "tests" / "golden").glob("*.md"))
    for case in cases(page)
]
# What a schema can see in a file alone. Of short forms, only some.
SEEN = ("misplaced-key", "invalid-on-change", "invalid-pod-security-level", "unknown-platform", "unknown-version")


@pytest.mark.parametrize("case", GOLDEN)
def test_golden_pages(case: Case, validator: Draft7Validator, environments: Draft7Validator) -> None:
    """What dsgen accepts, the schema accepts; what it can see, it refuses."""
    problems = [problem for problem in case.problems() if problem.severity == "error"]
    for name, text in case.texts().items():
        if not name.endswith(".yaml") or source.read(text, "")[1]:
            continue
        used = environments if name.startswith("environments/") else validator
        wrong = [error.message for error in used.iter_errors(read(text))]
        codes = {problem.code for problem in problems if problem.file == name}
        assert codes or wrong == []
        assert wrong or codes.isdisjoint(SEEN)


class TestProject:
    def test_accepts_the_example_of_every_key(self) -> None:
        schema = project_schema()
        Draft7Validator.check_schema(schema)
        text = "\n".join(example for _, example in KEYS.values())
        assert [error.message for error in Draft7Validator(schema).iter_errors(read(text))] == []
        assert list(undescribed(schema)) == []

    @pytest.mark.parametrize("text", ["", "kubernetes: 1.34", "profiles: a/*.yaml", "problems: {replaced-list: 'off'}"])
    def test_accepts(self, text: str) -> None:
        assert [error.message for error in Draft7Validator(project_schema()).iter_errors(read(text))] == []

    @pytest.mark.parametrize(
        "text",
        ["kubernetes: 1.99", "profile: [a]", "flux: {substitute: warn}", "apply: client", "problems: {replaced-list: {until: soon}}", "argocd: true"],
    )  # fmt: skip
    def test_refuses_what_dsgen_refuses(self, text: str) -> None:
        assert list(Draft7Validator(project_schema()).iter_errors(read(text)))


@pytest.fixture(scope="module")
def environments() -> Draft7Validator:
    schema = json_schema(ENVIRONMENT)
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


class TestEnvironments:
    def test_accepts_an_environment(self, environments: Draft7Validator) -> None:
        text = "\n".join(rules["meta"]["example"] for rules in ENVIRONMENT["schema"].values())
        assert not list(environments.iter_errors(read("kubernetes: 1.34")))
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
