"""What becomes of a DaemonSet's pods, by Kubernetes' own code: a small Go program, one for each minor.

python -m conformance.pods.levels --seed 7 --count 2000         Pod Security Standards, fresh cases
python -m conformance.pods.placements --seed 7 --count 20       the DaemonSet controller's decisions, fresh cases
python -m conformance.pods.pairs --seed 7 --count 2000          what is the same of two DaemonSets, fresh cases
With `--record`, the cases are written under tests/verdicts with Kubernetes' answers.
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

from conformance import kubernetes_module
from conformance.kubernetes_module import NEWEST

FOLDER: Final = Path(__file__).parent.parent.parent / "tests" / "verdicts"
T = TypeVar("T")


def build(minor: str = NEWEST) -> Path:
    """Return the program for `minor`, built when need be; raises CalledProcessError when Go fails."""
    return kubernetes_module.build(Path(__file__).parent, "pods", minor)


def ask(questions: Iterable[dict[str, Any]], minor: str = NEWEST) -> Iterator[dict[str, Any]]:
    """Yield the answer to each question, in order."""
    yield from kubernetes_module.ask([build(minor)], questions)


def save(lines: Iterable[Any], file: str) -> None:
    """Write values under tests/verdicts, one a line, compressed."""
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    (FOLDER / file).write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def load(file: str) -> list[Any]:
    """Return the values that `save` wrote."""
    return [json.loads(line) for line in lzma.decompress((FOLDER / file).read_bytes()).decode().splitlines()]


def compare_and_print(
    about: str,
    count: int,
    file: str,
    record: Callable[[int, int, str], list[T]],
    differences: Callable[[list[T], str], list[str]],
    summary: Callable[[list[T]], str],
) -> int:
    """Compare fresh cases of the seed and the number that the command line states, and print; return 1 when something differs.

    With `--record`, they are kept in `file`.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=count)
    parser.add_argument("--minor", default=NEWEST)
    parser.add_argument("--record", action="store_true")
    chosen = parser.parse_args()
    made = record(chosen.seed, chosen.count, chosen.minor)
    wrong = differences(made, chosen.minor)
    print("\n".join([*wrong[:10], f"{summary(made)}; {len(wrong)} differ"]))
    if chosen.record:
        save(made, file)
    return bool(wrong)
