"""Server-side apply: a small Go program around Kubernetes' own schema and its merging of lists."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from conformance import kubernetes_module
from conformance.kubernetes_module import NEWEST, VERSIONS

_MODULE: Final = (
    "module conformance\n\ngo 1.26.0\n\nrequire (\n\tk8s.io/apimachinery v0.{patch}\n\tk8s.io/client-go v0.{patch}\n)\n"
)


def refused(texts: Sequence[str], minor: str = NEWEST) -> list[list[str]]:
    """Return for each manifest why server-side apply cannot merge it; nothing where it can."""
    module = _MODULE.format(patch=VERSIONS[minor].removeprefix("1."))
    program = kubernetes_module.build(Path(__file__).parent, "apply", minor, module)
    return list(kubernetes_module.ask([program], texts))
