"""Warnings are a choice of the project, or of a comment at the line; errors are not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import dsgen
from dsgen import choices
from dsgen.cli import main

Run = Callable[..., Result]

# Its third line has a warning.
PROFILE = "name: agent\ncontainers:\n  agent: {{image: 'x:1', resources: {{limits: {{memory: 128}}}}}}{}\n"
MANIFEST = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: agent}}
spec:
  selector: {{matchLabels: {{a: b}}}}
  template:
    metadata: {{labels: {{a: b}}}}
    spec:
      containers:
        - {{name: c, image: "x:1", resources: {{limits: {{memory: 128}}}}}}{}
"""
WARNING = ["warning few-bytes"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(choices, "today", lambda: "2026-06-15")
    (tmp_path / "profiles").mkdir()
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    return lambda *arguments, **more: CliRunner().invoke(main, arguments, **more)


def project(folder: Path, stated: str = "{}", comment: str = "") -> None:
    (folder / "dsgen.yaml").write_text(f'kubernetes: "1.37"\nproblems: {stated}\n')
    (folder / "profiles/agent.yaml").write_text(PROFILE.format(comment and f"  # {comment}"))


def codes(result: Result) -> list[str]:
    return [f"{each['severity']} {each['code']}" for each in json.loads(result.stdout)["problems"]]


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ("{}", WARNING),
        ("{few-bytes: warning}", WARNING),
        ("{few-bytes: error}", ["error few-bytes"]),
        ("{few-bytes: {severity: off, reason: tiny on purpose}}", []),
        ("{few-bytes: {severity: off, reason: tiny on purpose, until: 2026-06-15}}", []),
        ("{few-bytes: {severity: off, reason: tiny on purpose, until: 2026-06-14}}", ["warning expired-allowance", *WARNING]),
        ("{few-bytes: {severity: error, until: 2026-06-14}}", ["warning expired-allowance", *WARNING]),
        ("{replaced-list: {severity: off, reason: another code}}", ["warning unused-allowance", *WARNING]),
    ],
)  # fmt: skip
def test_a_project_decides(folder: Path, run: Run, stated: str, found: list[str]) -> None:
    project(folder, stated)
    failed = any(each.startswith("error") for each in found)
    for command in ("validate", "generate", "generate"):
        result = run(command, "--format", "json")
        assert (codes(result), result.exit_code) == (found, int(failed)), command
    assert (folder / "out/agent/daemonset-agent.yaml").exists() != failed


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("dsgen: allow few-bytes: tiny on purpose", []),
        ("dsgen: allow few-bytes until 2026-06-15: until the next release", []),
        ("dsgen: allow few-bytes until 2026-06-14: until the next release", [*WARNING, "warning expired-allowance"]),
        ("dsgen: allow few-bytes", [*WARNING, "warning invalid-allow-comment"]),
        ("dsgen: allow few-bytes:  ", [*WARNING, "warning invalid-allow-comment"]),
        ("dsgen: allow few-bytes until soon: x", [*WARNING, "warning invalid-allow-comment"]),
        ("dsgen: allow few-bites: x", [*WARNING, "warning invalid-allow-comment"]),
        ("dsgen: allow duplicate-key: x", [*WARNING, "warning invalid-allow-comment"]),
        ("dsgen: allow: x", [*WARNING, "warning invalid-allow-comment"]),
        ("dsgen: alow few-bytes: x", [*WARNING, "warning invalid-allow-comment"]),
        ("dsgen: Allow few-bytes: x", [*WARNING, "warning invalid-allow-comment"]),
        ("Dsgen: ignore few-bytes", [*WARNING, "warning invalid-allow-comment"]),
    ],
)
def test_a_comment_decides(folder: Path, run: Run, comment: str, found: list[str]) -> None:
    project(folder, comment=comment)
    (folder / "manifest.yaml").write_text(MANIFEST.format(f"  # {comment}"))
    for arguments in (("validate",), ("generate",), ("validate", "manifest.yaml")):
        assert codes(run(*arguments, "--format", "json")) == found
    text = (folder / "manifest.yaml").read_text()
    assert codes(run("validate", "-", "--format", "json", input=text)) == found
    assert [f"{each.severity} {each.code}" for each in dsgen.validate_manifest(text)] == found
    assert [f"{each.severity} {each.code}" for each in dsgen.validate(dsgen.load("profiles/agent.yaml"))] == found


