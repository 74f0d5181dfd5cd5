"""The playground: its page, Pyodide, and the Python packages that it unpacks, none of which has a part in C."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Final

from scripts.site.pages import ROOT

SOURCE: Final = ROOT / "site/playground"
# What dsgen needs at run time, as the environment has it: PyYAML and MarkupSafe work without their parts in C.
PACKAGES: Final = ("cerberus", "click", "jinja2", "markupsafe", "pyyaml")
# Pyodide's files, and their names here: not every server knows that `.mjs` is JavaScript.
PYODIDE: Final = {
    "pyodide.mjs": "pyodide.js",
    "pyodide.asm.mjs": "pyodide.asm.js",
    "pyodide.asm.wasm": "pyodide.asm.wasm",
    "python_stdlib.zip": "python_stdlib.zip",
}
# The same bytes from the same files.
_TIME: Final = (1980, 1, 1, 0, 0, 0)


def pack(target: Path, wheel: Path) -> None:
    """Write the modules of the packages, the files of the wheel and the bridge to an archive."""
    files = {"bridge.py": (SOURCE / "bridge.py").read_bytes()}
    for name in PACKAGES:
        for file in metadata.files(name) or ():
            if file.suffix == ".py" and ".." not in file.parts:
                files[file.as_posix()] = Path(str(file.locate())).read_bytes()
    with zipfile.ZipFile(wheel) as archive:
        files |= {name: archive.read(name) for name in archive.namelist() if name.startswith("dsgen/")}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _TIME), files[name], zipfile.ZIP_DEFLATED)


def write(folder: Path, wheel: Path, pyodide: Path) -> None:
    """Write the playground to a folder. Its service worker gets the list of all files, and a name for exactly these."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "pyodide").mkdir()
    for name, here in PYODIDE.items():
        shutil.copyfile(pyodide / name, folder / "pyodide" / here)
    # Without Pyodide's own packages, which it would load from another host.
    lock = json.loads((pyodide / "pyodide-lock.json").read_bytes()) | {"packages": {}}
    (folder / "pyodide/pyodide-lock.json").write_text(json.dumps(lock), "utf-8")
    pack(folder / "packages.zip", wheel)
    worker = folder / "service-worker.js"
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != worker)
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in (*paths, worker))).hexdigest()[:16]
    listed = json.dumps([str(path.relative_to(folder)) for path in paths])
    text = worker.read_text("utf-8").replace('"FILES"', listed).replace("DIGEST", digest)
    worker.write_text(text, "utf-8")
