"""Profiles that contain only what differs from a preset: importing the output of one gives the same profile."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent

import pytest

import dsgen
from dsgen.generate.for_project import generator
from dsgen.generate.result import GenerateResult
from dsgen.importer import importing
from dsgen.importer.daemonset import Imported
from dsgen.importer.importing import import_objects
from dsgen.importer.prove import Prover
from dsgen.importer.read.objects import SourceObject, given_objects
from dsgen.importer.shorten import extension
from dsgen.problem import Problem
from dsgen.project import shipped
from dsgen.project.project import Project
from dsgen.tree import List, Map, Text
from tests.importer.imports import daemonset

pytestmark = pytest.mark.long

PRESETS = sorted(shipped.profiles())
GENERATOR = generator(Project(Path(__file__).parent))


def imported(text: str, extends: str) -> tuple[list[Imported], list[Problem]]:
    given, _ = given_objects(text.encode(), "given.yaml")
    return import_objects(given, GENERATOR, "1.37", extends)


def again(extension: str) -> str:
    """Return the profile of the manifests of an extension, which must be identical."""
    profile = dsgen.loads(dedent(extension))
    text = "---\n".join(each.text for each in dsgen.render(profile))
    (only,), problems = imported(text, dedent(extension).partition("extends: ")[2].partition("\n")[0])
    assert only.same, only.problems
    assert problems == []
    return only.text


@pytest.mark.parametrize("preset", PRESETS)
def test_manifest_equal_to_the_preset(preset: str) -> None:
    """A preset that is incomplete by itself, such as `agent`, is extended by what it requires."""
    extension = f"extends: {preset}\nname: mine\n"
    if any(problem.severity == "error" for problem in dsgen.validate(dsgen.loads(extension))):
        pytest.skip("the preset asks for more")
    assert again(extension) == extension


EXTENSIONS = [
    pytest.param("containers:\n  node-exporter: {image: example.com/node-exporter:v2}\n", id="an image"),
    pytest.param('nodes: {tolerate: [control-plane]}\n', id="a list"),
    pytest.param('nodes: {tolerate+: [dedicated=gpu:NoSchedule]}\n', id="more of a list"),
    pytest.param("containers:\n  node-exporter: {args+: [--log.level=debug]}\n", id="an argument"),
    pytest.param("containers:\n  node-exporter: {env: {LEVEL: debug}}\n", id="a variable"),
    pytest.param("containers:\n  node-exporter: {livenessProbe: null}\n", id="no probe"),
    pytest.param("containers:\n  node-exporter: {resources: {limits: {cpu: null}}}\n", id="no limit"),
    pytest.param("containers:\n  node-exporter: {mounts: {/text: {name: text, hostPath: /var/text}}}\n", id="a mount"),
    pytest.param("containers:\n  node-exporter: {mounts: {/host/sys: {readOnly: null}}}\n", id="a mount that is another"),
    pytest.param("containers:\n  proxy: {image: example.com/proxy:v1}\n", id="a container"),
    pytest.param("update: OnDelete\n", id="the rollout"),
    pytest.param("hostPID: null\n", id="a field of the pod"),
    pytest.param("podMonitor: null\n", id="no monitor"),
    pytest.param("namespace: agents\nserviceAccount: agent\n", id="what exists"),
    pytest.param("serviceAccount: {create: true, clusterRules: [get pods]}\n", id="rights"),
]  # fmt: skip


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_extension_survives_a_round_trip(extension: str) -> None:
    text = f"extends: node-exporter\nname: node-exporter\n{extension}"
    expected = text.replace("{create: true, clusterRules: [get pods]}", '{clusterRules: ["get pods"]}')
    assert again(text) == expected


def test_default_is_not_written_as_null() -> None:
    """A `null` for a default of the server is redundant."""
    text = again("extends: fluentd\nname: fluentd\nminReadySeconds: 5\n")
    assert text == "extends: fluentd\nname: fluentd\nminReadySeconds: 5\n"


@pytest.mark.parametrize("preset", PRESETS)
def test_unrelated_agent_does_not_crash(preset: str) -> None:
    """RBAC rules, volumes and the like are removed; differences are reported."""
    found, problems = imported(daemonset(), preset)
    errors = [problem for problem in problems if problem.severity == "error"]
    assert found or errors
    for each in found:
        assert each.same or each.problems


def test_rbac_rules_of_the_preset_are_removed() -> None:
    (only,), _ = imported(daemonset(metadata="namespace: agents"), "alloy")
    assert "clusterRules: null" in only.text or "serviceAccount: null" in only.text


def test_an_unknown_preset() -> None:
    found, problems = imported(daemonset(), "node-exportr")
    assert found == []
    assert [problem.code for problem in problems] == ["unknown-parent"]


def test_comments_on_values_of_the_preset_are_dropped() -> None:
    made = dsgen.render(dsgen.loads("extends: node-exporter\nname: node-exporter\nhostIPC: true\n"))
    text = "---\n".join(each.text for each in made)
    text = text.replace("hostIPC: true", "# Why not.\n      hostIPC: true").replace(
        "hostPID: true", "# As always.\n      hostPID: true"
    )
    (only,), _ = imported(text, "node-exporter")
    assert only.text == "extends: node-exporter\nname: node-exporter\n# Why not.\nhostIPC: true\n"


def test_mount_without_a_path_does_not_crash() -> None:
    pod = "volumes: [{name: a, hostPath: {path: /a}}]"
    (only,), _ = imported(daemonset(pod, "volumeMounts: [{name: a}]"), "node-exporter")
    assert any(problem.severity == "error" for problem in only.problems)


def test_a_volume_and_a_mount_without_names() -> None:
    text = daemonset(pod="volumes: [{emptyDir: {}}]", container="volumeMounts: [{mountPath: /a}]")
    (only,), problems = imported(text, "node-exporter")
    assert not only.same
    assert {problem.code for problem in (*only.problems, *problems)} >= {"missing-mount-name", "missing-volume-name"}


def test_limit_of_values_rendered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """In all trials of an import: thirteen in each, ten of them in the map of the layer and one in that of the base."""
    monkeypatch.setattr(extension, "MAX_RENDERED_AGAIN", 52)
    layer = Map((f"k{number}", Text.at("v", None)) for number in range(10))
    base = extension.Base("base", Map([("name", Text.at("base", None))]), Map(), extension.Trials(), lambda _: base)
    tried = []

    def makes(shorter: Map) -> object:
        tried.append(len(shorter))
        return "the same"

    assert len(extension.without_redundant(layer, makes, base)) == 8
    assert len(extension.without_redundant(layer, makes, base)) == 10
    assert tried == [10, 9, 8]


def test_values_in_a_list_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long list is one value, but as much work as its items."""
    monkeypatch.setattr(extension, "MAX_RENDERED_AGAIN", 50)
    long = List((Text.at("v", None) for _ in range(30)), None)
    base = extension.Base("base", Map([("name", Text.at("base", None))]), Map(), extension.Trials(), lambda _: base)

    def makes(_: Map) -> object:
        raise AssertionError("made again")

    layer = Map([("args", long), ("b", Text.at("v", None))])
    assert extension.without_redundant(layer, makes, base) is layer
    assert base.trials.ended


