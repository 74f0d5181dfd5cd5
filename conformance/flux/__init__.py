"""Flux's substitution of variables: a small Go program around its own envsubst."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from conformance import kubernetes_module

_MODULE: Final = "module conformance\n\ngo 1.24\n\nrequire github.com/fluxcd/pkg/envsubst v1.7.0\n"


def substituted(texts: Sequence[str]) -> list[str | None]:
    """Return what Flux makes of each text, where each variable has the value `<NAME>`; None where it refuses the text."""
    program = kubernetes_module.build(Path(__file__).parent, "flux", module=_MODULE)
    return [answer["text"] if answer["ok"] else None for answer in kubernetes_module.ask([program], texts)]