@pytest.mark.parametrize(
    ("comment", "found"),
    [("dsgen: allow replaced-list, few-bytes: tiny", []), ("dsgen: allow replaced-list: another code", WARNING)],
)
def test_a_comment_for_other_codes(folder: Path, run: Run, comment: str, found: list[str]) -> None:
    project(folder, comment=comment)
    assert codes(run("validate", "agent", "--format", "json")) == found
    assert codes(run("validate", "--format", "json")) == [*found, "warning unused-allowance"]


@pytest.mark.parametrize(
    ("comment", "message", "hint"),
    [
        ("alow few-bytes: x", "unknown word `alow` after `dsgen:`", "did you mean `allow`?"),
        ("Allow few-bytes: x", "unknown word `Allow` after `dsgen:`", "did you mean `allow`?"),
        (
            "ignore few-bytes: x",
            "unknown word `ignore` after `dsgen:`",
            "write `# dsgen: allow CODE: REASON`, or `# dsgen: allow CODE until 2027-03-31: REASON`, or begin the comment with another word",
        ),
    ],
)
def test_a_misspelled_comment(folder: Path, run: Run, comment: str, message: str, hint: str) -> None:
    project(folder, "{few-bytes: {severity: off, reason: x}}", f"dsgen: {comment}")
    (problem,) = json.loads(run("validate", "--format", "json").stdout)["problems"]
    assert (problem["line"], problem["column"]) == (3, len(PROFILE.format("").splitlines()[2]) + 3)
    assert (problem["message"], problem["hint"]) == (message, hint)


@pytest.mark.parametrize("text", ["|\n      # dsgen: alow x\n", "'\n      # dsgen: allow x'\n", '"x # dsgen: Allow"\n'])
def test_only_comments_are_comments(folder: Path, run: Run, text: str) -> None:
    project(folder)
    (folder / "profiles/agent.yaml").write_text(
        f"name: agent\nconfigMaps:\n  c:\n    data:\n     x: {text}containers: {{a: {{image: 'x:1'}}}}\n"
    )
    assert codes(run("validate", "--format", "json")) == []


def test_comments_of_broken_yaml(folder: Path, run: Run) -> None:
    (folder / "manifest.yaml").write_text("apiVersion: v1\nkind: Pod\n---\nname: [a  # dsgen: alow x\n")
    assert "warning invalid-allow-comment" in codes(run("validate", "manifest.yaml", "--format", "json"))


