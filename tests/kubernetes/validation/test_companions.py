from __future__ import annotations

import base64

import pytest

from dsgen.kubernetes.validation.companions import config_map, namespace, priority_class, service_account
from tests.kubernetes.manifests import said, untested

SECRETS = "kubernetes.io/enforce-mountable-secrets"
LARGEST = 1024 * 1024


def made(kind: str, rest: str = "", metadata: str = "name: agent", version: str = "v1") -> str:
    return f"apiVersion: {version}\nkind: {kind}\nmetadata: {{{metadata}}}\n{rest}\n"


def priority(rest: str, name: str = "agent") -> str:
    return made("PriorityClass", rest, f"name: {name}", "scheduling.k8s.io/v1")


def config(rest: str) -> str:
    return made("ConfigMap", rest)


BINARY = base64.b64encode(b"x" * LARGEST).decode()
CASES = [
    ("invalid-namespace-finalizer", made("Namespace", "spec: {finalizers: [kubernetes, a.b/c]}"), made("Namespace", "spec: {finalizers: [a]}"), "Invalid spec.finalizers"),
    ("deprecated-mountable-secrets-annotation", made("ServiceAccount"), made("ServiceAccount", "", f"name: a, annotations: {{{SECRETS}: 'true'}}"), f"Warning metadata.annotations[{SECRETS}]"),
    ("invalid-config-map-key", config(f"data: {{{'a' * 253}: b, .a: b}}"), config("data: {'a/b': c}"), "Invalid data[a/b]"),
    ("invalid-config-map-key", config("binaryData: {a..b: eA==}"), config("binaryData: {..a: eA==}"), "Invalid binaryData[..a]"),
    ("duplicate-config-map-key", config("data: {a: b}\nbinaryData: {A: eA==}"), config("data: {a: b}\nbinaryData: {a: eA==}"), "Invalid data[a]"),
    ("too-large-config-map", config(f"data: {{a: {'x' * LARGEST}}}"), config(f"data: {{a: {'x' * LARGEST}, b: c}}"), "TooLong []"),
    ("too-large-config-map", config(f"binaryData: {{a: {BINARY}}}"), config(f"data: {{b: c}}\nbinaryData: {{a: {BINARY}}}"), "TooLong []"),
    ("reserved-priority-class", priority("value: 2000001000", "system-node-critical"), priority("value: 2000001001", "system-node-critical"), "Forbidden metadata.name"),
    ("reserved-priority-class", priority("value: 1", "systematic"), priority("value: 1", "system-agent"), "Forbidden metadata.name"),
    ("reserved-priority-class", priority("value: 2000000000", "system-cluster-critical"), priority("value: 2000000000\nglobalDefault: true", "system-cluster-critical"), "Forbidden metadata.name"),
    ("out-of-range-priority-class-value", priority("value: 1000000000"), priority("value: 1000000001"), "Forbidden value"),
    ("invalid-priority-class-preemption-policy", priority("preemptionPolicy: Never"), priority("preemptionPolicy: never"), "NotSupported preemptionPolicy"),
    ("invalid-priority-class-preemption-policy", priority("value: 1"), priority("preemptionPolicy: ''"), "Required preemptionPolicy"),
    ("out-of-range-generation", made("ConfigMap", "", "name: a, generation: 0"), made("ConfigMap", "", "name: a, generation: -1"), "Invalid metadata.generation"),
    ("invalid-object-name", made("ConfigMap", "", "name: a.b"), made("ConfigMap", "", "name: a_b"), "Invalid metadata.name"),
    ("invalid-object-name", made("Namespace", "", "name: a-b"), made("Namespace", "", "name: a.b"), "Invalid metadata.name"),
    ("invalid-namespace-name", made("PriorityClass", "", "name: a, namespace: A_", "scheduling.k8s.io/v1"), made("ConfigMap", "", "name: a, namespace: A_"), "Invalid metadata.namespace"),
]  # fmt: skip
PARAMETERS = [pytest.param(*case, id=f"{case[0]}-{number}") for number, case in enumerate(CASES)]


@pytest.mark.parametrize(("code", "right", "wrong", "says"), PARAMETERS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    assert said(right) == set()
    assert said(wrong) == {f"{code} {says}"}


def test_every_rule_has_a_case() -> None:
    changes = {"changed-immutable-config-map", "changed-priority-class"}  # test_companion_updates.py
    assert untested(PARAMETERS, config_map, namespace, priority_class, service_account) == changes


def test_a_namespace_has_its_name_for_a_label() -> None:
    assert said(made("Namespace", "", f"name: {'a' * 64}")) == {
        "invalid-object-name Invalid metadata.name",
        "invalid-label Invalid metadata.labels",
    }
