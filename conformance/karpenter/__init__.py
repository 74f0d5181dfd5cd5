"""What Karpenter reserves for DaemonSets on new nodes, by its own code: a small Go program around its packages.

python -m conformance.karpenter --seed 7 --count 300    fresh agents on 20 instance types
With `--record`, a few are written under tests/verdicts with Karpenter's answers.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from conformance import kubernetes_module

VERSION: Final = "1.15.0"
MODULE: Final = "sigs.k8s.io/karpenter"
# The oldest Go that its code needs. Its go.mod asks for the newest patch release.
GO: Final = "1.26.0"


def build() -> Path:
    """Return the program, built when need be; raises CalledProcessError when Go fails."""
    theirs = kubernetes_module.folder(f"{MODULE}@v{VERSION}")
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    copy = Path(home, "dsgen-karpenter", f"module-{VERSION}")
    if not (copy / "go.mod").exists():
        shutil.copytree(theirs / "pkg", copy / "pkg", dirs_exist_ok=True, copy_function=shutil.copyfile)
        shutil.copyfile(theirs / "go.sum", copy / "go.sum")
        stated = (theirs / "go.mod").read_text(encoding="utf-8")
        (copy / "go.mod").write_text(re.sub("(?m)^go .*$", f"go {GO}", stated), encoding="utf-8")
    module = f"module conformance\n\ngo {GO}\n\nrequire {MODULE} v{VERSION}\n\nreplace {MODULE} => {copy}\n"
    return kubernetes_module.build(Path(__file__).parent, "karpenter", VERSION, module)


def ask(questions: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, str]]]:
    """Yield what is reserved for each instance type, for each question."""
    yield from kubernetes_module.ask([build()], questions)
