"""Chooses few cases of the record that show both sides of every rule: what `make test` looks at.

    python -m conformance.sample

For each rule, in the newest minor that it holds in, one case in which a mutation breaks it and that gets another answer without
it, and one that the same mutation made and that is accepted. And of each mutation whose verdict differs from minor to minor,
one case on each side in the others, and each that makes a DaemonSet an object of another kind.

tests/verdicts/sample.json holds the numbers of the cases in each record.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Final

from conformance.coverage import Coverage, own_rules
from conformance.dsgen_outcome import JUDGED
from conformance.kubernetes_module import VERSIONS
from conformance.record import FOLDER, Recorded, load
from conformance.recording import VERSIONED
from conformance.without_each_rule import missed_without
from dsgen.kubernetes.validation.rule import Rule
from dsgen.kubernetes.validation.walk import catalogue

FILE: Final = FOLDER / "sample.json"
# Rules in scopes that several kinds have, which speak in one of them only.
ONLY_IN: Final = {"invalid-ephemeral-claim-name": "Pod", "unprefixed-finalizer": "PodMonitor"}
# Mutations that make an object of another kind, each to be looked at.
KIND: Final = ("kind", "kind-pair")


def chosen(minor: str, kind: str) -> list[Recorded]:
    """Return the chosen cases of the record of `minor` and `kind`."""
    numbers = json.loads(FILE.read_text())
    return load(minor, kind, numbers.get(f"{minor} {kind}", []))


def last_minor(rule: Rule) -> str:
    """Return the newest minor in which a rule holds."""
    return next(minor for minor in reversed(VERSIONS) if rule.holds(minor))


def both_sides(rule: Rule, cases: list[Recorded], covered: Coverage) -> Iterator[int]:
    """Yield the numbers of two cases of one mutation, one that the rule refuses and one that is accepted.

    The first misses the rule when it is gone; where each such case misses others too, one of several mutations that does
    follows as the third.
    """
    numbers = {id(one): number for number, one in enumerate(cases)}
    minor = last_minor(rule)
    accepted = {one.case.tags[0]: one for one in reversed(cases) if one.outcome.accepted and len(one.case.tags) == 1}
    aimed = accepted.keys() & set(covered.mutations(rule.code))
    broken = [one for one in covered.spoken[rule.code] if len(one.case.tags) == 1 and one.case.tags[0] in aimed]
    missed = (one for one in [*broken, *covered.spoken[rule.code]] if missed_without(rule, [(minor, one)]))
    shown = next(missed, None)
    if broken and shown:
        first = shown if any(one is shown for one in broken) else broken[0]
        yield from (numbers[id(one)] for one in (first, accepted[first.case.tags[0]], shown))


def numbers_of(minor: str, kind: str) -> Iterator[int]:
    """Yield the numbers of the cases to choose from the record of `minor` and `kind`."""
    cases = load(minor, kind)
    covered = Coverage.of(cases, minor, kind)
    for rule in [*own_rules(kind), *(rule for rule in catalogue() if ONLY_IN.get(rule.code) == kind)]:
        if last_minor(rule) == minor and covered.spoken[rule.code]:
            yield from both_sides(rule, cases, covered)
    seen = set()
    for number, one in enumerate(cases):
        tag, *others = one.case.tags
        side = (tag, str(one.case.edits) if tag in KIND else one.outcome.stage)
        if tag in (*VERSIONED, *(KIND if kind == "DaemonSet" else ())) and not others and side not in seen:
            seen.add(side)
            yield number


def main() -> None:
    """Choose."""
    sample: dict[str, list[int]] = {}
    for minor, kind in product(VERSIONS, JUDGED):
        numbers = sorted(set(numbers_of(minor, kind)))
        if numbers:
            sample[f"{minor} {kind}"] = numbers
    FILE.write_text(json.dumps(sample, separators=(",", ":")).replace("],", "],\n") + "\n")
    print(f"{sum(map(len, sample.values()))} cases: {FILE}")


if __name__ == "__main__":
    main()
