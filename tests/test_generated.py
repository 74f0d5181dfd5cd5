"""What is generated and committed is what the code makes today: the reference pages, those of the presets, and out/."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from dsgen.cli import main

ROOT = Path(__file__).parent.parent


def test_pages() -> None:
    # In a process of its own: the pages are those of a fresh start, whatever other tests have done to click.
    command = [sys.executable, "-m", "scripts.make_docs", "--check"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_out_is_what_the_profiles_make_without_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, ["generate", "--check", "--quiet"])
    assert result.exit_code == 0, f"run `make generate` and commit: {result.output}"
    assert result.output == ""