def test_a_comment_on_its_own_line_is_for_the_next(folder: Path, run: Run) -> None:
    project(folder)
    path = folder / "profiles/agent.yaml"
    lines = path.read_text().splitlines()
    lines[2:2] = ["  # dsgen: allow few-bytes: tiny", "", "  # another comment"]
    path.write_text("\n".join(lines) + "\n")
    assert codes(run("validate", "--format", "json")) == []
    lines[2], lines[1] = lines[1], lines[2]
    path.write_text("\n".join(lines) + "\n")
    assert codes(run("validate", "agent", "--format", "json")) == WARNING


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        # As people write it, as `dsgen fmt` and yamlfmt do, as prettier does, and with the comment behind the key.
        ("# dsgen: allow replaced-list: x\n    args: [-a]", []),
        ("# dsgen: allow replaced-list: x\n    args:\n      - -a", []),
        ("# dsgen: allow replaced-list: x\n    args:\n      [-a]", []),
        ("# dsgen: allow replaced-list: x\n    args:  # on purpose\n\n      # more\n      - -a", []),
        ("args:  # dsgen: allow replaced-list: x\n      - -a", []),
        # Not what is below.
        ("# dsgen: allow replaced-list: x\n    env: {A: ':'}\n    args: [-a]", ["warning replaced-list"]),
        ("# dsgen: allow replaced-list: x\n    tty: true # a:\n    args: [-a]", ["warning replaced-list"]),
        ("env:  # dsgen: allow replaced-list: x\n      A: b\n    args: [-a]", ["warning replaced-list"]),
    ],
)
def test_a_comment_at_a_key_is_for_its_value_too(folder: Path, run: Run, lines: str, found: list[str]) -> None:
    project(folder)
    (folder / "profiles/_base.yaml").write_text("containers: {agent: {image: 'x:1', args: [-b]}}\n")
    path = folder / "profiles/agent.yaml"
    path.write_text(f"name: agent\nextends: _base.yaml\ncontainers:\n  agent:\n    {lines}\n")
    unused = ["warning unused-allowance"] if found else []
    assert codes(run("validate", "--format", "json")) == [*unused, *found]
    if not found:
        assert run("fmt").exit_code == 0
        assert codes(run("validate", "--format", "json")) == []


@pytest.mark.parametrize("comment", ["dsgen:allow few-bytes: tiny", "dsgen:  allow few-bytes: tiny"])
def test_spaces_of_a_comment(folder: Path, run: Run, comment: str) -> None:
    project(folder, comment=comment)
    assert codes(run("validate", "--format", "json")) == []


def test_a_choice_needs_a_severity(folder: Path, run: Run) -> None:
    project(folder, "{few-bytes: {reason: tiny on purpose}}")
    (problem,) = json.loads(run("validate", "--format", "json").stdout)["problems"]
    assert (problem["severity"], problem["message"]) == ("error", "`severity` is required")
    assert problem["hint"] == 'write `few-bytes: {severity: off, reason: "…"}`'


def test_a_comment_wins_over_the_project(folder: Path, run: Run) -> None:
    project(folder, "{few-bytes: error}", "dsgen: allow few-bytes: only here")
    assert codes(run("validate", "--format", "json")) == []


def test_text_with_a_hash_is_no_comment(folder: Path, run: Run) -> None:
    project(folder)
    path = folder / "profiles/agent.yaml"
    path.write_text(path.read_text().replace("'x:1'", "'x:1', args: ['x#dsgen: allow few-bytes: x']"))
    assert codes(run("validate", "--format", "json")) == WARNING


def test_an_error_of_kubernetes_stays(folder: Path, run: Run) -> None:
    text = MANIFEST.format("  # dsgen: allow few-bytes: x").replace('"x:1"', '""')
    (folder / "manifest.yaml").write_text(text)
    assert codes(run("validate", "manifest.yaml", "--format", "json")) == ["error missing-image"]


def test_a_warning_of_what_a_preset_has(folder: Path, run: Run) -> None:
    """It is placed in the profile, so that a comment there can allow it."""
    (folder / "dsgen.yaml").write_text('kubernetes: "1.37"\nflux: {}\n')
    profile = folder / "profiles/agent.yaml"
    profile.write_text("extends: fluent-bit\n")
    assert codes(run("validate", "--format", "json")) == ["warning flux-variable"]
    profile.write_text("extends: fluent-bit  # dsgen: allow flux-variable: Flux sets it\n")
    assert codes(run("validate", "--format", "json")) == []


def test_a_warning_of_a_project(folder: Path, run: Run) -> None:
    """Not of a profile by itself: it is found when all environments are known."""
    project(folder, "{few-bytes: {severity: off, reason: x}, unused-profile: error}")
    (folder / "environments").mkdir()
    (folder / "environments/prod.yaml").write_text("profiles: [other]\n")
    (folder / "profiles/other.yaml").write_text("name: other\ncontainers: {a: {image: 'x:1'}}\n")
    assert codes(run("validate", "--format", "json")) == ["error unused-profile"]
    project(folder, "{few-bytes: {severity: off, reason: x}, unused-profile: {severity: off, reason: x}}")
    for command in ("validate", "generate"):
        assert codes(run(command, "--format", "json")) == []


