"""The distribution is `dsgen-k8s`, since `dsgen` on the package index is another project: what pages say, and what is noticed."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import entry_points, metadata
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from dsgen.version import __version__

ROOT = Path(__file__).parents[1]
NAME = "dsgen-k8s"
# All that tells people what to do: pages, the files of new projects, help and messages.
TOLD = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for part in ("README.md", ".pre-commit-hooks.yaml", "docs", "starter", "dsgen", "profiles", "templates")
    for path in (sorted((ROOT / part).rglob("*")) if (ROOT / part).is_dir() else [ROOT / part])
    if path.is_file() and path.suffix in {".md", ".yaml", ".json", ".py", ".j2"}
}  # fmt: skip

_INSTALLING = re.compile(
    r"\b(?:(?:pip3?|pipx|uv pip|uv tool) (?:install|download|run)|pipx inject|uv add|uvx|poetry add)\b([^\n`#]*)"
    r"|\badditional_dependencies: *\[?([^\n#\]]*)"
)


def bare_names(text: str) -> list[str]:
    """Return the words by which a text installs dsgen, under either name, from a package index."""
    named = [match[1] or match[2] or "" for match in _INSTALLING.finditer(text)]
    words = [word for each in named if "--no-index" not in each for word in re.split(r"[\s,'\"]+", each)]
    return [word for word in words if canonicalize_name(re.split(r"[\[=<>!~;]", word)[0]) in {"dsgen", NAME}]


def unfixed(text: str) -> list[str]:
    """Return the Git URLs by which a text installs dsgen and that name no revision."""
    urls = re.findall(r"git\+[^\s'\"`)]+", text)
    hooks = re.findall(r"^ *- repo: (\S+://\S+).*\n(?! *rev: \S)", text, re.MULTILINE)
    return [url for url in urls if "@" not in url.rpartition("/")[2]] + hooks


def test_nothing_installs_another_project() -> None:
    found = {name: [*bare_names(text), *unfixed(text)] for name, text in TOLD.items()}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pip install dsgen", ["dsgen"]),
        ("RUN python -m pip install --no-cache-dir 'dsgen>=0.1'", ["dsgen>=0.1"]),
        ("an image with Python and `pip install dsgen`, whose", ["dsgen"]),
        ("pip3 install -U pyyaml DSGEN[all]", ["DSGEN[all]"]),
        ("pip install dsgen-k8s==0.1.0", ["dsgen-k8s==0.1.0"]),
        ("pipx install dsgen", ["dsgen"]),
        ("pip install --no-index --find-links wheels 'dsgen-k8s>=0.3'", []),
        ("pipx run dsgen validate", ["dsgen"]),
        ("uv tool install dsgen_k8s", ["dsgen_k8s"]),
        ("uv pip install dsgen", ["dsgen"]),
        ("uv add dsgen", ["dsgen"]),
        ("uvx dsgen generate", ["dsgen"]),
        ("        additional_dependencies: [dsgen==0.1.0, pyyaml]", ["dsgen==0.1.0"]),
        ("pip install dist/dsgen_k8s-*.whl", []),
        ("pip install ./wheels/dsgen_k8s-0.1.0-py3-none-any.whl", []),
        ("pip install git+https://git.example.com/dsgen@v0.1.0", []),
        ("- run: dsgen validate", []),
    ],
)
def test_bare_names_are_found(line: str, expected: list[str]) -> None:
    assert bare_names(line) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pip install git+https://git.example.com/dsgen", ["git+https://git.example.com/dsgen"]),
        ("pip install git+ssh://git@example.com/dsgen", ["git+ssh://git@example.com/dsgen"]),
        ("pip install git+https://git.example.com/dsgen@v0.1.0", []),
        ("  - repo: https://git.example.com/dsgen  # there\n    hooks: []\n", ["https://git.example.com/dsgen"]),
        ("  - repo: https://git.example.com/dsgen  # there\n    rev: v0.1.0\n    hooks: []\n", []),
        ("  - repo: local\n    hooks: []\n", []),
    ],
)
def test_urls_without_a_revision_are_found(text: str, expected: list[str]) -> None:
    assert unfixed(text) == expected


def test_pages_name_the_wheel_of_this_version() -> None:
    wheels = {wheel for text in TOLD.values() for wheel in re.findall(r"[\w.*-]+\.whl\b", text)}
    assert wheels == {"dsgen_k8s-*.whl", f"dsgen_k8s-{__version__}-py3-none-any.whl"}
    revisions = {
        rev for text in TOLD.values() for rev in re.findall(r"(?:/dsgen@|^ +rev: )([\w.]+)", text, re.MULTILINE)
    }
    assert revisions == {f"v{__version__}"}


def test_what_is_installed() -> None:
    assert metadata(NAME)["Name"] == NAME
    (command,) = entry_points(group="console_scripts", name="dsgen")
    assert command.value == "dsgen.__main__:run"


def start(site: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as it is installed in a folder, with nothing else on the path."""
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from dsgen.__main__ import run; run()"
    command = [sys.executable, "-I", "-S", "-c", code, str(site), "--version"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of installed packages that holds dsgen's."""
    (tmp_path / "dsgen").mkdir()
    for path in (ROOT / "dsgen").iterdir():
        (tmp_path / "dsgen" / path.name).symlink_to(path)
    (tmp_path / "dsgen_k8s-0.1.0.dist-info").mkdir()
    (tmp_path / "dsgen_extras-1.0.dist-info").mkdir()
    return tmp_path


class TestTheOtherProject:
    """The messages come before any library is loaded, so there is none here."""

    def test_it_is_not_there(self, site: Path) -> None:
        assert "No module named 'click'" in start(site).stderr

    @pytest.mark.parametrize(
        "initial", ["", "__version__ = '2.0'\n"], ids=["its files came first", "its files came last"]
    )
    def test_it_is_installed(self, site: Path, initial: str) -> None:
        if initial:
            (site / "dsgen/__init__.py").unlink()
            (site / "dsgen/__init__.py").write_text(initial)
        (site / "dsgen-2.0.dist-info").mkdir()
        done = start(site)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == (
            f"dsgen: cannot start: {site}/dsgen-2.0.dist-info belongs to another distribution, whose package is called "
            "`dsgen` too; uninstall both `dsgen` and `dsgen-k8s`, then install `dsgen-k8s` again\n"
        )

    def test_it_was_removed_and_took_a_file_with_it(self, site: Path) -> None:
        (site / "dsgen/__init__.py").unlink()
        done = start(site)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == (
            f"dsgen: cannot start: files of dsgen are missing in {site}; uninstall `dsgen-k8s`, then install it again\n"
        )
