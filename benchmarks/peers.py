"""The peers: Helm and kubeconform, found on the PATH or installed with Go into the user's cache."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

PACKAGES = {
    "helm": "helm.sh/helm/v3/cmd/helm@v3.18.6",
    "kubeconform": "github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0",
}


def find(name: str) -> str | None:
    """Return the path of a peer, installing it with Go when there is none; None when there is no Go either."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dsgen-peers"
    found = shutil.which(name) or shutil.which(name, path=str(home))
    if found is None and shutil.which("go"):
        print(f"installing {PACKAGES[name]}", flush=True)
        subprocess.run(["go", "install", PACKAGES[name]], env={**os.environ, "GOBIN": str(home)}, check=True)
        found = shutil.which(name, path=str(home))
    return found
