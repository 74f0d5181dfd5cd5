"""Run tests with the libraries at one end of the ranges that pyproject.toml allows, and the Python that goes with it.

python -m scripts.try_ranges oldest|newest [OPTION OF PYTEST]...

`oldest` takes the oldest Python found, the oldest versions of what dsgen itself needs, and everything else as
requirements.lock has it. `newest` takes the newest Python found and the newest version of everything.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, cast

from scripts.check_lock import PYTHONS

ROOT: Final = Path(__file__).parent.parent
UV: Final = ROOT / "build" / "uv" / "bin" / "uv"

End = Literal["oldest", "newest"]


def search_path() -> str:
    """Return the PATH with this Python, and with pyenv's instead of its shims, of which only those of selected versions run."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    folders = [folder for folder in os.get_exec_path() if Path(folder) != pyenv / "shims"]
    return os.pathsep.join([*folders, f"{sys.base_prefix}/bin", *map(str, sorted(pyenv.glob("versions/3.*/bin")))])


def uv(*words: str | Path) -> str:
    """Run uv, and return what it prints; raise CalledProcessError when it fails."""
    environment = {**os.environ, "PATH": search_path(), "UV_PYTHON_DOWNLOADS": "never"}
    return subprocess.run(
        [UV, *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, encoding="utf-8", check=True
    ).stdout


def find_python(end: End) -> tuple[str, str]:
    """Return version and path of the oldest or the newest released CPython on this machine that dsgen supports."""
    listed = json.loads(uv("python", "list", "--only-installed", "--output-format", "json", "cpython>=3.10"))
    found = {
        tuple(map(int, each["version"].split("."))): each["path"]
        for each in listed
        if each["variant"] == "default" and re.fullmatch(r"[\d.]+", each["version"])
    }
    version = min(found) if end == "oldest" else max(found)
    return ".".join(map(str, version)), found[version]


def floors_without_wheels() -> Iterator[str]:
    """Yield a line for each Python for which the oldest versions allowed are not the oldest that can be installed."""
    for python in PYTHONS:
        words = ("pip", "compile", "--quiet", "--no-header", "--no-annotate", "--no-deps", "--python-version", python)
        any_form, wheels = (
            uv(*words, "--resolution", "lowest-direct", *only, "pyproject.toml").splitlines()
            for only in ((), ("--no-build",))
        )
        for floor, oldest in zip(any_form, wheels, strict=True):
            if floor != oldest:
                yield f"pyproject.toml allows {floor}, which has no wheel for Python {python}; the oldest that has is {oldest}"


def install(end: End, python: str) -> Path:
    """Install dsgen and what its tests need below build/; return the folder of the commands."""
    folder = ROOT / "build" / end
    uv("venv", "--quiet", "--clear", "--seed", "--python", python, folder)
    pip = ("pip", "install", "--quiet", "--python", folder)
    if end == "newest":
        uv(*pip, "--upgrade", "--editable", ".[dev]")
    else:
        uv(*pip, "--require-hashes", "--requirement", "requirements.lock")
        uv(*pip, "--no-deps", "--no-build-isolation", "--editable", ".")
        uv(*pip, "--upgrade", "--no-build", "--resolution", "lowest-direct", "--requirement", "pyproject.toml")
    return folder / "bin"


def main() -> int:
    """Return the exit code of pytest, or 1 when there is nothing to run it with."""
    end = cast(End, sys.argv[1])
    wrong = list(floors_without_wheels()) if end == "oldest" else []
    if wrong:
        print(*wrong, sep="\n", file=sys.stderr)
        return 1
    version, python = find_python(end)
    commands = install(end, python)
    print(f"Python {version} ({python}):", *uv("pip", "freeze", "--python", commands.parent).split("\n"), flush=True)
    return subprocess.run([commands / "pytest", *sys.argv[2:]], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
