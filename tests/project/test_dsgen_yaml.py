"""What a `dsgen.yaml` may state, and how much of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import dsgen
from dsgen.cli import main
from dsgen.project.paths import LONGEST_PATH
from dsgen.project.project import PATTERNS, read_project


def test_patterns_are_not_too_many(tmp_path: Path) -> None:
    """Each is sought for by itself: those beyond are a problem, and are not sought for."""
    (tmp_path / "dsgen.yaml").write_text("profiles:\n" + "- 'a/*.yaml'\n" * (PATTERNS + 1))
    project, problems = read_project(tmp_path)
    assert [each.message for each in problems] == ["expected at most 1,000 patterns, got 1,001"]
    assert len(project.profiles) == PATTERNS
    (tmp_path / "dsgen.yaml").write_text("profiles:\n" + "- 'a/*.yaml'\n" * PATTERNS)
    assert read_project(tmp_path)[1] == []


def test_a_pattern_is_not_too_long(tmp_path: Path) -> None:
    (tmp_path / "dsgen.yaml").write_text(f"profiles: '{'*a' * LONGEST_PATH}'\ntemplates: {'t' * LONGEST_PATH}\n")
    project, problems = read_project(tmp_path)
    assert [(each.path, each.message) for each in problems] == [
        ("profiles", "expected a path of at most 4,096 characters, got 8,192")
    ]
    assert project.profiles == ()
    assert len(project.templates) == LONGEST_PATH


PROFILE = "name: a\ncontainers: {a: {image: x, livenessProbe: {httpGet: 80}, volumeMounts: {}}}\nvolumes: {v: {emptyDir: {}}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles/a.yaml").write_text(PROFILE)  # an unused volume is a warning
    (tmp_path / "profiles/old.yaml").write_text(PROFILE.replace("name: a", "name: old"))
    return tmp_path


def run(folder: Path, project: str, *arguments: str) -> int:
    (folder / "dsgen.yaml").write_text(project)
    return CliRunner().invoke(main, ["-C", str(folder), *arguments]).exit_code


def test_defaults_are_written_in_every_run(folder: Path) -> None:
    """Also in one that finds the output of a run without them unchanged, and by the Python API."""
    written = folder / "out/a/daemonset-a.yaml"
    assert run(folder, "", "generate") == 0
    assert "dnsPolicy: ClusterFirst" not in written.read_text()
    assert run(folder, "defaults: true", "generate") == 0
    assert "dnsPolicy: ClusterFirst" in written.read_text()
    assert run(folder, "defaults: true", "generate", "--defaults", "--check") == 0
    (made,) = dsgen.render(dsgen.load(folder / "profiles/a.yaml"))
    assert made.text == written.read_text()
    assert run(folder, "defaults: false", "generate", "--check") == 1


@pytest.mark.parametrize("command", ["validate", "generate"])
def test_warnings_fail_every_run(folder: Path, command: str) -> None:
    assert run(folder, "", command) == 0
    assert run(folder, "failOn: warning", command) == 1
    assert run(folder, "failOn: expired", command) == 0
    assert run(folder, "failOn: warning", command, "--fail-on", "expired") == 0


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("defaults: yes", "expected `true` or `false`, got 'yes'", "write `defaults: true`"),
        ('defaults: "true"', "expected `true` or `false`, got 'true'", "write `defaults: true`"),
        ("failOn: error", "expected `warning` or `expired`, got 'error'", "write `failOn: warning`"),
        ("failOn: [warning]", "expected `warning` or `expired`, got a list", "write `failOn: warning`"),
    ],
)
def test_a_wrong_value_of_such_a_key(tmp_path: Path, text: str, message: str, hint: str) -> None:
    (tmp_path / "dsgen.yaml").write_text(text)
    (problem,) = read_project(tmp_path)[1]
    assert (problem.line, problem.message, problem.hint) == (1, message, hint)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("version: 1.37", "write `kubernetes: …`"),
        ("warnings: {few-bytes: off}", 'write `problems: {CODE: {severity: off, reason: "…"}}`'),
        ("ignore: [few-bytes]", 'write `problems: {CODE: {severity: off, reason: "…"}}`'),
        ("clusters: [prod]", "write a file for each cluster in the folder `environments`"),
        ("images: {mirrors: {}}", "it belongs to an environment: a file in the folder `environments`"),
        ("all: {}", "it belongs to an environment: a file in the folder `environments`"),
        ("namespace: agents", "write it into the profiles, or `all` of an environment"),
        ("strict: true", "write `failOn: warning`"),
        ("name: agents", "write `projectName: …`"),
        ("kubernetes: v1.36.2", 'write `"1.36"`'),
        ("out: manifests", "did you mean `output`?"),
    ],
)
def test_keys_that_people_guess(tmp_path: Path, text: str, hint: str) -> None:
    (tmp_path / "dsgen.yaml").write_text(text)
    assert [problem.hint for problem in read_project(tmp_path)[1]] == [hint]
