"""Shows that each rule of the catalogue does something: without it, at least one recorded case gets another answer.

    python -m conformance.without_each_rule             all rules
    python -m conformance.without_each_rule Secret      those for objects of some kinds

Counts too in how many recorded cases each rule speaks, and how many it narrowly passes: accepted cases that a mutation
made which else breaks this very rule.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import product

from conformance.coverage import ENOUGH, Coverage, own_rules
from conformance.dsgen_outcome import JUDGED, judge
from conformance.kubernetes_module import NEWEST, VERSIONS
from conformance.outcome import same_findings
from conformance.record import Recorded, load
from dsgen.kubernetes.validation import walk
from dsgen.kubernetes.validation.rule import RULES, Rule


def missed_without(rule: Rule, cases: Iterable[tuple[str, Recorded]]) -> bool:
    """Tell whether one of the cases, each with its minor, gets another answer when `rule` is not there."""
    place = RULES.index(rule)
    RULES.remove(rule)
    forget()
    try:
        return any(differs(one, minor) for minor, one in cases)
    finally:
        RULES.insert(place, rule)
        forget()


def differs(one: Recorded, minor: str) -> bool:
    """Tell whether dsgen's answer to a case is not the recorded one."""
    ours = judge(one.text, minor, one.old)
    return not same_findings(one.outcome, ours) or (one.outcome.accepted and one.outcome.warnings != ours.warnings)


def forget() -> None:
    """Make the engine look at the catalogue again."""
    walk.catalogue.cache_clear()
    walk.plan_for.cache_clear()


def main() -> int:
    """Print the figures, and the rules that fall short; 1 when a rule does nothing."""
    kinds = sys.argv[1:] or list(JUDGED)
    records = product(VERSIONS, kinds)
    covered = {(minor, kind): Coverage.of(load(minor, kind), minor, kind) for minor, kind in records}
    idle, few = [], []
    rules = [rule for rule in walk.catalogue() if any(rule in own_rules(kind) for kind in kinds)]
    for rule in rules:
        holds = [(minor, coverage) for (minor, _), coverage in covered.items() if rule.holds(minor)]
        cases = [(minor, one) for minor, coverage in holds for one in coverage.spoken[rule.code]]
        if not missed_without(rule, cases):
            idle.append(rule.code)
        last = NEWEST if rule.holds(NEWEST) else rule.until
        newest = [coverage for minor, coverage in holds if minor == last]
        spoken = sum(len(coverage.spoken[rule.code]) for coverage in newest)
        passed = sum(coverage.passed(rule.code) for coverage in newest)
        if spoken < ENOUGH or passed < ENOUGH:
            few.append(f"{rule.code}: speaks in {spoken}, narrowly passes {passed}")
    print(f"{len(rules)} rules; {len(rules) - len(idle)} are missed when they are gone")
    print(f"{len(rules) - len(few)} of them speak in {ENOUGH} recorded cases or more, and narrowly pass as many")
    print("\n".join(["Missed by nobody:", *idle] if idle else []))
    print("\n".join(["With few cases:", *few] if few else []))
    return 1 if idle else 0


if __name__ == "__main__":
    sys.exit(main())
