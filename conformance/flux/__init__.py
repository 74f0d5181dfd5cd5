"""Flux's substitution of variables: a small Go program around its own envsubst."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from conformance import kubernetes_module

_MODULE: Final = "module flux\n\ngo 1.24\n\nrequire github.com/fluxcd/pkg/envsubst v1.7.0\n"


def substituted(texts: Sequence[str]) -> list[str | None]:
    """Return what Flux makes of each text, where each variable has the value `<NAME>`; None where it refuses the text."""
    program = kubernetes_module.build(Path(__file__).parent, "flux", module=_MODULE)
    lines = "".join(f"{json.dumps(text)}\n" for text in texts)
    done = subprocess.run([program], input=lines, check=True, capture_output=True, encoding="utf-8")
    answers = map(json.loads, done.stdout.splitlines())
    return [answer["text"] if answer["ok"] else None for answer in answers]
