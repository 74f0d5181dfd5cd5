"""Compares what dsgen says of expressions with Kubernetes' own environment for CEL, and prints where they differ.

    python -m conformance.cel                      each function and operator, with values at limits
    python -m conformance.cel --minor 1.34 ip cidr
    python -m conformance.cel --record             records what the server says of a few of each, for the tests

An expression that dsgen does not evaluate is not compared: its share is printed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from conformance.cel import Question, ask
from conformance.cel.outcomes import ours, theirs
from conformance.cel.record import Compared, save
from conformance.cel.samples import DATA, GROUPS, samples
from conformance.compare import share
from conformance.kubernetes_module import NEWEST


def main() -> int:
    """Compare and print; return 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="*", default=list(GROUPS))
    parser.add_argument("--minor", default=NEWEST)
    parser.add_argument("--show", type=int, default=12)
    parser.add_argument("--record", action="store_true", help="only if nothing differs")
    chosen = parser.parse_args()
    asked = [(group, source) for group, source in samples() if group in chosen.groups]
    answers = list(ask((Question(source, DATA) for _, source in asked), chosen.minor))
    total: Counter[str] = Counter()
    known: Counter[str] = Counter()
    other: dict[str, list[Compared]] = {group: [] for group in chosen.groups}
    found = []
    for (group, source), answer in zip(asked, answers, strict=True):
        one = Compared(group, source, theirs(answer), ours(source, DATA, chosen.minor))
        found.append(one)
        total[group] += 1
        if one.ours[0] == "unevaluated":
            continue
        known[group] += 1
        if one.ours != one.server:
            other[group].append(one)
    for group, differing in other.items():
        evaluated = share(known[group], total[group])
        print(
            f"{group}: {total[group]} expressions, evaluated {evaluated}, same {share(known[group] - len(differing), known[group])}"
        )
        for one in differing[: chosen.show]:
            print(f"  {one.source}\n    server: {one.server}\n    dsgen:  {one.ours}")
    differs = any(other.values())
    if chosen.record and not differs:
        print(save(found, chosen.minor))
    return int(differs)


if __name__ == "__main__":
    sys.exit(main())
