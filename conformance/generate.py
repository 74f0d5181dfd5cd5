"""Cases by seed: valid objects, and what single mutations and several together make of them.

python -m conformance.generate --seed 7 --count 3      prints cases, one manifest after the other
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import islice
from random import Random
from typing import Final

from conformance.case import TREE_EDITS, Case, Edit, Json, clone
from conformance.expressions import are_known
from conformance.mutations import every_row
from conformance.mutations.row import Row, apply
from conformance.seeds import bases
from conformance.spelling import spelt
from conformance.structure import structural
from conformance.typed import typed
from conformance.wild import wild


def cases(
    seed: int, count: int, focus: Collection[str] = (), without: Collection[str] = (), kind: str = "DaemonSet"
) -> Iterator[Case]:
    """Yield `count` cases of a kind. The same seed gives the same ones; `focus` names mutations, to be used alone;
    `without` names bases that are left out.
    """
    rng = Random(seed)
    trees = {name: tree for name, tree in bases(kind).items() if name not in without}
    small = [name for name in trees if name.startswith("small")]
    rows = [row for row in every_row(kind) if (row.tag in focus if focus else not row.updates)]
    weights = [1 if focus else row.weight for row in rows]

    def made() -> Iterator[Case]:
        while True:
            base = rng.choice(small if rng.random() < 0.5 else list(trees))
            if focus:
                yield single(base, trees, rng, rows, weights)
            else:
                maker = rng.choices([make for make, _ in MAKERS], [share for _, share in MAKERS])[0]
                yield maker(base, trees, rng, rows, weights)

    yield from islice((case for case in made() if are_known(case, kind)), count)


Maker = Callable[[str, Mapping[str, Json], Random, list[Row], list[float]], Case]


def single(base: str, trees: Mapping[str, Json], rng: Random, rows: list[Row], weights: list[float]) -> Case:
    """Return a base with one mutation aimed at a rule; for a rule of updates, the old object too."""
    row = rng.choices(rows, weights)[0]
    change = row.draw(rng, rng.random() < 0.5)
    edits = apply(clone(trees[base]), change, rng)
    old = tuple(apply(clone(trees[base]), change["old"], rng)) if row.updates else None
    return Case(base, (row.tag,), tuple(edits), old)


def several(base: str, trees: Mapping[str, Json], rng: Random, rows: list[Row], weights: list[float]) -> Case:
    """Return a base with two to five mutations, in half of the cases all of them meant to pass."""
    tree = clone(trees[base])
    passing = rng.random() < 0.85
    edits: list[Edit] = []
    chosen = rng.choices(rows, weights, k=rng.randint(2, 5))
    for row in chosen:
        edits += apply(tree, row.draw(rng, passing or rng.random() < 0.5), rng)
    return Case(base, tuple(row.tag for row in chosen), tuple(edits))


def structured(base: str, trees: Mapping[str, Json], rng: Random, rows: list[Row], weights: list[float]) -> Case:
    """Return a base, or one with a mutation that should pass, with one or two structural mutations."""
    tree = clone(trees[base])
    edits: list[Edit] = []
    if rng.random() < 0.3:
        edits = apply(tree, rng.choices(rows, weights)[0].draw(rng, True), rng)
    tags = []
    for _ in range(1 if rng.random() < 0.9 else 2):
        name, made = structural(tree, rng)
        tags.append(name)
        for edit in clone(made):
            edits.append(clone(edit))
            TREE_EDITS[edit[0]](tree, *edit[1:])
        if any(edit[0] == "twice" for edit in made):
            break
    return Case(base, tuple(tags), tuple(edits))


def updated(base: str, trees: Mapping[str, Json], rng: Random, rows: list[Row], weights: list[float]) -> Case:
    """Return an update: one aimed at a rule of updates, or from one value of a field to another."""
    if rng.random() < 0.7:
        aimed = [row for row in every_row(trees[base]["kind"]) if row.updates]
        return single(base, trees, rng, aimed, [row.weight for row in aimed])
    row = rng.choices(rows, weights)[0]
    old, new = (tuple(apply(clone(trees[base]), row.draw(rng, rng.random() < 0.5), rng)) for _ in range(2))
    return Case(base, ("update", row.tag), new, old)


def written(base: str, trees: Mapping[str, Json], rng: Random, rows: list[Row], weights: list[float]) -> Case:
    """Return a base with one mutation of spelling."""
    name, edits = spelt(trees[base], rng)
    return Case(base, (f"yaml-{name}",), tuple(edits))


def strayed(base: str, trees: Mapping[str, Json], rng: Random, rows: list[Row], weights: list[float]) -> Case:
    """Return a base with one mutation that knows no rule."""
    name, edits = wild(trees[base], rng, trees)
    return Case(base, (name,), tuple(edits))


def typed_at_random(base: str, trees: Mapping[str, Json], rng: Random, rows: list[Row], weights: list[float]) -> Case:
    """Return a base with one to three mutations that know the types of all fields."""
    tree = clone(trees[base])
    tags, edits = [], []
    for _ in range(rng.choice((1, 1, 2, 3))):
        name, made = typed(tree, trees[base]["kind"], rng)
        tags.append(name)
        for edit in clone(made):
            edits.append(clone(edit))
            TREE_EDITS[edit[0]](tree, *edit[1:])
    return Case(base, tuple(tags), tuple(edits))


def of_another_kind(base: str, trees: Mapping[str, Json], rng: Random, rows: list[Row], weights: list[float]) -> Case:
    """Return a base that says it is of another kind, or of another version."""
    kinds = [row for row in every_row() if row.tag in ("kind", "kind-pair")]
    return single(base, trees, rng, kinds, [row.weight for row in kinds])


def untouched(base: str, trees: Mapping[str, Json], rng: Random, rows: list[Row], weights: list[float]) -> Case:
    """Return the base itself."""
    return Case(base, ("base",))


MAKERS: Final[tuple[tuple[Maker, float], ...]] = (
    (single, 33),
    (several, 25),
    (structured, 24),
    (written, 16),
    (updated, 4),
    (strayed, 10),
    (typed_at_random, 12),
    (of_another_kind, 12),
    (untouched, 0.5),
)


def main() -> None:
    """Print some cases."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--kind", default="DaemonSet")
    chosen = parser.parse_args()
    trees = bases(chosen.kind)
    for case in cases(chosen.seed, chosen.count, kind=chosen.kind):
        print(f"--- # {case.base}: {', '.join(case.tags)}")
        print(case.texts(trees)[0], end="")


if __name__ == "__main__":
    main()
