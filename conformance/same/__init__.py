"""Whether two manifests are one object to Kubernetes, by its own code: a small Go program."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

from conformance import kubernetes_module


def same(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return for each pair of manifests an empty text where they are one object, or else why not."""
    program = kubernetes_module.build(Path(__file__).parent, "same")
    lines = "".join(json.dumps({"one": one, "other": other}) + "\n" for one, other in pairs)
    done = subprocess.run([program], input=lines, check=True, capture_output=True, text=True)
    answers = map(json.loads, done.stdout.splitlines())
    return ["" if said["same"] else said.get("reason", "they differ") for said in answers]
