"""What `make` installs: requirements.lock fits pyproject.toml on every Python, and what to do is said where it cannot be installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.check_lock import LOCK, PYTHONS, ROOT, misfits, pyproject


def asking(*requirements: str, build: str = "hatchling") -> dict[str, Any]:
    """Return a pyproject.toml that asks for these."""
    project = {"dependencies": list(requirements), "optional-dependencies": {}}
    return {"build-system": {"requires": [build]}, "project": project}


def naming(*lines: str) -> str:
    """Return a lock as uv writes it."""
    return "".join(f"{line} \\\n    --hash=sha256:{'0' * 64}\n" for line in ("hatchling==1.0", *lines))


def test_the_lock_fits() -> None:
    assert list(misfits(pyproject(), LOCK.read_text("utf-8"))) == []


def test_all_pythons_are_asked_for() -> None:
    assert pyproject()["project"]["requires-python"] == f">={PYTHONS[0]}"


@pytest.mark.parametrize(
    ("project", "lock", "expected"),
    [
        (asking("click>=8.2"), naming("click==8.5"), []),
        (asking("PyYAML"), naming("pyyaml==6.0.3"), []),
        (asking("click>=9"), naming("click==8.5"), ["`click>=9`, requirements.lock has click 8.5 for Python 3.10"]),
        (asking("click<8.5"), naming("click==8.5"), ["`click<8.5`, requirements.lock has click 8.5 for Python 3.10"]),
        (asking("click"), naming(), ["`click`, requirements.lock has no click for Python 3.10"]),
        (asking(build="hatchling>=2"), naming(), ["`hatchling>=2`, requirements.lock has hatchling 1.0 for Python 3.10"]),
        (
            asking("click"),
            naming("click==8.5 ; python_full_version < '3.13'"),
            ["`click`, requirements.lock has no click for Python 3.13"],
        ),
        (
            asking("click"),
            naming("click==8.5", "click==8.4 ; python_full_version >= '3.14'"),
            ["`click`, requirements.lock has click 8.5 and click 8.4 for Python 3.14"],
        ),
        (asking("tomli; python_version < '3.11'"), naming("tomli==2.0 ; python_full_version < '3.11'"), []),
    ],
)  # fmt: skip
def test_where_a_lock_does_not_fit(project: dict[str, Any], lock: str, expected: list[str]) -> None:
    assert list(misfits(project, lock)) == [f"pyproject.toml asks for {line}" for line in expected]


def test_all_is_pinned_with_hashes_and_comes_as_wheels_from_wherever_pip_looks() -> None:
    lines = [line.strip(" \\") for line in LOCK.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert lines[0] == "--only-binary :all:"
    assert [
        line for line in lines[1:] if not re.match(r"[\w-]+==[\w.]+( ; |$)|--hash=sha256:[0-9a-f]{64}$", line)
    ] == []
    assert "://" not in LOCK.read_text("utf-8")


@pytest.mark.long
def test_a_registry_that_lacks_a_version(tmp_path: Path) -> None:
    """The registry is an empty one; and `python -m venv`, which takes seconds, only leads back to this Python."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "requirements.lock").write_text(naming())
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\n[ "$2" = venv ] || exec {sys.executable} "$@"\nmkdir -p .venv/bin && cp python .venv/bin\n'
    )
    python.chmod(0o755)
    done = subprocess.run(
        ["make", "generate", f"PYTHON={python}"],
        cwd=tmp_path,
        env={**os.environ, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "No matching distribution found for hatchling==1.0" in done.stderr
    assert "requirements.lock cannot be installed, see above; where the registry lacks a version" in done.stderr
    assert "`make lock` renews it" in done.stderr
    assert not (tmp_path / ".venv/.ready").exists()
