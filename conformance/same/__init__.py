"""Whether two manifests are one object to Kubernetes, by its own code: a small Go program."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from conformance import kubernetes_module


def same(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return for each pair of manifests an empty text where they are one object, or else why not."""
    program = kubernetes_module.build(Path(__file__).parent, "same")
    answers = kubernetes_module.ask([program], ({"one": one, "other": other} for one, other in pairs))
    return ["" if said["same"] else said.get("reason", "they differ") for said in answers]
