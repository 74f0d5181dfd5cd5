"""Compares what dsgen says of mutants of custom resources with the API server's own code for them, and prints where they differ.

    python -m conformance.custom                              500 mutants of each kind, by the schema and its rules in CEL
    python -m conformance.custom --seed 7 --count 2000 HTTPRoute
    python -m conformance.custom --minor 1.34 Certificate
    python -m conformance.custom --record                     records what the server says of mutants of our own kinds, for the tests

A mutant for which dsgen does not evaluate all of the schema is not compared: its share is printed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from conformance.case import Case, manifest
from conformance.compare import share, show
from conformance.custom import OWN, RULED, SOURCES, definition, schema_of, seed, written
from conformance.custom.mutants import mutants
from conformance.custom.outcomes import of_answer, outcome
from conformance.kubernetes_module import NEWEST
from conformance.oracle import Question, ask
from conformance.outcome import Outcome, same_findings
from conformance.record import Recorded, save


class Compared(NamedTuple):
    """A mutant, and what both say of it."""

    case: Case
    server: Outcome
    ours: Outcome
    evaluated: bool


def compared(kind: str, count: int, seed_of_run: int, minor: str) -> list[Compared]:
    """Return mutants of a kind with both verdicts."""
    cases = list(mutants(kind, seed(kind), schema_of(kind), count, Random(f"{seed_of_run} {kind}")))
    texts = [manifest(seed(kind), case.edits) for case in cases]
    with TemporaryDirectory() as folder:
        file = written(definition(kind), Path(folder, f"{kind}.json"))
        answers = list(ask((Question(text) for text in texts), minor, definitions=[file]))
    found = []
    for case, text, answer in zip(cases, texts, answers, strict=True):
        ours, evaluated = outcome(text, kind, minor)
        found.append(Compared(case, of_answer(answer), ours, evaluated))
    return found


def report(kind: str, found: list[Compared]) -> list[Compared]:
    """Print the figures, and where both differ; return the latter."""
    known = [one for one in found if one.evaluated]
    refused = [one for one in known if one.server.verdict == "refused"]
    other = [one for one in known if one.server.verdict != one.ours.verdict]
    differing = [one for one in known if one in other or not same_findings(one.server, one.ours)]
    same = len(refused) - len([one for one in differing if one.server.verdict == "refused"])
    print(f"{kind}: {len(found)} mutants, evaluated {share(len(known), len(found))}")
    print(f"  verdict: {share(len(known) - len(other), len(known))}")
    print(
        f"  kinds and fields of the refused: {share(same, len(refused))}; by the stage {dict(Counter(one.server.stage for one in refused))}"
    )
    for one in differing[:12]:
        print(
            f"  {' + '.join(one.case.tags)}: {str(one.case.edits)[:300]}\n    server: {show(one.server)}\n    dsgen:  {show(one.ours)}"
        )
    return differing


def main() -> int:
    """Compare and print; return 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", default=list(SOURCES))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--minor", default=NEWEST)
    parser.add_argument("--record", action="store_true")
    chosen = parser.parse_args()
    if chosen.record:
        for kind in [kind for kind in (OWN, RULED) if kind in chosen.kinds]:
            found = compared(kind, chosen.count, chosen.seed, chosen.minor)
            recorded = [Recorded(one.case, one.server, {kind: seed(kind)}) for one in found if one.evaluated]
            print(save(recorded, chosen.minor, kind, {kind: seed(kind)}))
        return 0
    differing = 0
    for kind in chosen.kinds:
        differing += len(report(kind, compared(kind, chosen.count, chosen.seed, chosen.minor)))
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
