"""Compares the verdicts of dsgen, kubeconform and kubectl-validate with the API server's own, on the same fresh cases of every kind.

python -m conformance.peers --seed 7 --count 200                         cases of each kind
python -m conformance.peers --kind Service Pod --built-in 1.35           also kubectl-validate with the documents it contains
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from benchmarks.peers import find
from conformance.compare import Compared, compare
from conformance.generate import cases
from conformance.kubernetes_module import NEWEST
from conformance.outcome import Outcome
from conformance.peers import Check, accepted, kubeconform, kubectl_validate
from conformance.seeds import bases
from dsgen.kubernetes.validation.kinds import KINDS

# For each case: what the server says, and whether each validator accepts it.
Row = tuple[Outcome, tuple[bool | None, ...]]


def new_objects(kind: str, seed: int, count: int, minor: str) -> list[Compared]:
    """Return new objects of a kind with the server's verdict and dsgen's. What the server would not validate itself, since it may be
    a custom resource, is left out.
    """
    created = islice((case for case in cases(seed, 3 * count, kind=kind) if case.old is None), count)
    return [one for one in compare(created, bases(kind), minor) if one.server.verdict != "not judged"]


def rows(found: list[Compared], checks: Mapping[str, Check]) -> Iterator[Row]:
    """Yield the verdicts on each object: the server's, dsgen's, and that of each check."""
    ours: list[bool | None] = [one.ours.verdict == "accepted" for one in found]
    columns = [ours, *(list(accepted(check, (one.text for one in found))) for check in checks.values())]
    for one, verdicts in zip(found, zip(*columns, strict=True), strict=True):
        yield one.server, verdicts


def table_row(title: str, found: list[Row]) -> str:
    """Write how often each validator agrees with the server, as a row of a table."""
    refused = sum(not server.accepted for server, _ in found)
    shares = [share([said == server for server, said in pairs]) for pairs in by_validator(found)]
    return " | ".join([f"| {title}", str(len(found)), str(refused), *shares]) + " |"


def by_validator(found: list[Row]) -> list[list[tuple[bool, bool | None]]]:
    """Return for each validator the server's verdicts and its own."""
    columns = zip(*(verdicts for _, verdicts in found), strict=True)
    return [[(server.accepted, said) for (server, _), said in zip(found, column, strict=True)] for column in columns]


def share(agreed: list[bool]) -> str:
    """Write a share as a percentage, never rounded up to 100."""
    part = sum(agreed) / len(agreed) if agreed else 1
    return "100 %" if part == 1 else f"{int(part * 1000) / 10:.1f} %"


def totals(found: list[Row]) -> Iterator[str]:
    """Yield the rows of all kinds together: what the server accepts, what it refuses, and what it refuses after decoding."""
    yield table_row("all", found)
    yield table_row("accepted by the server", [row for row in found if row[0].accepted])
    yield table_row("refused by the server", [row for row in found if not row[0].accepted])
    yield table_row("refused by its rules", [row for row in found if row[0].stage == "validate"])


def program(name: str) -> str:
    """Return the path of a validator; exits without it."""
    return find(name) or sys.exit(f"{name} is neither on the PATH nor can it be installed: there is no Go")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--minor", default=NEWEST)
    parser.add_argument("--kind", nargs="+", default=list(KINDS))
    parser.add_argument("--built-in", metavar="MINOR", help="compare what kubectl-validate contains for MINOR, too")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as schemas, tempfile.TemporaryDirectory() as documents:
        checks = {
            "kubeconform": kubeconform.checker(program("kubeconform"), chosen.minor, Path(schemas)),
            "kubectl-validate": kubectl_validate.checker(program("kubectl-validate"), chosen.minor, Path(documents)),
        }
        if chosen.built_in:
            title = f"kubectl-validate of {chosen.built_in}"
            checks[title] = kubectl_validate.built_in_checker(program("kubectl-validate"), chosen.built_in)
        objects = [new_objects(kind, chosen.seed, chosen.count, chosen.minor) for kind in chosen.kind]
        # All at once, since each run of a program reads the schemas again.
        found = rows([one for each in objects for one in each], checks)
        by_kind = {kind: list(islice(found, len(each))) for kind, each in zip(chosen.kind, objects, strict=True)}
    print(f"| kind | cases | refused | dsgen | {' | '.join(checks)} |\n|{' --- |' * (4 + len(checks))}")
    for kind, of_kind in by_kind.items():
        print(table_row(kind, of_kind))
    print("\n".join(totals([row for of_kind in by_kind.values() for row in of_kind])))


if __name__ == "__main__":
    main()
