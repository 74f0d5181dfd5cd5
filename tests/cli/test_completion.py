"""Completion, as the shells ask for it: each shell that is found runs its own script."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
# What each shell needs to print the words, and what it knows of each, for the line `$LINE`.
BASH = """eval "$(dsgen completion bash)"
COMP_WORDS=($LINE); [[ $LINE == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
compopt() { echo "compopt $1 $2"; }
_dsgen_completion dsgen
printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """compdef() { :; }
_describe() { local name=$4; [[ $1 == -V ]] && name=$3; print -l -- ${(P)name}; }
compadd() { [[ $1 == -U ]] && shift 3; [[ $1 == -a ]] && print -l -- ${(P)2}; }
_path_files() { echo files; }
words=(${(z)LINE}); [[ $LINE == *" " ]] && words+=("")
CURRENT=$#words
typeset -A compstate
eval "$(dsgen completion zsh)"
_dsgen_completion
"""
FISH = """dsgen completion fish | source
complete -C $LINE
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "dsgen.yaml": "",
        "profiles/agent.yaml": "# Sends metrics. And more.\nname: agent\ncontainers: {agent: {image: x}}\n",
        "environments/prod.yaml": "# The clusters of customers.\nkubernetes: '1.37'\n",
        "nodes.txt": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def completed(shell: str, line: str, folder: Path) -> str:
    if not shutil.which(shell):
        pytest.skip(f"there is no {shell}")
    environment = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    words = [shell, "-f", "-c", SCRIPTS[shell]] if shell == "zsh" else [shell, "-c", SCRIPTS[shell]]
    done = subprocess.run(
        words, cwd=folder, env={**environment, "LINE": line}, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stderr == ""
    return done.stdout


PLACES = [
    pytest.param("dsgen fm", "fmt", "Format profiles and environments", id="command"),
    pytest.param("dsgen validate --fail", "--fail-on", "Exit with 1 also for warnings", id="option"),
    pytest.param("dsgen validate ag", "agent", "Sends metrics", id="profile"),
    pytest.param("dsgen generate -e pr", "prod", "The clusters of customers", id="environment"),
    pytest.param("dsgen new mine --from node-ex", "node-exporter", "hardware and kernel metrics", id="preset"),
    pytest.param("dsgen explain nodes.tol", "nodes.tolerate", "Taints", id="key"),
    pytest.param("dsgen explain duplicate-ke", "duplicate-key", "A map contains a key twice", id="code"),
    pytest.param("dsgen trace agent upd", "update", "How pods are replaced", id="key of a profile"),
]


@pytest.mark.parametrize("shell", SCRIPTS)
@pytest.mark.parametrize(("line", "word", "about"), PLACES)
def test_words_with_a_sentence(shell: str, line: str, word: str, about: str, folder: Path) -> None:
    found = completed(shell, line, folder)
    assert word in found
    # bash shows the words alone.
    assert shell == "bash" or about in found
    assert "Example:" not in found


@pytest.mark.parametrize("shell", SCRIPTS)
def test_a_key_that_is_not_at_the_top_is_not_offered_there(shell: str, folder: Path) -> None:
    assert "tolerat" in completed(shell, "dsgen explain nodes.tolerat", folder)
    assert completed(shell, "dsgen explain tolerat", folder).strip() == ""


@pytest.mark.parametrize("shell", SCRIPTS)
@pytest.mark.parametrize("line", ["dsgen plan --nodes no", "dsgen diff no", "dsgen import no", "dsgen fmt no"])
def test_files(shell: str, line: str, folder: Path) -> None:
    found = completed(shell, line, folder)
    assert {"bash": "compopt -o default", "zsh": "files", "fish": "nodes.txt"}[shell] in found


def test_a_name_that_a_shell_would_run_is_not_offered(folder: Path) -> None:
    (folder / "environments/$(echo x).yaml").write_text("")
    assert "echo" not in completed("bash", "dsgen generate -e ", folder)
