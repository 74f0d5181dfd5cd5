"""Build what a release consists of, in `dist/`: the wheel, its software bill of materials, the notes, and their SHA-256 sums.

    python -m scripts.release [v0.2.0]

With a tag, it must be that of the version, and the changelog must begin with a dated section for it. Without one, it is a trial, with the
newest entries. The same commit gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dsgen.version import __version__

ROOT: Final = Path(__file__).parent.parent
DIST: Final = ROOT / "dist"
# Lists the packages of an environment in the form of CycloneDX.
BILL: Final = "cyclonedx-bom==7.5.0"
_SECTION: Final = r"^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?\n(.*?)(?=^## |\Z)"


class ReleaseError(Exception):
    """The state of the repository does not allow a release."""


def notes(changelog: str, version: str, tag: str = "") -> str:
    """Return the newest entries. With a `tag`, raises ReleaseError if they or the tag are not those of the version, or have no date."""
    sections = re.findall(_SECTION, changelog, re.MULTILINE | re.DOTALL)
    name, date, text = next((each for each in sections if each[2].strip()), ("nothing", "", ""))
    if tag and tag != f"v{version}":
        raise ReleaseError(f"the tag is {tag}, but dsgen/version.py has {version}: tag v{version}")
    if tag and name != version:
        raise ReleaseError(f"CHANGELOG.md begins with {name}: move its entries to `## [{version}] - DATE`")
    if tag and not date:
        raise ReleaseError(f"CHANGELOG.md has no date for {version}: write `## [{version}] - DATE`")
    return f"{str(text).strip()}\n"


def build(folder: Path, seconds: int) -> None:
    """Write the wheel and its bill of materials to a folder. `seconds` since 1970 are the time of the commit."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(seconds), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}

    def run(*words: str | Path) -> None:
        subprocess.run(words, check=True, env=environment)

    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        run(sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "--wheel-dir", work, ROOT)
        (wheel,) = work.glob("*.whl")
        # Two environments: the tool is not part of what it lists.
        for each, package in (("installed", str(wheel)), ("tool", BILL)):
            venv.create(work / each, with_pip=True)
            run(work / each / "bin/python", "-m", "pip", "--quiet", "install", package)
        run(work / "installed/bin/python", "-m", "pip", "--quiet", "uninstall", "--yes", "pip", "setuptools")
        bill = work / "sbom.cdx.json"
        tool = work / "tool/bin/cyclonedx-py"
        run(tool, "environment", "--output-reproducible", "--pyproject", ROOT / "pyproject.toml", "--output-file", bill, work / "installed/bin/python")  # fmt: skip
        listed = json.loads(bill.read_bytes())
        listed["metadata"]["component"]["version"] = __version__  # pyproject.toml does not have it
        shutil.copy(wheel, folder / wheel.name)
        (folder / bill.name).write_text(f"{json.dumps(listed, indent=2)}\n", "utf-8")


def sums(folder: Path) -> str:
    """Return the SHA-256 sums of the files in a folder, as `sha256sum --check` reads them."""
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)


def main(arguments: Sequence[str]) -> int:
    """Build the release, and return 1 if the repository does not allow one."""
    try:
        text = notes((ROOT / "CHANGELOG.md").read_text("utf-8"), __version__, *arguments[:1])
    except ReleaseError as error:
        print(f"cannot release: {error}", file=sys.stderr)
        return 1
    commit = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, check=True, capture_output=True, text=True)
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    build(DIST, int(commit.stdout))
    (DIST / "notes.md").write_text(text, "utf-8")
    (DIST / "SHA256SUMS").write_text(sums(DIST), "utf-8")
    print("".join(f"dist/{path.name}\n" for path in sorted(DIST.iterdir())), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
