"""Compares what dsgen says of pairs of DaemonSets with Kubernetes' own code on fresh cases; `--record` keeps them for the tests.

python -m conformance.pods.pairs --seed 7 --count 2000 [--minor 1.34] [--record]

Of each pair it is asked whether the API server keeps the same of both, and the same pod template, and whether it lets the
one replace the other.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from random import Random
from typing import Any, Final, NamedTuple

from conformance import oracle
from conformance.case import Case, Json, clone, manifest
from conformance.generate import cases
from conformance.kubernetes_module import NEWEST
from conformance.mutations import every_row
from conformance.mutations.row import apply
from conformance.pods import ask, compare_and_print, load
from conformance.seeds import bases
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.update_effect import replacement
from dsgen.tree import Map

FILE: Final = "pairs.jsonl.xz"


class Pair(NamedTuple):
    """A base and the edits that make the old and the new object of it; what Kubernetes says of them."""

    base: str
    old: list[Json]
    new: list[Json]
    same: bool
    same_template: bool
    accepted: bool

    def texts(self) -> tuple[str, str]:
        """Return the old and the new manifest."""
        base = bases()[self.base]
        return manifest(base, tuple(map(tuple, self.old))), manifest(base, tuple(map(tuple, self.new)))


def _candidates(seed: int, count: int) -> Iterator[Case]:
    """Yield updates: from one valid value of a field to another, to what means the same, or to the selector of another."""
    rng = Random(seed)
    rows = [row for row in every_row() if not row.updates]
    trees = bases()
    small = [name for name in trees if name.startswith("small")]
    for case in cases(seed, count):
        if case.old is not None:
            yield case
            continue
        base = rng.choice(small if rng.random() < 0.7 else list(trees))
        row = rng.choices(rows, [each.weight for each in rows])[0]
        state = rng.getstate()
        edits: list[tuple[Any, ...]] = []
        for again in (rng.random() < 0.3, False):
            if again:
                rng.setstate(state)
            edits.append(tuple(apply(clone(trees[base]), row.draw(rng, rng.random() < 0.9), rng)))
        yield Case(base, (row.tag,), edits[0], () if rng.random() < 0.3 else edits[1])


def record(seed: int, count: int, minor: str) -> list[Pair]:
    """Return pairs of which the old object is accepted, with Kubernetes' answers."""
    made = list(_candidates(seed, count))
    texts = [(case.texts(bases())) for case in made]
    before = oracle.ask((oracle.Question(old or "") for _, old in texts), minor)
    kept = [(case, pair) for case, pair, answer in zip(made, texts, before, strict=True) if answer.accepted]
    same = ask(({"yaml": new, "old": old} for _, (new, old) in kept), minor)
    accepted = oracle.ask((oracle.Question(new, old) for _, (new, old) in kept), minor)
    return [
        Pair(case.base, list(case.old or ()), list(case.edits), one["same"], one["sameTemplate"], other.accepted)
        for (case, _), one, other in zip(kept, same, accepted, strict=True)
        if "error" not in one
    ]


def differences(pairs: list[Pair], minor: str = NEWEST) -> list[str]:
    """Return where dsgen and Kubernetes differ."""
    wrong = []
    for pair in pairs:
        old, new = (read_first(text).root for text in pair.texts())
        assert isinstance(old, Map)
        assert isinstance(new, Map)
        said = replacement(old, new, minor)
        refused = said.outcome in ("refused", "recreated")
        ours = (not said.changes, said.same_template, not refused)
        theirs = (pair.same, pair.same_template, pair.accepted)
        if ours != theirs and (pair.accepted or not refused):
            wrong.append(
                f"{pair.base}\n  old: {pair.old}\n  new: {pair.new}\n  Kubernetes: {theirs}\n  dsgen:      {ours} {said.changes[:3]}"
            )
    return wrong


def recorded() -> list[Pair]:
    """Return the pairs under tests/, with Kubernetes' answers."""
    return [Pair(*line) for line in load(FILE)]


def main() -> int:
    """Compare and print; return 1 when something differs."""
    return compare_and_print(__doc__, 2000, FILE, record, differences, _summary)


def _summary(pairs: list[Pair]) -> str:
    counted = [
        sum(each) for each in zip(*((pair.same, pair.same_template, pair.accepted) for pair in pairs), strict=True)
    ]
    said = "{} mean the same, {} have the same template, {} are accepted".format(*counted)
    return f"{len(pairs)} pairs, of which {said}"


if __name__ == "__main__":
    sys.exit(main())
