"""Allowances that suppress nothing are reported, but only if the whole project shows that they do not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import dsgen
from dsgen.build.unused_allowances import ELSEWHERE
from dsgen.choices import severities
from dsgen.cli import main

Run = Callable[..., Result]

PACKAGE = Path(dsgen.__file__).parent
ALLOW = "  # dsgen: allow few-bytes: tiny on purpose"
FEW = "all: {containers: {agent: {resources: {limits: {memory: 128}}}}}\n"
UNUSED = ["warning unused-allowance"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "dsgen.yaml", 'kubernetes: "1.37"\n')
    write(tmp_path, "profiles/agent.yaml", profile("128Mi"))
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    return lambda *arguments, **more: CliRunner().invoke(main, arguments, **more)


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)


def profile(memory: str) -> str:
    return f"name: agent\ncontainers:\n  agent: {{image: 'x:1', resources: {{limits: {{memory: {memory}}}}}}}{ALLOW}\n"


def found(run: Run, *arguments: str) -> list[str]:
    problems = json.loads(run(*arguments, "--format", "json").stdout)["problems"]
    return [f"{each['severity']} {each['code']}" for each in problems if each["severity"] != "note"]


def test_a_comment(run: Run) -> None:
    for arguments in (("validate",), ("generate",), ("generate",), ("generate", "--check")):
        assert found(run, *arguments) == UNUSED
    (problem,) = json.loads(run("validate", "--format", "json").stdout)["problems"]
    assert (problem["line"], problem["message"]) == (3, "line 3 no longer has the warning `few-bytes`")
    assert problem["hint"] == "remove the comment"
    assert [problem.code for problem in dsgen.generate_project(".").problems] == ["unused-allowance"]


def test_one_that_is_used(folder: Path, run: Run) -> None:
    write(folder, "profiles/agent.yaml", profile("128"))
    for command in ("validate", "generate", "generate"):
        assert found(run, command) == []


@pytest.mark.parametrize("arguments", [("profiles/agent.yaml",), ("agent",), ("--kubernetes", "1.36")])
def test_not_of_a_part_of_a_project(run: Run, arguments: tuple[str, ...]) -> None:
    for command in ("validate", "generate"):
        assert found(run, command, *arguments) == []


def test_not_of_a_shard(run: Run) -> None:
    assert found(run, "generate", "--shard", "1/1") == []


def test_not_with_errors(folder: Path, run: Run) -> None:
    write(folder, "profiles/other.yaml", "name: other\ncontainers: {a: {}}\n")
    assert found(run, "validate") == ["error missing-key"]


@pytest.mark.parametrize(("stated", "unused"), [(FEW, []), ("all: {}\n", UNUSED)])
def test_one_environment_uses_it(folder: Path, run: Run, stated: str, unused: list[str]) -> None:
    # Its warning is in the environment's line, so the comment is there.
    write(folder, "environments/dev.yaml", "all: {}\n")
    write(folder, "environments/prod.yaml", stated.replace("\n", f"{ALLOW}\n"))
    write(folder, "profiles/agent.yaml", "name: agent\ncontainers: {agent: {image: 'x:1'}}\n")
    for command in ("validate", "generate", "generate"):
        assert found(run, command) == unused
    assert found(run, "validate", "-e", "dev") == found(run, "validate", "-e", "prod") == []


@pytest.mark.parametrize(("memory", "unused"), [("128", []), ("128Mi", UNUSED)])
def test_one_variant_uses_it(folder: Path, run: Run, memory: str, unused: list[str]) -> None:
    text = "name: agent\ncontainers: {agent: {image: 'x:1'}}\nvariants:\n  small:\n    nodes: {select: {size: s}}\n    containers:\n"
    text += f"      agent: {{resources: {{limits: {{memory: {memory}}}}}}}{ALLOW}\n  other: {{nodes: {{rest: true}}}}\n"
    write(folder, "profiles/agent.yaml", text)
    assert found(run, "validate") == unused


def test_a_parent(folder: Path, run: Run) -> None:
    """It is used if any profile over it uses it."""
    write(folder, "profiles/_house.yaml", f"containers:\n  agent: {{resources: {{limits: {{memory: 128}}}}}}{ALLOW}\n")
    for name, memory in (("a", ""), ("b", ", resources: {limits: {memory: 1Gi}}")):
        text = f"extends: ./_house.yaml\nname: {name}\ncontainers: {{agent: {{image: 'x:1'{memory}}}}}\n"
        write(folder, f"profiles/{name}.yaml", text)
    (folder / "profiles/agent.yaml").unlink()
    for command in ("validate", "generate", "generate"):
        assert found(run, command) == []
    (folder / "profiles/a.yaml").unlink()
    assert found(run, "validate") == UNUSED


def test_one_of_two_codes(folder: Path, run: Run) -> None:
    write(folder, "profiles/agent.yaml", profile("128").replace("few-bytes", "few-bytes, replaced-list"))
    (problem,) = json.loads(run("validate", "--format", "json").stdout)["problems"]
    assert problem["hint"] == "remove `replaced-list` from the comment"


def test_a_warning_between_profiles(folder: Path, run: Run) -> None:
    reference = "name: agent\ncontainers:\n  agent:\n    image: 'x:1'\n    envFrom:\n"
    reference += "      - {configMapRef: {name: other}}  # dsgen: allow unknown-reference: another tool creates it\n"
    write(folder, "profiles/agent.yaml", reference)
    other = "name: other\ncontainers: {a: {image: 'x:1'}}\nconfigMaps: {others: {data: {a: b}}}\n"
    write(folder, "profiles/other.yaml", other)
    assert found(run, "validate") == []
    write(folder, "profiles/agent.yaml", re.sub(" # .*", "", reference))
    assert found(run, "validate") == ["warning unknown-reference"]


class TestProject:
    OFF = 'kubernetes: "1.37"\nproblems:\n  few-bytes: {severity: off, reason: x}'

    def test_unused(self, folder: Path, run: Run) -> None:
        write(folder, "profiles/agent.yaml", profile("128Mi").replace(ALLOW, ""))
        write(folder, "dsgen.yaml", self.OFF + "\n")
        for command in ("validate", "generate", "generate"):
            assert found(run, command) == UNUSED
        (problem,) = json.loads(run("validate", "--format", "json").stdout)["problems"]
        assert (problem["file"], problem["line"], problem["path"]) == ("dsgen.yaml", 3, "problems.few-bytes")
        (comment,) = re.findall("add `(.*)` to this line", problem["hint"])
        write(folder, "dsgen.yaml", f"{self.OFF}  {comment}\n")
        assert found(run, "validate") == []
        write(folder, "dsgen.yaml", self.OFF + "\n  unused-allowance: {severity: off, reason: x}\n")
        assert found(run, "validate") == []

    def test_used(self, folder: Path, run: Run) -> None:
        write(folder, "profiles/agent.yaml", profile("128").replace(ALLOW, ""))
        write(folder, "dsgen.yaml", self.OFF + "\n")
        for command in ("validate", "generate", "generate"):
            assert found(run, command) == []

    def test_used_by_what_no_environment_uses(self, folder: Path, run: Run) -> None:
        write(folder, "dsgen.yaml", self.OFF + "\n")
        write(folder, "environments/prod.yaml", "profiles: [other]\n")
        write(folder, "profiles/other.yaml", "name: other\ncontainers: {a: {image: 'x:1'}}\n")
        assert found(run, "validate") == ["warning unused-profile"]


def test_warnings_of_plans_are_not_known() -> None:
    """`dsgen plan` decides by the same choices, and no other command finds its warnings."""
    files = [*(PACKAGE / "plan").rglob("*.py"), *(PACKAGE / "kubernetes/scheduling").rglob("*.py")]
    codes = {name for path in files for name in re.findall(r'code\(\s*"([a-z-]+)"', path.read_text())}
    assert {name for name in codes if severities()[name] == "warning"} <= ELSEWHERE
