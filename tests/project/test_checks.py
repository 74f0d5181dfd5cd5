"""What a project has checked beside the API server's rules: `apply` and `problems` in dsgen.yaml, and what commands say then."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import dsgen
from dsgen.cli import main
from dsgen.kubernetes.lint import Checks
from dsgen.problem import ProblemError
from dsgen.project.keys import KEYS
from dsgen.project.project import read_project

PORTS = (
    "name: collector\ncontainers: {collector: {image: example.com/collector, ports: {metrics: 9100, health: 9100}}}\n"
)
DUPLICATE = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: collector}
spec:
  selector: {matchLabels: {app: collector}}
  template:
    metadata: {labels: {app: collector}}
    spec:
      containers:
        - name: collector
          image: "example.com/collector:1"
          env: [{name: OPTS, value: -v}, {name: OPTS, value: $(OPTS) -x}]
"""

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    return lambda *arguments: CliRunner().invoke(main, arguments)


class TestKeys:
    @pytest.mark.parametrize(
        ("text", "stated"),
        [
            ("", Checks()),
            ("apply: server-side", Checks("server-side")),
            ("apply: client-side", Checks("client-side")),
            ("flux: {substitution: escape}", Checks("server-side")),
            ("flux: {substitution: escape}\napply: client-side", Checks("client-side")),
            ("argocd: {syncWaves: true}", Checks()),
            ("problems: {missing-image-tag: warning}", Checks(untagged="warning")),
            ("problems: {missing-image-tag: error}", Checks(untagged="error")),
            ("problems: {}", Checks()),
            ("podSecurityDefault: baseline", Checks(pod_security="baseline")),
            ("podSecurityDefault: restricted", Checks(pod_security="restricted")),
            ("podSecurityDefault: privileged", Checks()),
        ],
    )
    def test_right(self, folder: Path, text: str, stated: Checks) -> None:
        (folder / "dsgen.yaml").write_text(text)
        project, problems = read_project(folder)
        assert (project.checks, problems) == (stated, [])

    @pytest.mark.parametrize(
        ("text", "code", "hint"),
        [
            ("apply: server", "invalid-type", "apply: server-side"),
            ("apply: [server-side]", "invalid-type", "apply: server-side"),
            ("apply: ~", "invalid-type", "apply: server-side"),
            ("podSecurityDefault: strict", "invalid-type", "podSecurityDefault: baseline"),
            ("podSecurityDefault: {enforce: baseline}", "invalid-type", "podSecurityDefault: baseline"),
            ("problems: [missing-image-tag]", "invalid-type", KEYS["problems"][1]),
            ("problems: {missing-image-tag: true}", "invalid-type", KEYS["problems"][1]),
            ("problems: {image-without-tags: warning}", "unknown-key", "did you mean `missing-image-tag`?"),
            ("problems: {duplicate-key: off}", "unknown-key", "`dsgen explain duplicate-key`"),
            ("problems: {few-bytes: off}", "missing-reason", 'write `few-bytes: {severity: off, reason: "…"}`'),
            (
                "problems: {few-bytes: {severity: off, reason: ' '}}",
                "missing-reason",
                'write `few-bytes: {severity: off, reason: "…"}`',
            ),
            ("problems: {few-bytes: {severity: off, reason: x, until: soon}}", "invalid-type", KEYS["problems"][1]),
            ("problems: {few-bytes: {severity: error, until: 2027-02-30}}", "invalid-type", KEYS["problems"][1]),
            ("problems: {few-bytes: {level: off}}", "unknown-key", "write `severity: …`"),
            ("problems: {few-bytes: {why: x}}", "unknown-key", "write `reason: …`"),
            ("problems: {few-bytes: {x: off}}", "unknown-key", "known keys: severity, reason, until"),
        ],
    )
    def test_wrong(self, folder: Path, text: str, code: str, hint: str) -> None:
        (folder / "dsgen.yaml").write_text(text)
        (problem,) = read_project(folder)[1]
        assert (problem.code, problem.hint.removeprefix("an example: ").strip("`"), problem.line) == (
            code,
            hint.strip("`"),
            1,
        )

    @pytest.mark.parametrize("key", ["apply", "problems", "podSecurityDefault"])
    def test_examples(self, folder: Path, key: str) -> None:
        (folder / "dsgen.yaml").write_text(KEYS[key][1])
        assert read_project(folder)[1] == []


