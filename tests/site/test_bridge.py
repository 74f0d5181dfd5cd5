"""What the playground shows is what the commands print, also without the modules that a browser does not have."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest
from click.testing import CliRunner

from dsgen.cli import main
from dsgen.kubernetes.schema import fields
from scripts.site.playground import SOURCE

EXAMPLES: Final = {path.stem: path.read_text("utf-8") for path in sorted((SOURCE / "examples").glob("*.yaml"))}
POOLS: Final = EXAMPLES.pop("pools")
# A browser has no processes, no terminal and no libyaml.
MISSING: Final = (
    "yaml._yaml", "_yaml", "markupsafe._speedups", "cel_expr_python", "fcntl", "termios", "multiprocessing",
    "pwd", "grp", "resource", "readline", "ssl",
)  # fmt: skip


def load() -> ModuleType:
    spec = spec_from_file_location("bridge", SOURCE / "bridge.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def bridge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.chdir(tmp_path)
    return load()


def ask(bridge: ModuleType, text: str, view: str = "problems", minor: str = "1.37", pools: str = POOLS) -> Any:
    return json.loads(bridge.answer(json.dumps({"text": text, "kubernetes": minor, "view": view, "pools": pools})))


def run(*words: str) -> Any:
    return CliRunner().invoke(main, words)


def test_versions(bridge: ModuleType) -> None:
    versions = json.loads(bridge.versions())
    assert versions["default"] == fields.DEFAULT
    assert sorted(versions["minors"]) == sorted(fields.MINORS)


@pytest.mark.parametrize("minor", ["1.33", "1.37"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_problems_are_those_of_the_command(bridge: ModuleType, name: str, minor: str) -> None:
    found = ask(bridge, EXAMPLES[name], minor=minor)
    command = run("validate", "input.yaml", "--kubernetes", minor, "--format", "json")
    assert found["problems"] == json.loads(command.stdout)["problems"]
    assert any(each["severity"] == "error" for each in found["problems"]) == (name in ("faulty", "manifest"))
    assert found["kind"] == ("manifests" if name in ("manifest", "helm") else "profile")
    assert found["validated"]


def test_objects_are_the_files_of_the_command(bridge: ModuleType, tmp_path: Path) -> None:
    files = ask(bridge, EXAMPLES["preset"], "objects")["objects"]["files"]
    assert run("generate", "input.yaml").exit_code == 0
    written = {path.name: path.read_text("utf-8") for path in (tmp_path / "out/node-metrics").glob("*-*.yaml")}
    assert {each["name"]: each["text"] for each in files} == written
    assert "daemonset-node-metrics.yaml" in written


@pytest.mark.parametrize("text", [EXAMPLES["faulty"], EXAMPLES["manifest"], "", "a: ["])
def test_there_are_no_objects_of_what_cannot_be_generated(bridge: ModuleType, text: str) -> None:
    assert ask(bridge, text, "objects")["objects"] == {"files": []}


def test_plan_is_that_of_the_command(bridge: ModuleType) -> None:
    found = ask(bridge, EXAMPLES["preset"], "plan")["plan"]
    assert found["text"] == run("plan", "input.yaml", "--nodes", "pools.yaml").stdout
    assert "monitoring/node-metrics: 3 of 18 nodes" in found["text"]
    assert (found["problems"], found["said"]) == ([], [])


def test_faults_of_pools_are_at_their_line(bridge: ModuleType) -> None:
    found = ask(bridge, EXAMPLES["preset"], "plan", pools="pools:\n  a: {cont: 3}\n")["plan"]
    assert [(each["file"], each["line"]) for each in found["problems"]] == [("pools.yaml", 2)]
    assert found["text"] == ""


def test_import_is_that_of_the_command(bridge: ModuleType) -> None:
    found = ask(bridge, EXAMPLES["helm"], "import")["import"]
    assert found["text"] == run("import", "input.yaml").stdout
    assert found["said"] == ["release-agent: identical"]
    again = ask(bridge, found["text"], "objects")
    assert again["problems"] == []
    assert len(again["objects"]["files"]) == 3


def test_import_of_a_profile_says_what_is_missing(bridge: ModuleType) -> None:
    found = ask(bridge, EXAMPLES["profile"], "import")["import"]
    assert [each["code"] for each in found["problems"]] == ["missing-kubernetes-object"]
    assert found["text"] == ""


@pytest.mark.parametrize("view", ["problems", "objects", "plan", "import"])
def test_each_request_is_answered_by_itself(bridge: ModuleType, view: str) -> None:
    """Nothing of an earlier text is left in the answer to a later one with the same name."""
    first = ask(bridge, EXAMPLES["helm"], view)
    ask(bridge, EXAMPLES["faulty"], view, pools="")
    assert ask(bridge, EXAMPLES["helm"], view) == first


@pytest.mark.parametrize(
    "text", ["", " \n", "\ud800", "\0", "[" * 5000, "- <img src=x onerror=alert(1)>", "a: &a [*a]", "{{ x }}"]
)
@pytest.mark.parametrize("view", ["objects", "plan", "import"])
def test_no_text_is_too_odd(bridge: ModuleType, text: str, view: str) -> None:
    found = ask(bridge, text, view, pools=text)
    assert found["kind"] == "empty" or any(each["severity"] == "error" for each in found["problems"])


def test_what_a_browser_does_not_have_is_not_needed(bridge: ModuleType, tmp_path: Path) -> None:
    script = f"""
import json, sys
for name in {MISSING!r}:
    sys.modules[name] = None
sys.path.insert(0, {str(SOURCE)!r})
import bridge, yaml
assert not yaml.__with_libyaml__
print(json.dumps([json.loads(bridge.answer(request)) for request in json.load(sys.stdin)]))
assert "markupsafe._native" in sys.modules
"""
    asked = [(text, view) for text in EXAMPLES.values() for view in ("problems", "objects", "plan", "import")]
    requests = [json.dumps({"text": text, "kubernetes": "1.37", "view": view, "pools": POOLS}) for text, view in asked]
    (tmp_path / "other").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path / "other",
        input=json.dumps(requests),
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.stderr == ""
    assert json.loads(done.stdout) == [ask(bridge, text, view) for text, view in asked]
