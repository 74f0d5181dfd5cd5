"""What yq, yamlfmt and prettier do to profiles and to the output, as docs/how-to/use-other-formatters.md says; those that are found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# A few of each kind: anchors and merges, literal texts, short forms.
PRESETS = ("agent", "cilium", "fluent-bit", "glusterfs")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    (tmp_path / "profiles").mkdir()
    for name in PRESETS:
        shutil.copy(ROOT / "profiles" / f"{name}.yaml", tmp_path / "profiles")
    assert dsgen(tmp_path, "generate", "--quiet").returncode == 0
    return tmp_path


def dsgen(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dsgen", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def texts(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in sorted(folder.rglob("*.yaml"))}


def tool(name: str, version: str = "") -> str:
    """Return the path of a tool, or skip the test. Two tools are called yq: `version` is what the right one says."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"there is no {name}")
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    if version not in said:
        pytest.skip(f"{name} is another one")
    return path


@pytest.mark.parametrize(
    ("name", "version", "options"),
    [
        pytest.param("yq", "mikefarah", ["-i", "."], id="yq"),
        pytest.param("yamlfmt", "", [], id="yamlfmt"),
        pytest.param("prettier", "", ["--write"], id="prettier"),
    ],
)
def test_output_stays_and_fmt_restores_the_layout(name: str, version: str, options: list[str], folder: Path) -> None:
    path, before = tool(name, version), texts(folder)
    for file in before:
        subprocess.run([path, *options, file], cwd=folder, capture_output=True, check=True)
    changed = texts(folder)
    assert {file for file in before if changed[file] != before[file]} <= {f"profiles/{each}.yaml" for each in PRESETS}
    checked = dsgen(folder, "generate", "--check", "--quiet")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert dsgen(folder, "fmt", "--quiet").returncode == 0
    assert texts(folder) == before


def test_yq_of_pypi_loses_comments(folder: Path) -> None:
    """So the page advises against it."""
    path = shutil.which("yq")
    if (
        path is None
        or "mikefarah" in subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    ):
        pytest.skip("there is no yq of PyPI")
    done = subprocess.run(
        [path, "-y", ".", "profiles/agent.yaml"], cwd=folder, capture_output=True, text=True, check=True
    )
    assert "#" not in done.stdout
