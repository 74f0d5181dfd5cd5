"""Problems are at the user's own line, and no output depends on the folder that dsgen runs in or is installed in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dsgen.cli import main, shell
from dsgen.project import shipped


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shell._lines.cache_clear()
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def places(result: Result) -> list[str]:
    """Return the place of each problem, and which shipped line it names."""
    found = json.loads(result.stdout)["problems"]
    return [
        f"{each['file']}:{each['line']} {each['code']} {each['message'].rpartition(' (')[2].partition(':')[0]}"
        for each in found
    ]


LIMIT = "extends: fluent-bit\nname: logs\ncontainers: {fluent-bit: {resources: {limits: {memory: 1Mi}}}}\n"


@pytest.mark.parametrize(
    ("profile", "place"),
    [
        (LIMIT, "a.yaml:3 excessive-request over preset fluent-bit"),
        (
            "extends: fluent-bit\nname: logs\nnamespace: {podSecurity: baseline}\n",
            "a.yaml:3 forbidden-by-pod-security over preset fluent-bit",
        ),
        (
            "extends: cilium\nname: x\ncontainers:\n  cilium-agent:\n    ports:\n      health: 9878\n",
            "a.yaml:6 mismatched-host-port over preset cilium",
        ),
        (
            "extends: fluent-bit\nname: logs\ncontainers:\n  fluent-bit:\n    securityContext:\n      privileged: true\n",
            "a.yaml:6 conflicting-privilege-escalation over preset fluent-bit",
        ),
        (
            "name: w\nnodes: {os: windows}\nhostNetwork: true\ninitContainers:\n  s:\n    image: x:1\n"
            "    securityContext: {windowsOptions: {hostProcess: true, runAsUserName: 'NT AUTHORITY\\SYSTEM'}}\n"
            "containers:\n  p:\n    image: x:1\n    securityContext: {windowsOptions: {hostProcess: false}}\n",
            "a.yaml:7 conflicting-host-process over template daemonset.yaml.j2",
        ),
    ],
)
def test_the_highest_layer_that_takes_part(folder: Path, profile: str, place: str) -> None:
    (folder / "a.yaml").write_text(profile)
    result = run("validate", "a.yaml", "--format", "json")
    assert result.exit_code == 1
    assert {each for each in places(result) if "flux" not in each} == {place}


def test_an_environment_over_a_profile(folder: Path) -> None:
    for name in ("profiles", "environments"):
        (folder / name).mkdir()
    (folder / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    (folder / "profiles/a.yaml").write_text(
        "name: a\ncontainers: {a: {image: 'x:1', resources: {requests: {memory: 8Mi}, limits: {memory: 9Mi}}}}\n"
    )
    (folder / "environments/eu.yaml").write_text(
        "overrides:\n  a:\n    containers:\n      a:\n        resources:\n          limits:\n            memory: 2Mi\n"
    )
    (folder / "environments/us.yaml").write_text("")
    result = run("validate", "--format", "json")
    (problem,) = json.loads(result.stdout)["problems"]
    assert (problem["file"], problem["line"]) == ("environments/eu.yaml", 7)
    assert problem["message"].endswith(" (over profiles/a.yaml:2)")


def test_a_layer_of_ones_own_that_alone_is_wrong_keeps_its_line(folder: Path) -> None:
    (folder / "house.yaml").write_text("containers: {a: {image: 'x:1', ports: {m: 70000}}}\n")
    (folder / "a.yaml").write_text("extends: ./house.yaml\nname: a\n")
    (problem,) = json.loads(run("validate", "a.yaml", "--format", "json").stdout)["problems"]
    assert (problem["file"], problem["line"], problem["code"]) == ("house.yaml", 1, "out-of-range-container-port")


def test_two_agents_of_one_preset(folder: Path) -> None:
    """What their preset alone makes them share is reported where they extend it."""
    for name in ("a", "b"):
        (folder / f"{name}.yaml").write_text(f"name: {name}\nnamespace: x\nextends: haproxy-ingress\n")
    found = json.loads(run("validate", ".", "--format", "json").stdout)["problems"]
    conflicts = [each for each in found if each["code"] == "conflicting-objects"]
    assert conflicts
    assert {(each["file"], each["line"]) for each in conflicts} == {("b.yaml", 3)}
    assert all("(in preset haproxy-ingress:" in each["message"] for each in conflicts)


def test_a_preset_is_traced_by_its_name(folder: Path) -> None:
    (folder / "a.yaml").write_text(LIMIT)
    result = run("trace", "a.yaml", "containers.fluent-bit.resources")
    assert "preset fluent-bit:" in result.stdout
    assert str(shipped.folder()) not in result.stdout


def test_a_source_line_of_a_shipped_file_is_found() -> None:
    assert shell._lines("preset fluent-bit")
    assert shell._lines("template daemonset.yaml.j2")


def test_paths_from_below_the_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    (folder / "profiles/sub").mkdir(parents=True)
    (folder / "profiles/a.yaml").write_text("name: a\nbad: 1\n")
    monkeypatch.chdir(folder / "profiles/sub")
    assert run("validate").stderr.startswith("../a.yaml:2:1: error")


class TestRepository:
    """Annotations need paths from the root of the repository."""

    @pytest.fixture
    def project(self, folder: Path) -> Path:
        project = folder / "infra/agents"
        (project / "profiles").mkdir(parents=True)
        (project / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
        (project / "profiles/a.yaml").write_text("name: a\nbad: 1\n")
        return project

    @pytest.mark.parametrize("git", ["folder", "file"])
    def test_a_project_in_a_folder(self, folder: Path, project: Path, git: str) -> None:
        if git == "folder":
            (folder / ".git").mkdir()
        else:
            (folder / ".git").write_text("gitdir: elsewhere\n")
        assert (
            "file=infra/agents/profiles/a.yaml," in run("-C", "infra/agents", "validate", "--format", "github").stdout
        )

    def test_gitlab(self, folder: Path, project: Path) -> None:
        (folder / ".git").mkdir()
        issues = json.loads(run("-C", "infra/agents", "validate", "--format", "gitlab").stdout)
        assert "infra/agents/profiles/a.yaml" in {each["location"]["path"] for each in issues}

    def test_sarif(self, folder: Path, project: Path) -> None:
        (folder / ".git").mkdir()
        log = json.loads(run("-C", "infra/agents", "validate", "--format", "sarif").stdout)
        uris = {
            place["physicalLocation"]["artifactLocation"]["uri"]
            for result in log["runs"][0]["results"]
            for place in result["locations"]
        }
        assert uris == {"infra/agents/profiles/a.yaml"}

    def test_text_and_json_are_relative_to_the_folder(self, folder: Path, project: Path) -> None:
        (folder / ".git").mkdir()
        assert run("-C", "infra/agents", "validate").stderr.startswith("profiles/a.yaml:2:1")

    def test_a_repository_in_a_repository(self, folder: Path, project: Path) -> None:
        (folder / ".git").mkdir()
        (project / ".git").mkdir()
        assert "file=profiles/a.yaml," in run("-C", "infra/agents", "validate", "--format", "github").stdout

    def test_no_repository(self, project: Path) -> None:
        assert "file=profiles/a.yaml," in run("-C", "infra/agents", "validate", "--format", "github").stdout


def test_no_such_folder() -> None:
    result = run("-C", "nowhere", "validate")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr


def _project(folder: Path) -> None:
    (folder / "profiles").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    (folder / "profiles/good.yaml").write_text("extends: fluent-bit\nname: good\n")
    (folder / "profiles/bad.yaml").write_text(LIMIT)
    (folder / "profiles/wrong.yaml").write_text("name: wrong\nbad: 1\n")
    (folder / "profiles/unread.yml").write_text("name: unread\n")
    (folder / "nodes.yaml").write_text("pools: {general: {count: 2, allocatable: {cpu: 10m, memory: 1Mi, pods: 1}}}\n")
    (folder / "list.yaml").write_text(
        "kind: ResourceList\napiVersion: config.kubernetes.io/v1\nitems:\n"
        "- {kind: DaemonSetProfile, apiVersion: dsgen/v1, metadata: {name: k}, spec: {extends: fluent-bit, hostPort: 1}}\n"
    )
    (folder / "pods.json").write_text('{"apiVersion": "v1", "kind": "List", "items": []}')
    (folder / "tests").mkdir()
    (folder / "tests/all.yaml").write_text(TESTS)
    (folder / "old.yaml").write_text(
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: good, namespace: fluent-bit}\nspec:\n"
        "  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n"
        "    spec: {containers: [{name: c, image: x}]}\n"
    )


TESTS = """\
tests:
  - {name: passes, profile: good, expect: {spec: {template: {spec: {hostNetwork: null}}}}}
  - {name: fails, profile: good, expect: {spec: {template: {spec: {hostNetwork: true}}}}}
  - {name: cannot be run, profile: bad}
  - {name: no such profile, profile: nothing}
