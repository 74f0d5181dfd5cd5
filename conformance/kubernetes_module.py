"""Go programs around Kubernetes' own code, built for one minor into the user's cache.

Needs Go and the Go module proxy; nothing else in the project does.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

VERSIONS: Final = {"1.33": "1.33.13", "1.34": "1.34.4", "1.35": "1.35.4", "1.36": "1.36.3"}
NEWEST: Final = "1.36"


def build(source: Path, name: str, minor: str = NEWEST) -> Path:
    """Return the program `name` made of the Go file `source`, built anew when that is newer; minutes the first time.

    Raises CalledProcessError when Go fails.
    """
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home, f"dsgen-{name}", minor)
    program = folder / name
    if program.exists() and program.stat().st_mtime > source.stat().st_mtime:
        return program
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, folder)
    if not (folder / "go.sum").exists():
        (folder / "go.mod").write_text(_module(name, VERSIONS[minor]), encoding="utf-8")
    subprocess.run(["go", "mod", "tidy"], cwd=folder, check=True)
    subprocess.run(["go", "build", "-trimpath", "-o", name, "."], cwd=folder, check=True)
    return program


def _module(name: str, version: str) -> str:
    """Write go.mod: Kubernetes as a module needs its staging repositories pinned one by one."""
    module = f"k8s.io/kubernetes@v{version}"
    described = subprocess.run(["go", "mod", "download", "-json", module], check=True, capture_output=True, text=True)
    theirs = Path(json.loads(described.stdout)["GoMod"]).read_text(encoding="utf-8")
    language = re.search(r"^go .*$", theirs, re.MULTILINE)
    staged = re.findall(r"^\s*(k8s\.io/\S+) => \./staging", theirs, re.MULTILINE)
    pins = "\n".join(f"replace {other} => {other} v0.{version.removeprefix('1.')}" for other in staged)
    return (
        f"module {name}\n\n{language[0] if language else 'go 1.24'}\n\nrequire k8s.io/kubernetes v{version}\n\n{pins}\n"
    )
