"""Where manifests come from: folders of Kustomize are built, and those of charts are named with the command for them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.test_commands import Run, folder, run
from tests.importer.imports import HEAD, daemonset

__all__ = ["folder", "run"]


@pytest.fixture(autouse=True)
def overlay(folder: Path) -> Path:
    """An overlay that changes the image of its base."""
    (folder / "base").mkdir()
    (folder / "overlay").mkdir()
    (folder / "base/daemonset.yaml").write_text(daemonset())
    (folder / "base/kustomization.yaml").write_text("resources: [daemonset.yaml]\n")
    (folder / "overlay/kustomization.yaml").write_text("resources: [../base]\nimages: [{name: x, newTag: '2'}]\n")
    return folder


def tool(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, script: str) -> None:
    """Let the path have this program alone."""
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder / "bin"))


@pytest.mark.parametrize(
    ("name", "arguments"), [("kustomize", "build -- overlay"), ("kubectl", "kustomize -- overlay")]
)
def test_an_overlay_is_built(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, name: str, arguments: str
) -> None:
    (folder / "built.yaml").write_text(daemonset().replace("image: x", "image: x:2"))
    cat = shutil.which("cat")
    tool(folder, monkeypatch, name, f'[ "$*" = "{arguments}" ] && {cat} built.yaml')
    assert run("import", "overlay", "-q").stdout == f"{HEAD}containers:\n  agent: {{image: x:2}}\n"


@pytest.mark.skipif(not shutil.which("kubectl"), reason="there is no kubectl")
def test_with_the_real_kubectl(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.path.dirname(shutil.which("kubectl") or ""))
    assert run("import", "overlay", "-q").stdout == f"{HEAD}containers:\n  agent: {{image: x:2}}\n"


def test_without_a_tool_the_command_is_named(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = run("import", "overlay")
    assert result.exit_code == 2
    assert result.stderr == "dsgen: overlay is a kustomization: run `kustomize build overlay | dsgen import -`\n"


def test_what_kustomize_refuses(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a plugin that would have to be enabled."""
    tool(folder, monkeypatch, "kustomize", "echo 'unable to load plugin: alpha plugins are disabled' >&2; exit 1")
    result = run("import", "overlay")
    assert (result.exit_code, result.stdout) == (2, "")
    said, hint = result.stderr.splitlines()
    assert said == "dsgen: kustomize build -- overlay: unable to load plugin: alpha plugins are disabled"
    command = "kustomize build --enable-alpha-plugins --enable-exec --enable-helm overlay | dsgen import -"
    assert hint == f"dsgen enables no plugins; if you trust them, run: {command}"


def test_a_list_of_files_is_read_as_it_is(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its comments, without any tool, and without files that it does not list."""
    monkeypatch.setenv("PATH", "")
    (folder / "base/daemonset.yaml").write_text(daemonset("# Every node.\nhostNetwork: true"))
    (folder / "base/other.yaml").write_text("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n")
    (folder / "kustomization.yaml").write_text("resources: [base]\n")
    for argument in ("base", "."):
        result = run("import", argument)
        assert (result.exit_code, result.stderr.count("Secret")) == (0, 0)
        assert "# Every node.\nhostNetwork: true\n" in result.stdout


def test_the_output_of_a_project(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (folder / "profiles/agent.yaml").write_text("name: agent\ncontainers: {agent: {image: x}}\n")
    (folder / "environments").mkdir()
    (folder / "environments/prod.yaml").write_text("")
    run("generate", "-q")
    assert run("import", "out/prod").stderr.endswith("agent: identical\n")


def test_a_chart(folder: Path, run: Run) -> None:
    (folder / "chart").mkdir()
    (folder / "chart/Chart.yaml").write_text("name: agent\n")
    result = run("import", "chart")
    assert result.exit_code == 2
    assert result.stderr == "dsgen: chart is a Helm chart: run `helm template --no-hooks NAME chart | dsgen import -`\n"
