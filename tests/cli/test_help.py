"""The examples of `--help` can be copied, and run in a project that `dsgen init` has just created."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from dsgen.cli import COMMANDS, main
from dsgen.cli.presets import command as presets

HELPS = ["", *COMMANDS, *(f"presets {name}" for name in presets.commands)]
# What an example needs besides.
BEFORE = {
    "presets diff": "dsgen presets lock fluent-bit",
    "presets upgrade": "dsgen presets lock fluent-bit",
    "diff": "git init -q -b main && git add . && git -c user.name=a -c user.email=a@example.com commit -qm first",
}
DAEMONSET: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "DaemonSet",
    "metadata": {"name": "logs", "namespace": "kube-system"},
    "spec": {
        "selector": {"matchLabels": {"app": "logs"}},
        "template": {
            "metadata": {"labels": {"app": "logs"}},
            "spec": {"containers": [{"name": "logs", "image": "example.com/logs:1.0"}]},
        },
    },
}
LIST = {"apiVersion": "v1", "kind": "List", "items": [DAEMONSET]}
KUBECTL = """#!/bin/sh
case "$*" in *nodes*) echo '{"apiVersion": "v1", "kind": "List", "items": []}' ;; *) echo '%s' ;; esac
"""
# Runs the function of each file as its annotation says.
KUSTOMIZE = """#!{python}
import pathlib, subprocess, sys, yaml
for path in pathlib.Path(sys.argv[-1]).glob("*.yaml"):
    config = yaml.safe_load(path.read_text())
    function = yaml.safe_load(config["metadata"]["annotations"]["config.kubernetes.io/function"])["exec"]
    given = dict(apiVersion="config.kubernetes.io/v1", kind="ResourceList", items=[], functionConfig=config)
    done = subprocess.run([function["path"], *function["args"]], input=yaml.safe_dump(given), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    print(yaml.safe_dump_all(yaml.safe_load(done.stdout)["items"]))
"""


def text_of(name: str) -> str:
    result = CliRunner().invoke(main, [*name.split(), "--help"], prog_name="dsgen", terminal_width=60)
    assert result.exit_code == 0
    return result.stdout


def example_of(name: str) -> str:
    (line,) = re.findall("^ +Example: (.*)$", text_of(name), re.MULTILINE)
    return str(line)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    assert CliRunner().invoke(main, ["init", str(project)]).exit_code == 0
    programs = {"kubectl": KUBECTL % json.dumps(LIST), "kustomize": KUSTOMIZE.format(python=sys.executable)}
    (tmp_path / "bin").mkdir()
    for name, text in programs.items():
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    # The profile in the help of `dsgen kustomize`.
    (block,) = re.findall(r"^  kind: DaemonSetProfile\n(?:  .+\n)+", text_of("kustomize"), re.MULTILINE)
    (project / "overlays/prod").mkdir(parents=True)
    (project / "overlays/prod/agent.yaml").write_text(block)
    return project


@pytest.mark.parametrize("name", HELPS, ids=lambda name: name or "dsgen")
def test_an_example_runs_in_a_new_project(name: str, project: Path) -> None:
    example = example_of(name)
    folder = project.parent / "empty" if name in ("", "init") else project
    folder.mkdir(exist_ok=True)
    path = os.pathsep.join([str(project.parent / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    script = f"set -o pipefail; {BEFORE.get(name, 'true')} >/dev/null 2>&1 || exit 9; {example}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={"PATH": path, "HOME": str(project.parent), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "error: " not in done.stderr
    assert "warning: " not in done.stderr


@pytest.mark.parametrize("name", HELPS, ids=lambda name: name or "dsgen")
def test_an_example_is_a_line_of_any_terminal(name: str) -> None:
    """A line that is too long is broken by the terminal, which copies it as one line."""
    command: click.Command = main
    for word in name.split():
        found = command.get_command(click.Context(command), word)  # type: ignore[attr-defined]
        assert found is not None
        command = found
    assert command.help is not None
    assert f"Example: {example_of(name)}\n" in command.help
