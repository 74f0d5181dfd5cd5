"""Build the site of this version in `build/site/VERSION/`: `python -m scripts.site`."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

from dsgen.version import __version__
from scripts.site import pages, playground
from scripts.site.links import broken
from scripts.site.navigation import navigation

ROOT: Final = pages.ROOT
OUT: Final = ROOT / "build/site"
# The tools, and the pages for the generator.
WORK: Final = ROOT / "build/site-tools"


def tools() -> Path:
    """Install what the lock files name, if it is not there yet, and return the generator."""
    locks = [ROOT / "site" / name for name in ("requirements.txt", "package.json", "package-lock.json")]
    wanted = "".join(lock.read_text("utf-8") for lock in locks)
    ready = WORK / "ready"
    if not (ready.is_file() and ready.read_text("utf-8") == wanted):
        shutil.rmtree(WORK, ignore_errors=True)
        venv.create(WORK / "venv", with_pip=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        _run(WORK / "venv/bin/python", *install, "--requirement", locks[0])
        for lock in locks[1:]:
            shutil.copy(lock, WORK)
        _run("npm", "ci", "--silent", "--ignore-scripts", folder=WORK)
        ready.write_text(wanted, "utf-8")
    return WORK / "venv/bin/zensical"


def build_pages(generator: Path, target: Path) -> None:
    """Build the pages, with search, into a folder."""
    stage = WORK / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    pages.write(stage / "docs")
    (stage / "docs/assets").mkdir(exist_ok=True)
    for name in ("site.css", "site.js"):
        shutil.copy(ROOT / "site" / name, stage / "docs/assets")
    settings = (ROOT / "site/zensical.toml").read_text("utf-8")
    (stage / "zensical.toml").write_text(settings.replace("# NAVIGATION", navigation()), "utf-8")
    said = subprocess.run(
        [generator, "build", "--clean"],
        cwd=stage,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "NO_COLOR": "1"},
    )
    if said.returncode:
        sys.exit(said.stdout + said.stderr)
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(stage / "site", target)


def build_wheel(target: Path) -> Path:
    """Build the wheel into a folder; the same commit gives the same bytes."""
    seconds = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True).stdout
    environment = {**os.environ, "SOURCE_DATE_EPOCH": seconds.strip() or "315532800"}
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "wheel", "--no-deps"]
    subprocess.run([*pip, "--no-build-isolation", "--wheel-dir", target, ROOT], check=True, env=environment)
    return target / pages.WHEEL


def write_versions(folder: Path) -> None:
    """List the versions in a folder, newest first, and let its first page lead to the newest."""
    names = [path.parent.name for path in folder.glob("*/index.html")]
    names.sort(
        key=lambda name: [int(part) if part.isdigit() else -1 for part in re.split(r"[.-]|(?<=\d)(?=[a-z])", name)]
    )
    names.reverse()
    listed = [{"version": name, "title": name, "aliases": ["latest"] if name == names[0] else []} for name in names]
    (folder / "versions.json").write_text(json.dumps(listed, indent=2) + "\n", "utf-8")
    page = f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>dsgen</title>\n<link rel="icon" href="data:,">\n<meta http-equiv="refresh" content="0; url={names[0]}/">\n<a href="{names[0]}/">dsgen {names[0]}</a>\n</html>\n'
    (folder / "index.html").write_text(page, "utf-8")


def main() -> int:
    """Build the site, and return 1 if one of its links leads nowhere."""
    if sys.version_info < (3, 11):
        sys.exit("the site needs Python 3.11 or newer: rm -r .venv, then make PYTHON=python3.12 site")
    if shutil.which("npm") is None:
        sys.exit("the site needs npm, for Pyodide")
    generator = tools()
    target = OUT / __version__
    build_pages(generator, target)
    wheel = build_wheel(target)
    playground.write(target / "playground", wheel, WORK / "node_modules/pyodide")
    write_versions(OUT)
    found = broken(target)
    print("".join(f"{line}\n" for line in found), end="", file=sys.stderr)
    print(f"{target.relative_to(ROOT)}: serve the folder above it, such as `python3 -m http.server -d build/site`")
    return 1 if found else 0


def _run(*words: str | Path, folder: Path = ROOT) -> None:
    subprocess.run(words, check=True, cwd=folder)


if __name__ == "__main__":
    sys.exit(main())
