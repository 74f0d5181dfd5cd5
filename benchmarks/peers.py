"""The peers: Helm, Kustomize, yamlfmt and other validators, found on the PATH or installed with Go into the user's cache, and the published
schemas; and dsgen as it was at a commit.

python -m benchmarks.peers NAME...     installs them
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dsgen-peers"
ROOT = Path(__file__).parent.parent

PACKAGES = {
    "helm": "helm.sh/helm/v3/cmd/helm@v3.18.6",
    "kustomize": "sigs.k8s.io/kustomize/kustomize/v5@v5.7.1",
    "kubeconform": "github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0",
    "yamlfmt": "github.com/google/yamlfmt/cmd/yamlfmt@v0.21.0",
    # The newest release, 0.0.4, knows nothing after 1.30.
    "kubectl-validate": "sigs.k8s.io/kubectl-validate@v0.0.5-0.20260105161640-a97ccfaca20b",
}


def find(name: str) -> str | None:
    """Return the path of a peer, installing it with Go when there is none; None when there is no Go either."""
    found = shutil.which(name) or shutil.which(name, path=str(CACHE))
    if found is None and shutil.which("go"):
        print(f"installing {PACKAGES[name]}", file=sys.stderr, flush=True)
        subprocess.run(["go", "install", PACKAGES[name]], env={**os.environ, "GOBIN": str(CACHE)}, check=True)
        found = shutil.which(name, path=str(CACHE))
    return found


def before(commit: str) -> Path:
    """Return a folder with dsgen as it was at a commit, to run with PYTHONPATH; its wheel is built from the repository."""
    target = CACHE / f"dsgen-{commit}"
    if not target.exists():
        print(f"building dsgen of {commit}", flush=True)
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        with tempfile.TemporaryDirectory() as name:
            archive = Path(name) / "source.zip"
            subprocess.run(["git", "archive", "--output", str(archive), commit], cwd=ROOT, check=True)
            shutil.unpack_archive(archive, Path(name) / "source")
            wheels = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", name, f"{name}/source"]
            subprocess.run([*pip, *wheels], check=True)
            (wheel,) = Path(name).glob("*.whl")
            installed = f"{name}/installed"
            subprocess.run([*pip, "install", "--no-deps", "--target", installed, str(wheel)], check=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(installed, target)
    return target


def definitions(minor: str) -> dict[str, Any]:
    """Return the published strict schemas of all types, by their names; they refer to each other as `#/$defs/NAME`."""
    target = CACHE / f"definitions-{minor}-strict.json"
    if not target.exists():
        packages = CACHE / "schemas"
        print("installing the published schemas (kubernetes-validate)", file=sys.stderr, flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(packages)]
        subprocess.run([*pip, "kubernetes-validate"], check=True)
        folder = packages / "kubernetes_validate" / "kubernetes-json-schema" / f"v{minor}.0-local-strict"
        target.write_text(
            (folder / "_definitions.json").read_text("utf-8").replace("/api/_definitions.json", ""), "utf-8"
        )
        shutil.rmtree(packages)
    found: dict[str, Any] = json.loads(target.read_text("utf-8"))["$defs"]
    return found


def schema(minor: str) -> Path:
    """Return the published strict schema of a DaemonSet in its standalone form, all references written out.

    That is the form that kubeconform reads by default; the `kubernetes-validate` package carries its parts.
    """
    target = CACHE / f"daemonset-{minor}-standalone-strict.json"
    if not target.exists():
        target.write_text(
            json.dumps(_written_out({"$ref": "io.k8s.api.apps.v1.DaemonSet"}, definitions(minor))), "utf-8"
        )
    return target


def _written_out(part: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(part, list):
        return [_written_out(entry, definitions) for entry in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        part = {
            **definitions[part["$ref"].rsplit("/", 1)[-1]],
            **{key: value for key, value in part.items() if key != "$ref"},
        }
    return {key: _written_out(value, definitions) for key, value in part.items()}


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        print(find(wanted))
