"""The catalogue of keys: each has prose and an example that is accepted, and together they reach all of Kubernetes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dsgen.profile.key import Rules, Schema
from dsgen.profile.pod import ELSEWHERE
from dsgen.profile.schema import MISPLACED, PROFILE
from dsgen.profile.shorthand import SHORT_FORMS
from dsgen.profile.tables import types
from dsgen.profile.typed import converter
from dsgen.source import read
from tests.profile.layers import refusals

TOP: Schema = PROFILE["schema"]
CONTAINER: Schema = TOP["containers"]["named"]["schema"]
PLACES = {
    "": (TOP, "{}"),
    "nodes": (TOP["nodes"]["schema"], "nodes:\n  {}"),
    "affinity": (TOP["affinity"]["schema"], "affinity:\n  {}"),
    "namespace": (TOP["namespace"]["schema"], "namespace:\n  {}"),
    "serviceAccount": (TOP["serviceAccount"]["schema"], "serviceAccount:\n  {}"),
    "config map": (TOP["configMaps"]["named"]["schema"], "configMaps:\n  agent:\n    {}"),
    "container": (CONTAINER, "containers:\n  agent:\n    {}"),
    "init container": (TOP["initContainers"]["named"]["schema"], "initContainers:\n  setup:\n    {}"),
}


def keys() -> Iterator[tuple[str, str, Rules]]:
    for place, (schema, around) in PLACES.items():
        for name, rules in schema.items():
            yield f"{place}.{name}".strip("."), around, rules


@pytest.mark.parametrize(
    ("name", "around", "rules"), [pytest.param(*key, id=key[0]) for key in keys()]
)  # fmt: skip
def test_every_key(name: str, around: str, rules: Rules) -> None:
    """It is described, and its example, as it stands in a profile, is accepted."""
    meta = rules["meta"]
    key = name.rpartition(".")[2]
    assert meta["description"].strip()
    assert meta["example"].startswith(f"{key}:")
    assert refusals(around.format(meta["example"])) == []


def test_every_field_of_the_pod_can_be_written() -> None:
    at_the_top = {"containers", "initContainers", "volumes", "affinity", "serviceAccount"}
    assert types()["PodSpec"].keys() - TOP.keys() == set(ELSEWHERE)
    assert at_the_top <= TOP.keys()


def test_every_field_of_a_container_can_be_written() -> None:
    assert types()["Container"].keys() - CONTAINER.keys() == {"name"}


def test_a_field_that_kubernetes_does_not_have_cannot_be_written() -> None:
    own = {"mounts"} | {name for name in CONTAINER if name.endswith("+")}
    assert CONTAINER.keys() - types()["Container"].keys() == own


def test_a_list_can_be_appended_to() -> None:
    for schema, _ in PLACES.values():
        for name, rules in schema.items():
            if name.endswith("+"):
                assert rules["excludes"] == name[:-1]
            elif rules.get("kubernetes", "").startswith("["):
                assert f"{name}+" in schema or name == "templates", name


@pytest.mark.parametrize("key", MISPLACED)
def test_a_misplaced_key_is_told_where_it_belongs(key: str) -> None:
    assert key not in TOP
    (problem,) = refusals(f"{key}: x")
    assert (problem.code, problem.hint) == ("misplaced-key", MISPLACED[key])


@pytest.mark.parametrize("type", SHORT_FORMS)
def test_a_short_form(type: str) -> None:
    """Its example is taken where the language is spoken, and not where only Kubernetes' own form is."""
    value, problems = read(f"x: {SHORT_FORMS[type].example}", "")
    assert isinstance(value, dict)
    assert not problems
    found: list[object] = []
    converter(type)(value["x"], lambda *what: found.append(what))
    assert not found
    if not isinstance(value["x"], dict) or type not in ("EnvVar", "DaemonSetUpdateStrategy"):
        converter(type, own=True)(value["x"], lambda *what: found.append(what))
        assert found or type == "Mount"
