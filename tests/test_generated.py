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


def test_out_is_what_the_profiles_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, ["generate", "-o", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert files(tmp_path / "out") == files(ROOT / "out"), "run `make generate` and commit"


def files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}
