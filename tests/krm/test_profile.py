"""A `DaemonSetProfile` in a file that is validated, planned or compared: what is wrong stands at its place in the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dsgen.cli import main, shell

HEAD = "apiVersion: dsgen/v1\nkind: DaemonSetProfile\nmetadata: {name: agent}\n"
BLOCK = f"{HEAD}spec:\n  # what it is\n  containers:\n    agent:\n      image: x:1\n      BAD: 1\n# the end\n"
FLOW = HEAD + "spec: {containers: {agent: {image: 'x:1',\n  BAD: 1}}, hostPID: true} # end\n"
JSON = '{"kind": "DaemonSetProfile", "spec": {"containers": {"agent": {"image": "x:1", "BAD": 1}}, "hostPID": true}, "metadata": {"name": "agent"}, "apiVersion": "dsgen/v1"}'
FUNCTION = BLOCK.replace(
    "name: agent}", "name: agent, annotations: {config.kubernetes.io/function: 'exec: {path: dsgen}'}}"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shell._lines.cache_clear()
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def said(*arguments: str) -> list[tuple[str, int, int, str]]:
    problems = json.loads(run(*arguments, "--format", "json").stdout)["problems"]
    return [(each["code"], each["line"], each["column"], each["path"]) for each in problems]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BLOCK, id="block"),
        pytest.param(FLOW, id="flow"),
        pytest.param(JSON, id="JSON"),
        pytest.param(FUNCTION, id="function"),
        pytest.param(BLOCK.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(f"\ufeff# head\n---\n{BLOCK}", id="BOM"),
        pytest.param(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n---\n{BLOCK}---\n{HEAD}spec: {{containers: {{a: {{image: x}}}}}}\n", id="several"),
        pytest.param("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n" + "".join(f"- {line}\n" if not number else f"  {line}\n" for number, line in enumerate(BLOCK.splitlines())), id="in a list"),
        pytest.param(BLOCK.replace("spec:\n", "spec:\n  name: own\n"), id="a name of its own"),
    ],
)  # fmt: skip
def test_a_fault_stands_where_it_is_written(text: str) -> None:
    Path("agent.yaml").write_bytes(text.encode())
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "BAD" in line)
    column = text.removeprefix("\ufeff").splitlines()[line - 1].replace('"BAD', "BAD").index("BAD") + 1
    # In JSON of one line, the name that the profile gets moves what comes after it.
    moved = len('name: "agent", ') if text == JSON else 0
    found = said("validate", "agent.yaml")
    assert found == [("unknown-key", line, column + moved, "spec.containers.agent.BAD")]


@pytest.mark.parametrize("text", [BLOCK, FLOW, JSON])
def test_all_well(text: str) -> None:
    Path("agent.yaml").write_text(text.replace("BAD: 1", "command: [a]").replace('"BAD": 1', '"command": ["a"]'))
    result = run("validate", "agent.yaml")
    assert (result.exit_code, result.output) == (0, "1 object validated, no errors\n")


def test_the_excerpt_is_of_the_file() -> None:
    Path("agent.yaml").write_text(BLOCK)
    assert "  9 |       BAD: 1\n    |       ^^^\n" in run("validate", "agent.yaml").stderr


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (HEAD, "has no map under `spec`"),
        (f"{HEAD}spec: []\n", "has no map under `spec`"),
        (BLOCK.replace("name: agent", "labels: {}"), "has no `metadata.name`"),
    ],
)
def test_what_is_none(text: str, found: str) -> None:
    Path("agent.yaml").write_text(text)
    assert said("validate", "agent.yaml")[0][:2] == ("missing-profile-spec", 2)
    assert found in run("validate", "agent.yaml").stderr


def test_what_it_extends_is_beside_it() -> None:
    Path("krm").mkdir()
    Path("krm/base.yaml").write_text("hostPID: true\n")
    Path("krm/agent.yaml").write_text(f"{HEAD}spec:\n  extends: ./base.yaml\n  containers: {{agent: {{image: x}}}}\n")
    assert run("validate", "krm/agent.yaml").exit_code == 0
    Path("krm/base.yaml").unlink()
    assert said("validate", "krm/agent.yaml") == [("unknown-parent", 5, 12, "spec.extends")]


def test_plans_and_differences() -> None:
    Path("old.yaml").write_text(BLOCK.replace("BAD: 1", "command: [a]"))
    Path("new.yaml").write_text(BLOCK.replace("BAD: 1", "command: [b]"))
    Path("pools.yaml").write_text("pools: {all: {count: 3}}\n")
    assert "~ DaemonSet agent: its pods restart" in run("diff", "old.yaml", "new.yaml").stdout.replace("default/", "")
    assert "agent" in run("plan", "new.yaml", "--nodes", "pools.yaml").stdout
    Path("new.yaml").write_text(BLOCK)
    result = run("diff", "old.yaml", "new.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "new.yaml:9:7: error: unknown key `BAD`" in result.stderr