def test_only_the_first_profiles_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Profiles that were not tried are identical too, and there is only one warning."""
    text = "---\n".join(daemonset().replace("name: agent", f"name: agent-{number}") for number in range(4))
    every, problems = imported(text, "node-exporter")
    assert problems == []
    made: list[str] = []
    make = Prover.make

    def counted(prover: Prover, name: str, text: str, given: Iterable[SourceObject] = ()) -> GenerateResult:
        made.append(name)
        return make(prover, name, text, given)

    monkeypatch.setattr(Prover, "make", counted)
    monkeypatch.setattr(extension, "MAX_RENDERED_AGAIN", 1_400)
    some, problems = imported(text, "node-exporter")
    assert [problem.code for problem in problems] == ["ineffective-value"]
    assert all(each.same for each in some)
    assert some[0].text == every[0].text
    assert [made.count(each.name) > 2 for each in some] == [True, False, False, False]
    assert made.count(some[3].name) == 1


def test_only_the_first_profiles_extend_the_preset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "EXTENSIONS", 2)
    text = "---\n".join(daemonset().replace("name: agent", f"name: agent-{number}") for number in range(3))
    some, problems = imported(text, "node-exporter")
    assert [(each.code, each.message) for each in problems] == [
        ("ineffective-value", "only the first 2 of 3 profiles extend `node-exporter`")
    ]
    assert [each.text.startswith("extends: node-exporter") for each in some] == [True, True, False]
    assert all(each.same for each in some)