def codes(result: Result) -> list[str]:
    return [f"{each['severity']} {each['code']}" for each in json.loads(result.stdout)["problems"]]


@pytest.mark.parametrize(
    ("project", "told", "exit_code"),
    [
        ("", ["warning duplicate-entry"], 0),
        ("apply: server-side", ["error duplicate-entry-refused"], 1),
        ("flux: {substitution: keep}", ["error duplicate-entry-refused"], 1),
        ("apply: client-side", ["warning duplicate-port"], 0),
        ("problems: {missing-image-tag: error}", ["error missing-image-tag", "warning duplicate-entry"], 1),
    ],
)
def test_profiles(folder: Path, run: Run, project: str, told: list[str], exit_code: int) -> None:
    (folder / "dsgen.yaml").write_text(f'{project}\nkubernetes: "1.37"\n')
    (folder / "profiles").mkdir()
    (folder / "profiles/collector.yaml").write_text(PORTS)
    for command in ("validate", "generate"):
        result = run(command, "--format", "json")
        assert (codes(result), result.exit_code) == (told, exit_code), command
    assert (folder / "out/collector/daemonset-collector.yaml").exists() == (exit_code == 0)
    if exit_code:
        with pytest.raises(ProblemError):
            dsgen.render(dsgen.load(folder / "profiles/collector.yaml"))


@pytest.mark.parametrize(
    ("project", "told"),
    [
        (None, ["warning duplicate-entry"]),
        ("apply: server-side", ["error duplicate-entry-refused"]),
        ("apply: client-side", []),
    ],
)
def test_manifests(folder: Path, run: Run, project: str | None, told: list[str]) -> None:
    if project is not None:
        (folder / "dsgen.yaml").write_text(f'{project}\nkubernetes: "1.37"\n')
    (folder / "manifest.yaml").write_text(DUPLICATE)
    assert codes(run("validate", "--format", "json", "manifest.yaml")) == told


def test_a_large_config_map(folder: Path, run: Run) -> None:
    """What `kubectl apply` cannot apply; and the hint, followed."""
    (folder / "big.txt").write_text("x" * 280_000)
    profile = "name: agent\ncontainers: {agent: {image: 'i:1', mounts: {/a: {configMap: big}}}}\nconfigMaps: {big: {files: [big.txt]}}\n"
    (folder / "agent.yaml").write_text(profile)
    result = run("validate", "--format", "json", "agent.yaml")
    (problem,) = json.loads(result.stdout)["problems"]
    assert (problem["code"], problem["severity"], problem["line"]) == ("too-large-object", "warning", 3)
    assert "`apply: server-side` in dsgen.yaml" in problem["hint"]
    (folder / "dsgen.yaml").write_text('apply: server-side\nkubernetes: "1.37"\n')
    assert codes(run("validate", "--format", "json", "agent.yaml")) == []
    (folder / "dsgen.yaml").write_text('apply: client-side\nkubernetes: "1.37"\n')
    assert codes(run("validate", "--format", "json", "agent.yaml")) == ["error too-large-object-refused"]


def test_what_changes_in_a_project_is_told_of_what_was_made_before(folder: Path, run: Run) -> None:
    (folder / "dsgen.yaml").write_text("")
    (folder / "profiles").mkdir()
    (folder / "profiles/collector.yaml").write_text(PORTS)
    assert run("generate").exit_code == 0
    (folder / "dsgen.yaml").write_text("apply: server-side")
    assert run("generate").exit_code == 1


@pytest.mark.parametrize(
    "code", ["duplicate-env-name", "duplicate-port", "duplicate-pull-secret", "duplicate-host-alias", "duplicate-entry"]
)
def test_explain_says_who_refuses_it(run: Run, code: str) -> None:
    said = " ".join(run("explain", code).stdout.split())
    assert "server-side apply rejects" in said.lower()
    assert "$(NAME)-more" not in said
