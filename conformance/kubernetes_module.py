"""Go programs around Kubernetes' own code, built for one minor into the user's cache.

Needs Go and the Go module proxy; nothing else in the project does.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

# The releases whose code is built, one a minor; and one that can only be read, as the preview of the next minor.
VERSIONS: Final = {"1.33": "1.33.13", "1.34": "1.34.4", "1.35": "1.35.4", "1.36": "1.36.3", "1.37": "1.37.2"}
NEWEST: Final = "1.37"
PREVIEW: Final = "1.38.0-beta.0"
BATCH: Final = 500
# The module whose CustomResourceDefinition of PodMonitor counts, and where it holds it.
OPERATOR: Final = "github.com/prometheus-operator/prometheus-operator@v0.85.0"
POD_MONITOR: Final = "example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml"

# The Go packages that a program may import, as `conformance/NAME`.
SHARED: Final = Path(__file__).parent / "shared"


def build(source: Path, name: str, minor: str = NEWEST, module: str = "") -> Path:
    """Return the program `name` made of the Go files in the folder `source`, built anew when they change; minutes the first time.

    `module` is the text of its go.mod, if it is not made of Kubernetes. Raises CalledProcessError when Go fails.
    """
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home, f"dsgen-{name}", minor)
    program = folder / name
    texts = _texts(source)
    if program.exists() and all(_built(folder / file, text, program) for file, text in texts.items()):
        return program
    for file, text in texts.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(text)
    (folder / "go.mod").write_text(module or _module(VERSIONS[minor]), encoding="utf-8")
    subprocess.run(["go", "mod", "tidy"], cwd=folder, check=True)
    subprocess.run(["go", "build", "-trimpath", "-o", name, "."], cwd=folder, check=True)
    return program


def ask(program: Sequence[str | Path], questions: Iterable[object]) -> Iterator[Any]:
    """Yield the answer of a program, with its arguments, to each question: one line of JSON each way. Raises CalledProcessError."""
    pending = iter(questions)
    while batch := list(islice(pending, BATCH)):
        lines = "".join(json.dumps(question) + "\n" for question in batch)
        done = subprocess.run(program, input=lines, check=True, capture_output=True, encoding="utf-8")
        # A text in JSON may hold what Python takes for the end of a line.
        yield from map(json.loads, done.stdout.removesuffix("\n").split("\n"))


def _texts(source: Path) -> dict[str, bytes]:
    """Return the Go files in a folder, and those of the shared packages that they import, by their paths in the module."""
    texts = {file.name: file.read_bytes() for kind in ("*.go", "*.s") for file in source.glob(kind)}
    whole = b"".join(texts.values())
    used = [package for package in SHARED.iterdir() if f'"conformance/{package.name}"'.encode() in whole]
    return texts | {f"{each.name}/{file.name}": file.read_bytes() for each in used for file in each.glob("*.go")}


def pod_monitor_definition() -> Path:
    """Return the file of PodMonitor's CustomResourceDefinition, as the Prometheus operator publishes it."""
    return Path(downloaded(OPERATOR)["Dir"], POD_MONITOR)


def discovery(minor: str) -> Path:
    """Return the folder of the discovery documents that `minor` publishes: every resource that its API server can serve."""
    return source(VERSIONS[minor]) / "api" / "discovery"


def source(version: str) -> Path:
    """Return the folder of the source of a release such as `1.37.2`."""
    return folder(f"k8s.io/kubernetes@v{version}")


def folder(module: str) -> Path:
    """Return the folder of a Go module, which is fetched if need be. One that needs a newer Go can be read all the same."""
    try:
        return Path(downloaded(module)["Dir"])
    except subprocess.CalledProcessError:
        cache = subprocess.run(["go", "env", "GOMODCACHE"], check=True, capture_output=True, text=True)
        found = Path(cache.stdout.strip(), module)
        if not found.is_dir():
            raise
        return found


def downloaded(module: str) -> dict[str, str]:
    """Return what `go mod download` reports of a module with its version. Raises CalledProcessError."""
    said = subprocess.run(["go", "mod", "download", "-json", module], check=True, capture_output=True, text=True)
    described: dict[str, str] = json.loads(said.stdout)
    return described


def _built(copy: Path, text: bytes, program: Path) -> bool:
    """Tell whether `program` was made of the Go file `copy`, and this still has the same text."""
    return copy.exists() and copy.read_bytes() == text and copy.stat().st_mtime < program.stat().st_mtime


def _module(version: str) -> str:
    """Write go.mod: Kubernetes as a module needs its staging repositories pinned one by one."""
    theirs = Path(downloaded(f"k8s.io/kubernetes@v{version}")["GoMod"]).read_text(encoding="utf-8")
    language = re.search(r"^go .*$", theirs, re.MULTILINE)
    staged = re.findall(r"^\s*(k8s\.io/\S+) => \./staging", theirs, re.MULTILINE)
    pins = "\n".join(f"replace {other} => {other} v0.{version.removeprefix('1.')}" for other in staged)
    return f"module conformance\n\n{language[0] if language else 'go 1.24'}\n\nrequire k8s.io/kubernetes v{version}\n\n{pins}\n"
