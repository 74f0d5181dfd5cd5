"""The hooks of `.pre-commit-hooks.yaml`, run by pre-commit in a repository that has dsgen installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

HOOKS = Path(__file__).parents[1] / ".pre-commit-hooks.yaml"
BIN = Path(sys.executable).parent
PROFILE = "name: agent\ncontainers: {agent: {image: x}}\n"

pytest.importorskip("pre_commit", reason="there is no pre-commit")


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    home = {"HOME": str(folder.parent), "PRE_COMMIT_HOME": str(folder.parent / "cache"), "GIT_CONFIG_NOSYSTEM": "1"}
    environment = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8", **home}
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, env=environment)


def hook(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    run(folder, "git", "add", "--all")
    return run(folder, str(BIN / "python"), "-m", "pre_commit", "run", name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with a profile, its output, and the hooks, of which each uses the dsgen that is installed."""
    folder = tmp_path / "repository"
    (folder / "profiles").mkdir(parents=True)
    run(folder, "git", "init", "--quiet")
    hooks: list[dict[str, Any]] = yaml.safe_load(HOOKS.read_text())
    local = {"repo": "local", "hooks": [{**each, "language": "system"} for each in hooks]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [local]}))
    (folder / ".gitignore").write_text(".dsgen-cache/\n")
    (folder / "dsgen.yaml").write_text("")
    (folder / "profiles/agent.yaml").write_text(PROFILE)
    assert run(folder, "dsgen", "fmt").returncode == 0
    assert run(folder, "dsgen", "generate").returncode == 0
    return folder


def test_what_pre_commit_says_of_them(folder: Path) -> None:
    done = run(folder, str(BIN / "python"), "-m", "pre_commit", "validate-manifest", str(HOOKS))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["dsgen-fmt", "dsgen-validate", "dsgen-check"])
def test_all_is_well(folder: Path, name: str) -> None:
    done = hook(folder, name)
    assert done.returncode == 0, done.stdout
    assert "Passed" in done.stdout


@pytest.mark.long
def test_a_faulty_profile(folder: Path) -> None:
    (folder / "profiles/agent.yaml").write_text(PROFILE + "hostNetwrok: true\n")
    done = hook(folder, "dsgen-validate")
    assert done.returncode == 1
    assert "profiles/agent.yaml:3:1: error: unknown key `hostNetwrok`" in done.stdout


@pytest.mark.long
@pytest.mark.parametrize("changed", ["profiles/agent.yaml", "out/agent/daemonset-agent.yaml"])
def test_output_that_is_not_what_the_profiles_make(folder: Path, changed: str) -> None:
    with (folder / changed).open("a") as file:
        file.write("hostNetwork: true\n" if changed.startswith("profiles") else "# by hand\n")
    assert hook(folder, "dsgen-validate").returncode == 0
    done = hook(folder, "dsgen-check")
    assert done.returncode == 1
    assert "out/agent/daemonset-agent.yaml" in done.stdout
    assert run(folder, "git", "diff", "--stat").stdout == ""


@pytest.mark.long
def test_they_run_for_every_commit(folder: Path) -> None:
    hook(folder, "dsgen-check")
    run(folder, "git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "all")
    (folder / "README.md").write_text("x")
    assert "Passed" in hook(folder, "dsgen-check").stdout


@pytest.mark.long
class TestWhatACommitLacks:
    """The output is right in the folder, and the commit is not."""

    @pytest.fixture
    def committed(self, folder: Path) -> Path:
        run(folder, "git", "add", "--all")
        author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        assert run(folder, "git", *author, "commit", "--quiet", "--no-verify", "-m", "x").returncode == 0
        return folder

    def check(self, folder: Path) -> subprocess.CompletedProcess[str]:
        return run(folder, str(BIN / "python"), "-m", "pre_commit", "run", "dsgen-check")

    def test_output_that_was_never_added(self, committed: Path) -> None:
        (committed / "profiles/second.yaml").write_text(PROFILE.replace("agent", "second"))
        run(committed, "dsgen", "generate")
        run(committed, "git", "add", "profiles")
        done = self.check(committed)
        assert done.returncode == 1
        assert "out/second/daemonset-second.yaml: error: not part of the commit" in done.stdout
        assert "[untracked-output]" in done.stdout
        run(committed, "git", "add", "out")
        assert self.check(committed).returncode == 0

    def test_output_that_was_never_generated(self, committed: Path) -> None:
        (committed / "profiles/second.yaml").write_text(PROFILE.replace("agent", "second"))
        run(committed, "git", "add", "profiles")
        assert self.check(committed).returncode == 1

    def test_a_deleted_profile(self, committed: Path) -> None:
        (committed / "profiles/second.yaml").write_text(PROFILE.replace("agent", "second"))
        run(committed, "dsgen", "generate")
        run(committed, "git", "add", "--all")
        author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        run(committed, "git", *author, "commit", "--quiet", "--no-verify", "-m", "y")
        run(committed, "git", "rm", "--quiet", "profiles/second.yaml")
        done = self.check(committed)
        assert done.returncode == 1
        assert "out/second" in done.stdout
