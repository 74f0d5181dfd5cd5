"""What yq, yamlfmt and prettier do to profiles and to the output, as docs/how-to/use-other-formatters.md says; those that are found."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from benchmarks.peers import CACHE
from dsgen.comments import of_yaml

ROOT = Path(__file__).parent.parent
# A few of each kind: anchors and merges, literal texts, short forms.
PRESETS = ("agent", "cilium", "fluent-bit", "glusterfs")
# Layouts that formatters change, with comments at what dsgen warns about.
OWN = """\
# Two of our own settings.
name: own  # not agent
extends: agent

containers:
  agent:
    # dsgen: allow replaced-list: ours
    command: [sh, -c, "exec /agent"]
    args: [--one]  # dsgen: allow replaced-list: ours
    env: {ON: 'on', VERSION: "1.10", TEXT: "a: b"}
configMaps:
  own:
    data:
      a.conf: |
        [a]
            b = c   # no comment

        [d]
"""
HOUSE = "name: house\ncontainers: {agent: {image: 'x:1', command: [agent], args: [-x]}}\n"
PROD = """\
# The cluster prod.
kubernetes: "1.36"

overrides:
  own: {containers: {agent: {resources: {limits: {memory: 256Mi}}}}}  # more
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    (tmp_path / "profiles").mkdir()
    for name in PRESETS:
        shutil.copy(ROOT / "profiles" / f"{name}.yaml", tmp_path / "profiles")
    (tmp_path / "profiles/_house.yaml").write_text(HOUSE)
    (tmp_path / "profiles/own.yaml").write_text(OWN.replace("extends: agent", "extends: _house.yaml"))
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments/prod.yaml").write_text(PROD)
    assert dsgen(tmp_path, "fmt", "--quiet").returncode == 0
    assert dsgen(tmp_path, "generate", "--quiet").returncode == 0
    return tmp_path


def dsgen(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dsgen", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def texts(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in sorted(folder.rglob("*.yaml"))}


def tool(name: str, version: str = "") -> str:
    """Return the path of a tool, or skip the test. Two tools are called yq: `version` is what the right one says."""
    path = shutil.which(name) or shutil.which(name, path=str(CACHE))
    if path is None:
        pytest.skip(f"there is no {name}")
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    if version not in said:
        pytest.skip(f"{name} is another one")
    return path


YAMLFMT = [
    pytest.param("yamlfmt", "", [*(word for each in options for word in ("-formatter", each))], id=f"yamlfmt {options}")
    for options in (
        [],
        ["retain_line_breaks=true"],
        ["include_document_start=true"],
        ["indentless_arrays=true"],
        ["indent=4"],
        ["max_line_length=60", "force_quote_style=single", "drop_merge_tag=true"],
        ["line_ending=crlf"],
    )
]
TOOLS = pytest.mark.parametrize(
    ("name", "version", "options"),
    [
        pytest.param("yq", "mikefarah", ["-i", "."], id="yq"),
        pytest.param("prettier", "", ["--write"], id="prettier"),
        *YAMLFMT,
    ],
)


def rewritten(path: str, options: list[str], folder: Path, files: Iterable[str]) -> None:
    for file in files:
        subprocess.run([path, *options, file], cwd=folder, capture_output=True, check=True)


@TOOLS
def test_profiles_mean_the_same(name: str, version: str, options: list[str], folder: Path) -> None:
    path, before = tool(name, version), texts(folder)
    sources = [file for file in before if not file.startswith("out/")]
    rewritten(path, options, folder, sources)
    # What the comments allow stays allowed, too.
    for _ in range(2):
        checked = dsgen(folder, "generate", "--check", "--quiet")
        assert (checked.returncode, checked.stderr) == (0, "")
        assert dsgen(folder, "validate", "--quiet", "--fail-on", "warning").stderr == ""
        for file in sources:
            comments = [each.words for each in of_yaml((folder / file).read_text("utf-8"))]
            assert comments == [each.words for each in of_yaml(before[file])], file
        assert dsgen(folder, "fmt", "--quiet").returncode == 0


@TOOLS
def test_check_reports_what_a_formatter_changed(name: str, version: str, options: list[str], folder: Path) -> None:
    path, before = tool(name, version), texts(folder)
    rewritten(path, options, folder, [file for file in before if file.startswith("out/")])
    changed = {file for file, text in texts(folder).items() if text != before[file]}
    checked = dsgen(folder, "generate", "--check", "--quiet")
    assert checked.returncode == bool(changed)
    assert {file for file in before if f"--- a/{file}" in checked.stdout} == changed
    assert dsgen(folder, "generate", "--quiet", "--force").returncode == 0
    assert texts(folder) == before


@pytest.mark.parametrize(
    ("name", "version", "options"),
    [
        pytest.param("yq", "mikefarah", ["-i", "."], id="yq"),
        pytest.param("yamlfmt", "", [], id="yamlfmt"),
        pytest.param("prettier", "", ["--write"], id="prettier"),
    ],
)
def test_fmt_restores_the_layout(name: str, version: str, options: list[str], folder: Path) -> None:
    path, before = tool(name, version), texts(folder)
    rewritten(path, options, folder, (f"profiles/{preset}.yaml" for preset in PRESETS))
    assert dsgen(folder, "fmt", "--quiet").returncode == 0
    assert texts(folder) == before


def test_yamlfmt_reads_the_file_of_the_page(folder: Path) -> None:
    """So it leaves the output alone."""
    path, before = tool("yamlfmt"), texts(folder)
    page = (ROOT / "docs/how-to/use-other-formatters.md").read_text("utf-8")
    stated = re.search(r'```yaml title="\.yamlfmt"\n(.*?)```', page, re.DOTALL)
    assert stated
    (folder / ".yamlfmt").write_text(stated[1])
    for file in (folder / "out").rglob("daemonset-*.yaml"):
        file.write_text("a:   b\n")
    assert subprocess.run([path, "."], cwd=folder, capture_output=True, check=True).returncode == 0
    assert {*(folder / "out").rglob("daemonset-*.yaml")}
    assert all(file.read_text() == "a:   b\n" for file in (folder / "out").rglob("daemonset-*.yaml"))
    assert texts(folder)["profiles/cilium.yaml"] != before["profiles/cilium.yaml"]


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
