"""What is generated and committed is what the code makes today: the reference pages and out/."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from dsgen.cli import main
from scripts import make_docs

ROOT = Path(__file__).parent.parent


def test_reference_pages(capsys: pytest.CaptureFixture[str]) -> None:
    assert make_docs.run(check=True) == 0, capsys.readouterr().err


def test_out_is_what_the_profiles_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, ["generate", "-o", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert files(tmp_path / "out") == files(ROOT / "out"), "run `make generate` and commit"


def files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}
