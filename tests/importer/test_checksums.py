"""Hashes of configuration that Helm and Kustomize write: the warning about them, and dsgen's own hashes."""

from __future__ import annotations

import pytest

from dsgen.problem import Problem
from tests.factories import made
from tests.importer.imports import Outcome, daemonset, imports

HASH = "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b"
CONFIG_MAP = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME, namespace: tools}\ndata: {level: info}\n"


def given(annotations: str = "", name: str = "agent-config", *others: str) -> str:
    """Return a DaemonSet that sets variables from a config map, that config map, and other objects."""
    text = daemonset(container=f"envFrom: [{{configMapRef: {{name: {name}}}}}]", metadata="namespace: tools")
    text = text.replace("      labels: {app: agent}\n    spec", f"      labels: {{app: agent}}\n{annotations}    spec")
    return text + CONFIG_MAP.replace("NAME", name) + "".join(f"---\n{each}" for each in others)


def notes(**hashes: str) -> str:
    return "      annotations:\n" + "".join(f"        checksum/{key}: {value}\n" for key, value in hashes.items())


def said(outcome: Outcome) -> list[tuple[str, str]]:
    def where(problem: Problem) -> str:
        return problem.field.rpartition("[")[2].rstrip("]") or problem.message.split()[4]

    return [(problem.code, where(problem)) for problem in outcome.problems]


def test_helm_hash_is_ineffective() -> None:
    outcome = imports(given(notes(config=HASH)))
    assert outcome.imported[0].same
    assert not outcome.imported[0].restarts
    assert said(outcome) == [("ineffective-checksum", "checksum/config")]
    assert "--adopt-checksums" in outcome.problems[0].hint
    assert f"podAnnotations: {{checksum/config: {HASH}}}\n" in outcome.text


def test_helm_hash_is_adopted() -> None:
    outcome = imports(given(notes(config=HASH)), adopt=True)
    assert outcome.imported[0].same
    assert outcome.imported[0].restarts
    assert said(outcome) == [("adopted-checksum", "checksum/config")]
    assert "podAnnotations" not in outcome.text
    assert outcome.text.endswith("configMaps:\n  agent-config: {data: {level: info}}\n")


@pytest.mark.parametrize("name", ["agent-config-6g2k4f9h2m", "agent-config-bbcdfghkmt"])
def test_kustomize_name_with_a_hash(name: str) -> None:
    outcome = imports(given(name=name))
    assert outcome.imported[0].same
    assert said(outcome) == [("ineffective-checksum", name)]
    assert f"{name}: {{data: {{level: info}}, onChange: none}}" in outcome.text
    adopted = imports(given(name=name), adopt=True)
    assert adopted.imported[0].same
    assert adopted.imported[0].restarts
    assert name not in adopted.text
    assert "envFrom: [{configMapRef: agent-config}]" in adopted.text
    assert "  agent-config: {data: {level: info}}\n" in adopted.text
    assert [problem.code for problem in adopted.problems] == ["adopted-checksum"]
    assert f"delete {name}" in adopted.problems[0].hint


@pytest.mark.parametrize(
    "name", ["agent-config", "agent-configuration", "agent-6g2k4f9h2a", "agent-6g2k4f9h2m2", "6g2k4f9h2m"]
)
def test_names_without_a_hash(name: str) -> None:
    assert imports(given(name=name)).problems == []


def test_hash_of_dsgen_is_kept() -> None:
    adopted = imports(given(notes(config=HASH)), adopt=True)
    again = imports("---\n".join(each.text for each in made(adopted.text).objects))
    assert again.problems == []
    assert again.text == adopted.text


def test_hashes_of_secrets_are_kept() -> None:
    """Profiles do not generate Secrets, so there is no hash to replace theirs."""
    outcome = imports(given(notes(config=HASH, secret=HASH)), adopt=True)
    assert said(outcome) == [("adopted-checksum", "checksum/config"), ("ineffective-checksum", "checksum/secret")]
    assert f"podAnnotations: {{checksum/secret: {HASH}}}\n" in outcome.text
    secret = imports(daemonset(container="envFrom: [{secretRef: {name: token-6g2k4f9h2m}}]"), adopt=True)
    assert said(secret) == [("ineffective-checksum", "token-6g2k4f9h2m")]
    assert not secret.imported[0].restarts


def test_hash_without_a_config_map_is_kept() -> None:
    text = given(notes(config=HASH)).partition("---\n")[0]
    outcome = imports(text, adopt=True)
    assert said(outcome) == [("ineffective-checksum", "checksum/config")]
    assert "together with its ConfigMap" in outcome.problems[0].hint
    assert not outcome.imported[0].restarts


def test_name_that_another_object_uses_is_kept() -> None:
    name = "agent-config-6g2k4f9h2m"
    job = f"apiVersion: batch/v1\nkind: Job\nmetadata: {{name: once}}\nspec: {{template: {{spec: {{volumes: [{{name: a, configMap: {{name: {name}}}}}]}}}}}}\n"
    outcome = imports(given("", name, job), adopt=True)
    assert [problem.code for problem in outcome.problems] == ["ineffective-checksum", "unimported-object"]
    assert "the hash is kept" in outcome.problems[0].hint
    assert name in outcome.text
    assert not outcome.imported[0].restarts


def test_name_is_kept_if_the_one_without_the_hash_is_taken() -> None:
    name = "agent-config-6g2k4f9h2m"
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: agent-config}\ndata: {a: b}\n"
    outcome = imports(given("", name, other), adopt=True)
    assert [problem.code for problem in outcome.problems] == ["ineffective-checksum", "unimported-object"]
    assert name in outcome.text
    assert not outcome.imported[0].restarts


def test_nothing_is_adopted_if_the_profile_differs() -> None:
    text = given(notes(config=HASH)).replace("image: x", "image: x\n          imagePullPolicy: Maybe")
    outcome = imports(text, adopt=True)
    assert outcome.imported[0].same is None
    hints = [problem.hint for problem in outcome.problems if problem.code == "ineffective-checksum"]
    assert hints == ["the hash is kept, because the profile is not identical to the manifest: see the other problems"]


def test_hashes_of_variants_are_adopted() -> None:
    first = given(notes(config=HASH)).replace("    spec:\n", "    spec:\n      nodeSelector: {pool: a}\n", 1)
    second = (
        given(notes(config=HASH))
        .partition("---\n")[0]
        .replace("  name: agent\n", "  name: agent-b\n", 1)
        .replace("app: agent", "app: agent-b")
        .replace("    spec:\n", "    spec:\n      nodeSelector: {pool: b}\n", 1)
    )
    outcome = imports(f"{first}---\n{second}", adopt=True, variants="agent")
    assert outcome.imported[0].same, outcome.problems
    assert outcome.imported[0].restarts
    assert [problem.code for problem in outcome.problems] == ["adopted-checksum"] * 2
    assert "onChange" not in outcome.text
    assert "checksum" not in outcome.text
