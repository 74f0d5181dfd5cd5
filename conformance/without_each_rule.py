"""Shows that each rule of the catalogue does something: without it, at least one recorded case gets another answer.

    python -m conformance.without_each_rule

Counts too how many recorded cases each rule refuses, and how many it narrowly passes: accepted cases that a mutation
made which else breaks this very rule.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from conformance.dsgen_outcome import judge
from conformance.kubernetes_module import VERSIONS
from conformance.mutations import every_row
from conformance.outcome import same_findings
from conformance.record import Recorded, load
from dsgen.kubernetes import verdict
from dsgen.kubernetes.admission import walk
from dsgen.kubernetes.admission.rule import RULES, Rule
from dsgen.kubernetes.manifest import read_first

ENOUGH: Final = 20
# A mutation aims at a rule when the rule speaks in this part of the cases that the mutation alone got refused.
AIMED: Final = 0.15
Case = tuple[str, Recorded]


def fired(cases: Iterable[Case]) -> dict[str, list[Case]]:
    """Return for each code of a rule the cases in which it finds something."""
    found: dict[str, list[Case]] = defaultdict(list)
    for minor, one in cases:
        if one.outcome.stage in ("", "validate"):
            for code in {problem.code for problem in verdict.judge(read_first(one.text).root, minor)}:
                found[code].append((minor, one))
    return found


def missed_without(rule: Rule, cases: Iterable[Case]) -> Case | None:
    """Return a case that gets another answer when `rule` is not there."""
    place = RULES.index(rule)
    RULES.remove(rule)
    forget()
    try:
        for minor, one in cases:
            ours = judge(one.text, minor)
            if not same_findings(one.outcome, ours) or (one.outcome.accepted and one.outcome.warnings != ours.warnings):
                return minor, one
        return None
    finally:
        RULES.insert(place, rule)
        forget()


def forget() -> None:
    """Make the engine look at the catalogue again."""
    walk.catalogue.cache_clear()
    walk.plan_for.cache_clear()


def narrowly_passed(found: dict[str, list[Case]], cases: list[Case]) -> Counter[str]:
    """Return for each rule how many accepted cases come from a mutation that aims at it."""
    rows = {row.tag for row in every_row()}
    alone: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    for _, one in cases:
        for tag in set(one.case.tags) & rows:
            accepted[tag] += one.outcome.accepted
            alone[tag] += one.outcome.stage == "validate" and len(one.case.tags) == 1
    passed: Counter[str] = Counter()
    for code, hits in found.items():
        tags = Counter(one.case.tags[0] for _, one in hits if len(one.case.tags) == 1)
        passed[code] = sum(
            accepted[tag] for tag, count in tags.items() if tag in rows and count >= AIMED * max(alone[tag], 1)
        )
    return passed


def main() -> int:
    """Print a line a rule; 1 when one of them does nothing."""
    cases = [(minor, one) for minor in VERSIONS for one in load(minor)]
    found = fired(cases)
    passed = narrowly_passed(found, cases)
    idle, few = [], []
    for rule in RULES:
        hits = [(minor, one) for minor, one in found[rule.code] if rule.holds(minor)]
        if missed_without(rule, hits) is None:
            idle.append(rule.code)
        if len(hits) < ENOUGH or passed[rule.code] < ENOUGH:
            few.append(f"{rule.code}: {len(hits)} found, {passed[rule.code]} narrowly passed")
    print(
        f"{len(RULES)} rules; {len(RULES) - len(idle)} are missed when they are gone; {len(RULES) - len(few)} speak in {ENOUGH} cases and narrowly pass {ENOUGH}"
    )
    print("\n".join(["Missed by nobody:", *idle] if idle else []))
    print("\n".join(["With few cases:", *few] if few else []))
    return 1 if idle else 0


if __name__ == "__main__":
    sys.exit(main())