"""

RUNS = [
    ("validate",),
    *(("validate", "--format", form) for form in ("json", "github", "gitlab", "sarif", "junit")),
    ("validate", "nothing.yaml"),
    ("generate",),
    ("generate", "--check", "--format", "json"),
    ("generate", "good", "-o", "-"),
    ("generate", "good", "--diff"),
    ("generate", "good", "-o", "../elsewhere"),
    ("-C", "profiles", "validate"),
    ("-C", "profiles", "generate", "--force"),
    ("-C", "profiles", "validate", "--format", "github"),
    ("-C", "profiles", "trace", "good.yaml"),
    ("trace", "good"),
    ("trace", "good", "spec.template.spec", "--format", "json"),
    ("requires",),
    ("requires", "good", "--format", "json"),
    ("diff", "old.yaml", "profiles/good.yaml"),
    ("diff", "old.yaml", ".", "--format", "json"),
    ("diff", "old.yaml", "profiles/good.yaml", "--format", "markdown"),
    ("plan", "profiles/good.yaml", "--nodes", "nodes.yaml"),
    ("plan", "profiles/good.yaml", "--nodes", "nodes.yaml", "--format", "json"),
    ("plan", "--nodes", "nodes.yaml", "--html", "plan.html"),
    ("plan", "--nodes", "nothing.yaml"),
    ("plan", "profiles/good.yaml", "--nodes", "nodes.yaml", "--pods", "pods.json"),
    ("plan", "profiles/good.yaml", "--nodes", "nodes.yaml", "--pods", "nothing.json"),
    ("fmt", "--check"),
    ("fmt", "--diff"),
    ("fmt", "profiles/good.yaml"),
    ("fmt", "nothing.yaml"),
    ("test",),
    *(("test", "--format", form) for form in ("json", "github", "gitlab", "sarif", "junit")),
    ("test", "nothing.yaml"),
    ("-C", "profiles", "test"),
    ("import", "old.yaml"),
    ("import", "old.yaml", "--extends", "fluent-bit"),
    ("import", "old.yaml", "-o", "profiles"),
    ("new", "another", "--from", "vector"),
    ("init",),
    ("init", "deeper"),
    ("presets",),
    ("presets", "fluent-bit"),
    ("presets", "--format", "json"),
    ("presets", "lock"),
    ("presets", "outdated"),
    ("presets", "diff", "fluent-bit"),
    ("presets", "upgrade", "fluent-bit"),
    ("trace", "bad"),
    ("trace", "bad", "containers", "--format", "json"),
    ("explain", "containers"),
    ("explain", "nothing"),
    ("schema",),
    ("schema", "--environment"),
    ("completion", "bash"),
    ("completion", "zsh"),
    ("completion", "fish"),
    ("--version",),
    ("--help",),
]  # fmt: skip


def _said_by_the_language_server(folder: Path) -> bytes:
    """Return what the server says of the files of a project, with the folder that a client names as `ROOT`."""
    pytest.importorskip("pygls")
    from lsprotocol import types

    from tests.lsp.client import Client, talk

    said = []

    async def scenario(client: Client) -> None:
        for name in ("profiles/good.yaml", "profiles/bad.yaml", "profiles/wrong.yaml", "dsgen.yaml", "old.yaml"):
            uri = client.open(folder / name, (folder / name).read_text())
            said.append(repr(await client.problems(uri)))
            place = (types.TextDocumentIdentifier(uri), types.Position(0, 2))
            said.append(repr(await client.text_document_hover_async(types.HoverParams(*place))))
            said.append(repr(await client.text_document_definition_async(types.DefinitionParams(*place))))
            said.append(repr(await client.text_document_completion_async(types.CompletionParams(*place))))

    talk(folder, scenario)
    assert any("unknown key" in each for each in said)
    return "\n".join(said).replace(folder.as_uri(), "ROOT").encode()


def _said_in(folder: Path) -> dict[str, bytes]:
    """Return what every command says in a project at `folder`, and every file that they write."""
    _project(folder)
    before = os.getcwd()
    os.chdir(folder)
    try:
        shell._lines.cache_clear()
        said = {}
        for arguments in RUNS:
            os.chdir(folder)
            result = run(*arguments)
            assert result.exception is None or isinstance(result.exception, SystemExit), (arguments, result.exception)
            said[" ".join(arguments)] = f"{result.exit_code}\n{result.stdout}\n{result.stderr}".encode()
        os.chdir(folder)
        result = CliRunner().invoke(main, ["kustomize"], input=(folder / "list.yaml").read_text())
        said["kustomize"] = result.output.encode()
        said["lsp"] = _said_by_the_language_server(folder)
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            if ".dsgen-cache" not in path.parts:
                said[str(path.relative_to(folder))] = path.read_bytes()
        return said
    finally:
        os.chdir(before)


def test_no_output_depends_on_the_machine(folder: Path) -> None:
    """Every command, in two folders: the same bytes, and no path of this machine."""
    first, second = _said_in(folder / "a"), _said_in(folder / "b/deep/below")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    own = [str(folder).encode(), str(shipped.folder().parent).encode()]
    assert [name for name in first if any(path in first[name] for path in own)] == []


def test_the_installed_command_takes_a_folder(folder: Path) -> None:
    _project(folder / "there")
    command = [sys.executable, "-m", "dsgen", "-C", "there", "validate"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "profiles/wrong.yaml:2:1: error" in done.stderr
