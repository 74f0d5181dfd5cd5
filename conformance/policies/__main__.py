"""Compares what dsgen says by policies with the API server's own admission plugin, and prints where they differ.

    python -m conformance.policies                            all policies of ours, 200 objects
    python -m conformance.policies limits parameter --seed 7 --count 1000
    python -m conformance.policies --minor 1.34
    python -m conformance.policies --record                   records what the server says, for the tests

An object for which dsgen does not evaluate all of a policy is not compared: the share evaluated is printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from conformance.compare import share
from conformance.kubernetes_module import NEWEST, VERSIONS
from conformance.policies import Said, ask
from conformance.policies.objects import objects
from conformance.policies.outcome import Ours, is_same, known, outcome
from conformance.policies.setups import Setup, setups
from dsgen.kubernetes.manifest import read_first

RECORD: Final = Path(__file__).parent.parent.parent / "tests" / "kubernetes" / "policies" / "recorded.json"


class Compared(NamedTuple):
    """An object, and what both say of it by a policy."""

    text: str
    server: Said
    ours: Ours


def compared(setup: Setup, texts: list[str], answers: list[Said], minor: str = NEWEST) -> Iterator[Compared]:
    """Yield the objects that the server would accept without policies, with both verdicts."""
    cluster = known(setup.text)
    for text, answer in zip(texts, answers, strict=True):
        if not answer.invalid:
            yield Compared(text, answer, outcome(cluster, read_first(text).root, minor))


def report(setup: Setup, found: list[Compared], minor: str = NEWEST) -> tuple[int, int]:
    """Print how many are evaluated, and where both differ; return how many are evaluated, and how many of these are the same."""
    evaluated = [each for each in found if each.ours.is_evaluated]
    differing = [each for each in evaluated if not is_same(each.server, each.ours, minor)]
    denied = sum(bool(each.server.refused) for each in evaluated)
    print(
        f"{setup.name}: evaluated {share(len(evaluated), len(found))}, denied {denied}, the same {share(len(evaluated) - len(differing), len(evaluated))}"
    )
    for each in differing[:3]:
        root = read_first(each.text).root
        print(f"  {root['kind']} {root.map('metadata').get('name')}")
        print(f"    server: {each.server.refused!r} {each.server.reason} {each.server.warnings} {each.server.audit}")
        print(f"    dsgen:  {each.ours}")
    for why in sorted({why for each in found for why in each.ours.gaps})[:2]:
        print(f"  not evaluated: {why[:200]}")
    return len(evaluated), len(evaluated) - len(differing)


def record(found: list[tuple[Setup, list[Compared]]], each_of: int) -> None:
    """Write a few answers of each policy: those that admit an object, and those that do not."""
    rows: list[Any] = []
    texts: dict[str, int] = {}
    for setup, all_of in found:
        evaluated = [each for each in all_of if each.ours.is_evaluated]
        silent = [each for each in evaluated if not (each.server.refused or each.server.warnings or each.server.audit)]
        loud = [each for each in evaluated if each not in silent]
        chosen = [*silent[:each_of], *loud[:each_of]]
        answers = [
            [
                texts.setdefault(each.text, len(texts)),
                each.server.refused,
                each.server.reason,
                each.server.warnings,
                each.server.audit,
            ]
            for each in chosen
        ]
        rows.append([setup.name, setup.text, answers])
    RECORD.write_text(json.dumps({"objects": list(texts), "policies": rows}, indent=0) + "\n", encoding="utf-8")
    print(f"{RECORD.name}: {sum(len(row[2]) for row in rows)} answers, {RECORD.stat().st_size} bytes")


def main() -> int:
    """Compare and print; return 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--minor", choices=VERSIONS, default=NEWEST)
    parser.add_argument("--record", action="store_true")
    chosen = parser.parse_args()
    texts = objects(chosen.count, chosen.seed, chosen.minor)
    every = [each for each in setups() if not chosen.names or each.name in chosen.names]
    answers = ask(((each.text, texts) for each in every), chosen.minor)
    found = [
        (setup, list(compared(setup, texts, answer, chosen.minor)))
        for setup, answer in zip(every, answers, strict=True)
    ]
    figures = [report(*each, chosen.minor) for each in found]
    evaluated, same = (sum(each[at] for each in figures) for at in (0, 1))
    print(
        f"{len(every)} policies of Kubernetes {chosen.minor}: evaluated {share(evaluated, sum(len(each) for _, each in found))}, the same {share(same, evaluated)}"
    )
    if chosen.record:
        record(found, 3)
    return int(same < evaluated)


if __name__ == "__main__":
    sys.exit(main())
