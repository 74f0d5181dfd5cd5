"""`dsgen fmt` on the command line: what it formats, and what it writes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dsgen.cli import main

Run = Callable[..., Result]
ODD = "containers: {agent: {image: x}}\nname: 'agent'\n"
RIGHT = "name: agent\ncontainers:\n  agent: {image: x}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "dsgen.yaml": "profiles: [profiles/**/*.yaml]\n",
        "profiles/a.yaml": ODD,
        "profiles/b.yaml": RIGHT.replace("agent", "b"),
        "profiles/_house.yaml": "labels: {'a': b}\n",
        "environments/prod.yaml": "overrides: {agent: {hostNetwork: true}}\nkubernetes: '1.34'\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, ["fmt", *arguments], input=given)


def test_the_whole_project(folder: Path) -> None:
    assert run("--check").exit_code == 1
    result = run()
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "formatted profiles/a.yaml",
        "formatted environments/prod.yaml",
        "formatted profiles/_house.yaml",
        "3 files formatted, 1 unchanged",
    ]
    assert (folder / "profiles/a.yaml").read_text() == RIGHT
    assert (folder / "profiles/_house.yaml").read_text() == "labels: {a: b}\n"
    assert (folder / "environments/prod.yaml").read_text() == (
        'kubernetes: "1.34"\noverrides:\n  agent: {hostNetwork: true}\n'
    )
    again = run("--check")
    assert (again.exit_code, again.stderr) == (0, "0 files would be formatted, 4 unchanged\n")


def test_check_names_the_files_and_writes_nothing(folder: Path) -> None:
    result = run("--check", "profiles/a.yaml", "b")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "would format profiles/a.yaml",
        "1 file would be formatted, 1 unchanged; run `dsgen fmt`",
    ]
    assert "profiles/a.yaml" in run("--check", "--quiet").stderr
    assert (folder / "profiles/a.yaml").read_text() == ODD


def test_diff_writes_nothing(folder: Path) -> None:
    result = run("--diff", "a")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:3] == ["--- profiles/a.yaml", "+++ profiles/a.yaml", "@@ -1,2 +1,3 @@"]
    assert "+name: agent" in result.stdout.splitlines()
    assert (folder / "profiles/a.yaml").read_text() == ODD


def test_standard_input() -> None:
    assert (run("-", given=ODD).stdout, run("-", given=ODD).exit_code) == (RIGHT, 0)
    checked = run("--check", "-", given=ODD)
    assert (checked.stdout, checked.exit_code) == ("", 1)
    assert run("--check", "-", given=RIGHT).exit_code == 0
    wrong = run("-", given="name: [\n")
    assert (wrong.stdout, wrong.exit_code) == ("", 1)
    assert "-:1:7: error:" in wrong.stderr


def test_a_file_that_cannot_be_formatted_stays_and_the_others_are_formatted(folder: Path) -> None:
    (folder / "profiles/wrong.yaml").write_text("name: !!str x\n")
    result = run()
    assert result.exit_code == 1
    assert "profiles/wrong.yaml:1:7: error: explicit tag" in result.stderr
    assert (folder / "profiles/wrong.yaml").read_text() == "name: !!str x\n"
    assert (folder / "profiles/a.yaml").read_text() == RIGHT


def test_a_file_that_formatting_would_change_is_refused(folder: Path) -> None:
    text = "&key name: agent\ncontainers: {a: {image: x}}\n"
    (folder / "profiles/odd.yaml").write_text(text)
    result = run("profiles/odd.yaml")
    assert (result.exit_code, "unsupported-formatting" in result.stderr) == (1, True)
    assert (folder / "profiles/odd.yaml").read_text() == text


def test_manifests_in_a_folder_are_passed_over_and_refused_by_name(folder: Path) -> None:
    manifest = "kind: Pod\napiVersion: v1\nmetadata: {name: 'x'}\n"
    (folder / "profiles/pod.yaml").write_text(manifest)
    assert run("profiles").exit_code == 0
    assert (folder / "profiles/pod.yaml").read_text() == manifest
    named = run("profiles/pod.yaml")
    assert named.exit_code == 1
    assert "this is a manifest, not a profile" in named.stderr


def test_json_stays_json(folder: Path) -> None:
    text = '{"name": "agent", "containers": {"agent": {"image": "x"}}}\n'
    (folder / "profiles/a.JSON").write_text(text)
    refused = run("profiles/a.JSON")
    assert (refused.exit_code, (folder / "profiles/a.JSON").read_text()) == (1, text)
    assert "hint: rename it, so that it ends in `.yaml`" in refused.stderr
    (folder / "profiles/a.JSON").rename(folder / "profiles/c.yaml")
    assert run("profiles/c.yaml").exit_code == 0
    assert (folder / "profiles/c.yaml").read_text() == RIGHT


def test_files_that_cannot_be_read(folder: Path) -> None:
    missing = run("profiles/none.yaml")
    assert (missing.exit_code, "profiles/none.yaml" in missing.stderr) == (2, True)
    (folder / "profiles/out.yaml").symlink_to("/dev/zero")
    assert run().exit_code == 2
    assert (folder / "profiles/a.yaml").read_text() == RIGHT


def test_mode_and_symlink_stay(folder: Path) -> None:
    path = folder / "profiles/a.yaml"
    path.chmod(0o640)
    (folder / "profiles/link.yaml").symlink_to("a.yaml")
    assert run("profiles/link.yaml").exit_code == 0
    assert (folder / "profiles/link.yaml").is_symlink()
    assert (path.read_text(), path.stat().st_mode & 0o777) == (RIGHT, 0o640)


def test_nothing_half_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device", "profiles/a.yaml")

    monkeypatch.setattr(os, "replace", fails)
    result = run()
    assert result.exit_code == 2
    assert "cannot write profiles/a.yaml: No space left on device" in result.stderr
    assert (folder / "profiles/a.yaml").read_text() == ODD
    assert sorted(os.listdir(folder / "profiles")) == ["_house.yaml", "a.yaml", "b.yaml"]
