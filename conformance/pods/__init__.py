"""What becomes of a DaemonSet's pods, by Kubernetes' own code: a small Go program, one for each minor.

python -m conformance.pods.levels --seed 7 --count 2000         Pod Security Standards, fresh cases
python -m conformance.pods.placements --seed 7 --count 20       the DaemonSet controller's decisions, fresh cases
python -m conformance.pods.pairs --seed 7 --count 2000          what is the same of two DaemonSets, fresh cases
With `--record`, the cases are written under tests/verdicts with Kubernetes' answers.
"""

from __future__ import annotations

import json
import lzma
import subprocess
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from conformance import kubernetes_module
from conformance.kubernetes_module import NEWEST

FOLDER: Final = Path(__file__).parent.parent.parent / "tests" / "verdicts"
BATCH: Final = 500


def build(minor: str = NEWEST) -> Path:
    """Return the program for `minor`, built when need be; raises CalledProcessError when Go fails."""
    return kubernetes_module.build(Path(__file__).parent, "pods", minor)


def ask(questions: Iterable[dict[str, Any]], minor: str = NEWEST) -> Iterator[dict[str, Any]]:
    """Yield the answer to each question, in order."""
    program = build(minor)
    pending = iter(questions)
    while batch := list(islice(pending, BATCH)):
        lines = "".join(json.dumps(question) + "\n" for question in batch)
        done = subprocess.run([program], input=lines, check=True, capture_output=True, text=True)
        yield from map(json.loads, done.stdout.splitlines())


def save(lines: Iterable[Any], file: str) -> None:
    """Write values under tests/verdicts, one a line, compressed."""
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    (FOLDER / file).write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def load(file: str) -> list[Any]:
    """Return the values that `save` wrote."""
    return [json.loads(line) for line in lzma.decompress((FOLDER / file).read_bytes()).decode().splitlines()]
