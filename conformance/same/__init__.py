"""Whether two manifests are one object to Kubernetes, and what it stores of one, by its own code: a small Go program."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from conformance import kubernetes_module
from conformance.kubernetes_module import NEWEST


def same(pairs: Iterable[tuple[str, str]], minor: str = NEWEST) -> list[str]:
    """Return for each pair of manifests an empty text where they are one object, or else why not."""
    program = kubernetes_module.build(Path(__file__).parent, "same", minor)
    answers = kubernetes_module.ask([program], ({"one": one, "other": other} for one, other in pairs))
    return ["" if said["same"] else said.get("reason") or "they differ" for said in answers]


def stored(texts: Iterable[str], minor: str = NEWEST) -> list[Any]:
    """Return the object that the API server stores of each manifest, and None of one that it does not store."""
    program = kubernetes_module.build(Path(__file__).parent, "same", minor)
    return [said.get("stored") for said in kubernetes_module.ask([program], ({"one": text} for text in texts))]
