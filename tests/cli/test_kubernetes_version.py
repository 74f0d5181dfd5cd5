"""The version of Kubernetes that commands use where the project does not set one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dsgen.kubernetes.schema import fields
from tests.cli.test_commands import GOOD, Run, folder, run

__all__ = ["folder", "run"]

CODE = "missing-kubernetes-version"
MANIFEST = "out/agent/daemonset-agent.yaml"


@pytest.fixture(autouse=True)
def project(folder: Path, run: Run) -> Path:
    (folder / "dsgen.yaml").write_text("profiles: [profiles/*.yaml]\n")
    (folder / "profiles/agent.yaml").write_text(GOOD.format("agent"))
    assert run("generate", "--quiet").exit_code == 0
    return folder


COMMANDS = [("generate",), ("generate", "--check"), ("validate",), ("validate", MANIFEST), ("import", MANIFEST)]


@pytest.mark.parametrize("command", COMMANDS)
def test_one_note_says_which_version_is_used_and_how_to_keep_it(
    folder: Path, run: Run, command: tuple[str, ...]
) -> None:
    result = run(*command)
    assert result.exit_code == 0
    assert result.output.count(f"[{CODE}]") == 1
    assert f"note: this project sets no version of Kubernetes, so {fields.DEFAULT} is used [{CODE}]" in result.output
    # The hint, followed.
    line = re.findall(r"hint: to keep it, write `(.*)` in dsgen\.yaml", result.output)[0]
    with (folder / "dsgen.yaml").open("a") as file:
        file.write(f"{line}\n")
    assert run(*command).output.count(CODE) == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_not_when_quiet_or_when_an_option_sets_it(run: Run, command: tuple[str, ...]) -> None:
    assert CODE not in run(*command, "--quiet").output
    assert CODE not in run(*command, "--kubernetes", "1.35").output


NODES = '{"kind": "NodeList", "items": [{"metadata": {"name": "a"}}]}'
OTHER_COMMANDS = [
    ("plan", "--nodes", "nodes.json"),
    ("diff", "out", "."),
    ("requires",),
    ("requires", "--format", "json"),
]


@pytest.mark.parametrize("command", OTHER_COMMANDS)
def test_commands_that_write_nothing_say_it_too(folder: Path, run: Run, command: tuple[str, ...]) -> None:
    (folder / "nodes.json").write_text(NODES)
    result = run(*command)
    assert result.exit_code == 0
    assert result.output.count(f"note: this project sets no version of Kubernetes, so {fields.DEFAULT} is used") == 1
    assert CODE not in run(*command, "--kubernetes", "1.35").output
    with (folder / "dsgen.yaml").open("a") as file:
        file.write(f'kubernetes: "{fields.DEFAULT}"\n')
    assert CODE not in run(*command).output


def test_plan_has_it_among_its_problems(folder: Path, run: Run) -> None:
    (folder / "nodes.json").write_text(NODES)
    problems = json.loads(run("plan", "--nodes", "nodes.json", "--format", "json").stdout)["problems"]
    assert [each["severity"] for each in problems if each["code"] == CODE] == ["note"]


def test_the_function_for_kustomize_prints_it(folder: Path, run: Run) -> None:
    empty = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n"
    result = run("kustomize", input=empty)
    assert result.exit_code == 0
    assert CODE in result.stderr
    assert CODE not in result.stdout
    assert CODE not in run("kustomize", "--kubernetes", "1.35", input=empty).output


def test_a_preview_is_called_one(run: Run) -> None:
    preview = fields.MINORS[-1]
    assert preview != fields.DEFAULT
    for command in COMMANDS:
        result = run(*command, "--kubernetes", preview)
        assert result.exit_code == 0
        assert result.output.count(f"note: Kubernetes {preview} is a preview") == 1
        assert f"the rules have been confirmed for {fields.DEFAULT}" in result.output


def test_not_without_a_project(folder: Path, run: Run) -> None:
    (folder / "dsgen.yaml").unlink()
    assert CODE not in run("generate").output


def test_environments_that_each_set_a_version(folder: Path, run: Run) -> None:
    (folder / "environments").mkdir(exist_ok=True)
    for name in ("one", "two"):
        (folder / f"environments/{name}.yaml").write_text('kubernetes: "1.35"\n')
    assert CODE not in run("validate").output
    (folder / "environments/two.yaml").write_text("")
    assert CODE in run("validate").output
    assert CODE not in run("validate", "-e", "one").output


def test_it_is_a_note_in_json(run: Run) -> None:
    (problem,) = json.loads(run("validate", "--format", "json").stdout)["problems"]
    assert (problem["code"], problem["severity"]) == (CODE, "note")