def test_a_cached_result_ends_with_what_allows_it(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project(folder, comment="dsgen: allow few-bytes until 2026-06-15: for now")
    for _ in range(2):
        assert codes(run("generate", "--format", "json")) == []
    monkeypatch.setattr(choices, "today", lambda: "2026-06-16")
    assert codes(run("generate", "--format", "json")) == [*WARNING, "warning expired-allowance"]


@pytest.mark.parametrize("command", ["validate", "generate"])
def test_fail_on(folder: Path, run: Run, command: str) -> None:
    def ends(*options: str) -> int:
        return run(command, *options).exit_code

    project(folder)
    assert (ends(), ends("--fail-on", "warning"), ends("--fail-on", "expired")) == (0, 1, 0)
    project(folder, comment="dsgen: allow few-bytes: x")
    assert (ends(), ends("--fail-on", "warning"), ends("--fail-on", "expired")) == (0, 0, 0)
    project(folder, comment="dsgen: allow few-bytes until 2026-01-01: x")
    assert (ends(), ends("--fail-on", "warning"), ends("--fail-on", "expired")) == (0, 1, 1)


def test_a_kustomize_function(folder: Path, run: Run) -> None:
    stream = (
        "kind: ResourceList\napiVersion: config.kubernetes.io/v1\nitems:\n- kind: DaemonSetProfile\n  apiVersion: dsgen/v1\n"
        "  metadata: {name: k}\n  spec: {containers: {a: {image: 'x:1', resources: {limits: {memory: 128}}}}}\n"
    )
    project(folder)
    assert "[few-bytes]" in run("kustomize", input=stream).stderr
    project(folder, "{few-bytes: {severity: off, reason: x}}")
    assert "few-bytes" not in run("kustomize", input=stream).output
    project(folder, "{few-bytes: error}")
    assert run("kustomize", input=stream).exit_code == 1


class TestFlux:
    """Flux is only looked at if the project says that it uses Flux."""

    def test_not_in_a_new_project(self, folder: Path, run: Run) -> None:
        run("init", "here")
        (folder / "here/profiles/logs.yaml").write_text("extends: fluent-bit\n")
        assert codes(run("-C", "here", "validate", "--format", "json")) == []

    def test_in_one_that_says_so(self, folder: Path, run: Run) -> None:
        run("init", "here", "--flux")
        (folder / "here/profiles/logs.yaml").write_text("extends: fluent-bit\n")
        assert codes(run("-C", "here", "validate", "--format", "json")) == ["warning flux-variable"]

    def test_not_over_an_existing_project(self, folder: Path, run: Run) -> None:
        run("init")
        before = (folder / "dsgen.yaml").read_bytes()
        result = run("init", "--flux")
        assert result.exit_code == 2
        assert "flux: {substitution: warn}" in result.stderr
        assert (folder / "dsgen.yaml").read_bytes() == before

    def test_the_remedy_keeps_the_agent_as_it_is(self, folder: Path, run: Run) -> None:
        profile = "name: a\ncontainers: {a: {image: 'x:1', command: ['sh', '-c', 'echo ${HOST}']}}\n"
        (folder / "profiles/a.yaml").write_text(profile)
        (folder / "dsgen.yaml").write_text('kubernetes: "1.37"\nflux: {}\n')
        (problem,) = json.loads(run("validate", "--format", "json").stdout)["problems"]
        remedy = problem["hint"].split("`")[1]
        assert remedy == "flux: {substitution: disable}"
        (folder / "dsgen.yaml").write_text(f'kubernetes: "1.37"\n{remedy}\n')
        assert "echo ${HOST}" in run("generate", "a", "-o", "-").stdout
