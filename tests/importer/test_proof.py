"""Differences between a generated object and the imported one."""

from __future__ import annotations

from typing import Any

import pytest

from dsgen.generate.result import GenerateResult
from dsgen.importer.prove import Prover
from dsgen.importer.read.objects import given_objects
from dsgen.kubernetes import validate
from dsgen.kubernetes.manifest import read_first
from dsgen.problem import Problem
from dsgen.tree import Map
from tests.factories import generator
from tests.importer.imports import daemonset, written


def unlike(given: str, made: str) -> list[tuple[str, str]]:
    """Return the fields in which the generated object differs from the given one, with the messages."""
    ((only,), problems) = given_objects(given.encode(), "given.yaml")
    assert not problems
    found = Prover(generator(), "1.37").unlike(only, read_first(made).root)
    assert found is not None
    return [(each.field, each.message) for each in found]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        pytest.param({"metadata": "labels: {a: ''}"}, "metadata.labels", id="label"),
        pytest.param({"pod": "nodeSelector: {a: ''}"}, "spec.template.spec.nodeSelector", id="node selector"),
    ],
)
def test_empty_string_that_matters_is_a_difference(parts: dict[str, str], field: str) -> None:
    assert unlike(daemonset(**parts), daemonset()) == [
        (field, 'is {"a": ""} in the manifest, but unset in the generated object')
    ]


def test_empty_string_that_means_unset_is_no_difference() -> None:
    assert "hostname" not in written("hostname: ''")


def test_list_entries_are_compared_by_name() -> None:
    env = "env: [{name: A, value: a}, {name: B, value: b}]"
    found = unlike(daemonset(container=env), daemonset(container=env.replace("value: b", "value: c")))
    assert found == [
        ("spec.template.spec.containers[0].env[1].value", 'is "b" in the manifest, but "c" in the generated object')
    ]


def test_order_of_a_list_matters() -> None:
    found = unlike(
        daemonset(container="env: [{name: A}, {name: B}]"), daemonset(container="env: [{name: B}, {name: A}]")
    )
    assert found == [
        (
            "spec.template.spec.containers[0].env",
            'is ["A", "B"] in the manifest, but ["B", "A"] in the generated object',
        )
    ]


def test_namespace_is_compared() -> None:
    found = unlike(daemonset(metadata="namespace: a"), daemonset(metadata="namespace: b"))
    assert found == [("metadata.namespace", 'is "a" in the manifest, but "b" in the generated object')]


def test_default_is_no_difference() -> None:
    assert unlike(daemonset(pod="hostNetwork: false\nrestartPolicy: Always"), daemonset()) == []


PROFILE = """\
name: agent
standardLabels: false
selector: {app: agent}
containers: {agent: {image: x, env: {A: {fieldRef: %s}}}}
"""
GIVEN = daemonset(container="env: [{name: A, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]")


class TestValidatedOnce:
    """A generated object that is identical to an accepted one is not validated again; any other is."""

    def made(self, text: str, given: str, monkeypatch: pytest.MonkeyPatch) -> tuple[GenerateResult, int]:
        """Return what a profile generates, and how many objects were validated for that."""
        validated = []
        real = validate.examined

        def counted(root: Map, *rest: Any) -> tuple[list[Problem], Map | None]:
            validated.append(root)
            return real(root, *rest)

        objects, _ = given_objects(given.encode(), "given.yaml")
        monkeypatch.setattr(validate, "examined", counted)
        result = Prover(generator(), "1.37").make("agent", text, objects)
        return result, len(validated)

    def test_identical(self, monkeypatch: pytest.MonkeyPatch) -> None:
        result, validated = self.made(PROFILE % "spec.nodeName", GIVEN, monkeypatch)
        assert [each.name for each in result.objects] == ["agent"]
        assert validated == 0

    @pytest.mark.parametrize("given", [GIVEN, GIVEN.replace("name: agent", "name: other", 1)])
    def test_different(self, given: str, monkeypatch: pytest.MonkeyPatch) -> None:
        result, validated = self.made(PROFILE % "spec.nowhere", given, monkeypatch)
        assert [each.code for each in result.problems if each.severity == "error"] == ["invalid-env-field-path"]
        assert validated == 1
