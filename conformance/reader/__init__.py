"""Kubernetes' own reader of YAML: a small Go program around sigs.k8s.io/yaml, at the version that Kubernetes pins.

python -m conformance.reader      builds it (a minute the first time) into the user's cache
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from conformance import kubernetes_module
from conformance.kubernetes_module import NEWEST


def build() -> Path:
    """Return the reader, built when need be; raises CalledProcessError when Go fails."""
    return kubernetes_module.build(Path(__file__).parent, "reader")


def found() -> Path | None:
    """Return the reader where it was built already."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    program = Path(home, "dsgen-reader", NEWEST, "reader")
    return program if program.is_file() else None


def read(program: Path, text: str) -> Any:
    """Return what Kubernetes reads in `text`; raises ValueError with its reason when it refuses."""
    (said,) = kubernetes_module.ask([program], [{"yaml": text}])
    if "error" in said:
        raise ValueError(said["error"])
    return said["value"]
