"""What dsgen writes, built by the real Kustomize: alone, and within kubectl."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from benchmarks.peers import CACHE
from dsgen.cli import main
from dsgen.output import kustomization

ROOT = Path(__file__).parents[2]
TOOLS = {
    "kustomize": [shutil.which("kustomize") or shutil.which("kustomize", path=str(CACHE)) or "", "build"],
    "kubectl": [shutil.which("kubectl") or "", "kustomize"],
}
AGENT = """
name: {name}
namespace: {{name: agents, create: true}}
containers: {{agent: {{image: "example.com/{name}:1.0", env: {{A: "yes", B: "1e3"}}}}}}
configMaps: {{{name}-config: {{data: {{a: "x: 1"}}}}}}
"""


@pytest.fixture(params=TOOLS)
def tool(request: pytest.FixtureRequest) -> list[str]:
    command = TOOLS[request.param]
    if not command[0]:
        pytest.skip(f"there is no {request.param}")
    return command


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two profiles that make one Namespace alike, in two environments."""
    monkeypatch.chdir(tmp_path)
    for folder in ("profiles", "environments"):
        (tmp_path / folder).mkdir()
    (tmp_path / "dsgen.yaml").write_text("")
    for name in ("one", "on"):
        (tmp_path / f"profiles/{name}.yaml").write_text(AGENT.format(name=name))
    for name in ("prod", "test"):
        (tmp_path / f"environments/{name}.yaml").write_text("")
    generate()
    return tmp_path


def generate() -> None:
    done = CliRunner().invoke(main, ["generate", "-q"])
    assert done.exit_code == 0, done.output


def built(tool: list[str], folder: Path) -> dict[tuple[str, str], Any]:
    done = subprocess.run([*tool, str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return by_name(list(yaml.safe_load_all(done.stdout)))


def written(folder: Path) -> dict[tuple[str, str], Any]:
    files = (path for path in folder.rglob("*.yaml") if path.name != kustomization.NAME)
    return by_name([yaml.safe_load(path.read_text()) for path in files])


def by_name(objects: list[Any]) -> dict[tuple[str, str], Any]:
    return {(each["kind"], each["metadata"]["name"]): each for each in objects}


def test_every_folder_of_the_output_is_a_base(tool: list[str]) -> None:
    for folder in sorted((ROOT / "out").iterdir()):
        assert built(tool, folder) == written(folder), folder


def test_an_environment_is_built_as_a_whole(tool: list[str], project: Path) -> None:
    whole = built(tool, project / "out/prod")
    assert whole == written(project / "out/prod")
    assert sorted(whole) == [
        ("ConfigMap", "on-config"),
        ("ConfigMap", "one-config"),
        ("DaemonSet", "on"),
        ("DaemonSet", "one"),
        ("Namespace", "agents"),
    ]


def test_when_another_profile_makes_what_they_shared(tool: list[str], project: Path) -> None:
    (project / "profiles/on.yaml").unlink()
    generate()
    assert built(tool, project / "out/prod") == written(project / "out/prod")
    # A profile that was not asked for, and is read from its folder.
    (project / "profiles/one.yaml").write_text(AGENT.format(name="one"))
    (project / "profiles/a.yaml").write_text(AGENT.format(name="a"))
    done = CliRunner().invoke(main, ["generate", "-q", "a"])
    assert done.exit_code == 0, done.output
    assert len(built(tool, project / "out/prod")) == 5


def test_an_overlay(tool: list[str], project: Path) -> None:
    (project / "overlay").mkdir()
    (project / "overlay/kustomization.yaml").write_text(
        """
resources: [../out/prod]
namePrefix: eu-
labels: [{pairs: {team: nodes}, includeSelectors: false}]
images: [{name: example.com/one, newTag: "2.0"}]
patches:
  - target: {kind: DaemonSet, name: "on"}
    patch: |-
      - op: add
        path: /spec/template/spec/hostNetwork
        value: true
"""
    )
    whole = built(tool, project / "overlay")
    one, other = whole["DaemonSet", "eu-one"], whole["DaemonSet", "eu-on"]
    assert one["spec"]["template"]["spec"]["containers"][0]["image"] == "example.com/one:2.0"
    assert other["spec"]["template"]["spec"]["hostNetwork"] is True
    assert one["metadata"]["labels"]["team"] == "nodes"
    assert one["spec"]["selector"] == {"matchLabels": {"app.kubernetes.io/name": "one"}}
