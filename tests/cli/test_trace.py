"""`dsgen trace` of profiles with variants, and of several environments: a heading for each, and what lost to which layer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dsgen.cli import main

Run = Callable[..., Result]

BASE = """\
containers:
  agent:
    image: x:1
    resources:
      limits: {memory: 128Mi}
"""
PROFILE = """\
extends: ./_base.yaml
name: agent
nodes: {tolerate: [control-plane]}
variants:
  gpu:
    nodes: {select: {gpu: "yes"}, tolerate+: [gpu=yes]}
    containers:
      agent:
        resources:
          limits: {memory: 512Mi}
  default:
    nodes: {rest: true}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("profiles", "environments"):
        (tmp_path / name).mkdir()
    (tmp_path / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    (tmp_path / "profiles/_base.yaml").write_text(BASE)
    (tmp_path / "profiles/agent.yaml").write_text(PROFILE)
    for name, memory in (("eu", "200Mi"), ("us", "300Mi")):
        layer = f"containers:\n      agent: {{resources: {{limits: {{memory: {memory}}}}}}}\n"
        (tmp_path / f"environments/{name}.yaml").write_text(f"overrides:\n  agent:\n    {layer}")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["trace", *arguments])


def lines(*arguments: str) -> list[list[str]]:
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return [line.split(maxsplit=2) if line[-1:] != ":" else [line] for line in result.stdout.splitlines()]


MEMORY = "containers.agent.resources.limits.memory"


def test_a_heading_for_each_variant() -> None:
    assert lines("agent", MEMORY) == [
        ["agent-gpu (variant gpu):"],
        [MEMORY, "profiles/agent.yaml:10", "512Mi"],
        ["profiles/_base.yaml:5", "over", "128Mi"],
        [],
        ["agent-default (variant default):"],
        [MEMORY, "profiles/_base.yaml:5", "128Mi"],
    ]


def test_what_all_variants_share_is_listed_once() -> None:
    found = lines("agent", "containers.agent")
    assert found[:3] == [["all variants:"], ["containers.agent.image", "profiles/_base.yaml:3", "x:1"], []]
    assert sum(line[0] == "containers.agent.image" for line in found if line) == 1


def test_nothing_differs() -> None:
    assert lines("agent", "containers.agent.image") == [
        ["all variants:"],
        ["containers.agent.image", "profiles/_base.yaml:3", "x:1"],
    ]


def test_an_environment_is_a_layer_below_the_variant() -> None:
    assert lines("agent", MEMORY, "-e", "eu")[1:4] == [
        [MEMORY, "profiles/agent.yaml:10", "512Mi"],
        ["environments/eu.yaml:4", "over", "200Mi"],
        ["profiles/_base.yaml:5", "over", "128Mi"],
    ]


def test_several_environments() -> None:
    headings = [line[0] for line in lines("agent", MEMORY, "-e", "*") if len(line) == 1]
    assert headings == [
        f"{environment}, agent-{variant} (variant {variant}):"
        for environment in ("eu", "us")
        for variant in ("gpu", "default")
    ]


def test_errors_of_each_environment_count(folder: Path) -> None:
    """Those of an environment are not forgotten for the next one."""
    (folder / "environments/eu.yaml").write_text("overrides:\n  agent:\n    labels: {team: 'a b'}\n")
    result = run("agent", "spec", "-e", "eu", "-e", "us")
    assert result.exit_code == 1
    assert "environments/eu.yaml:3" in result.stderr
    assert "us, agent-gpu (variant gpu):" in result.stdout


def test_environments_without_variants(folder: Path) -> None:
    (folder / "profiles/agent.yaml").write_text("extends: ./_base.yaml\nname: agent\n")
    assert lines("agent", MEMORY, "-e", "us", "-e", "eu") == [
        ["eu:"],
        [MEMORY, "environments/eu.yaml:4", "200Mi"],
        ["profiles/_base.yaml:5", "over", "128Mi"],
        [],
        ["us:"],
        [MEMORY, "environments/us.yaml:4", "300Mi"],
        ["profiles/_base.yaml:5", "over", "128Mi"],
    ]


@pytest.mark.parametrize("field", ["spec.template.spec.containers", "spec.template.spec.tolerations"])
def test_fields_of_each_daemonset(field: str) -> None:
    found = lines("agent", field)
    assert ["agent-gpu (variant gpu):"] in found
    assert ["all variants:"] in found


def test_a_field_says_what_lost() -> None:
    field = "spec.template.spec.containers[0].resources.limits.memory"
    assert lines("agent", field)[:3] == [
        ["agent-gpu (variant gpu):"],
        [field, "profiles/agent.yaml:10", "512Mi"],
        ["profiles/_base.yaml:5", "over", "128Mi"],
    ]


def test_what_one_variant_removes(folder: Path) -> None:
    (folder / "profiles/agent.yaml").write_text(PROFILE.replace("limits: {memory: 512Mi}", "limits: {memory: null}"))
    assert lines("agent", MEMORY)[:3] == [
        ["agent-gpu (variant gpu):"],
        [MEMORY, "profiles/agent.yaml:10", "(removed)"],
        ["profiles/_base.yaml:5", "over", "128Mi"],
    ]


def test_the_layer_of_a_variant_itself() -> None:
    assert [line[0] for line in lines("agent", "variants.gpu.containers")] == [f"variants.gpu.{MEMORY}"]


def test_json() -> None:
    values = json.loads(run("agent", MEMORY, "-e", "eu", "--format", "json").stdout)["values"]
    assert [(each["environment"], each["variant"], each["value"]) for each in values] == [
        ("eu", "gpu", "512Mi"),
        ("eu", "default", "200Mi"),
    ]
    assert [each["value"] for each in values[0]["over"]] == ["200Mi", "128Mi"]


def test_an_unknown_key_has_a_suggestion() -> None:
    assert "did you mean `containers`?" in run("agent", "container").stderr
