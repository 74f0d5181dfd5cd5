"""Which rules of dsgen's catalogue a case is about: those that speak in it, and those that it narrowly passes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from conformance.case import TEMPLATES
from conformance.mutations import every_row
from conformance.record import Recorded
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.validate import validate, validate_update
from dsgen.kubernetes.validation.kinds import KINDS
from dsgen.kubernetes.validation.rule import Rule
from dsgen.kubernetes.validation.scopes import children
from dsgen.kubernetes.validation.walk import catalogue, rules_of
from scripts.make_rule_modules import of_pods, reachable

ENOUGH: Final = 20


def own_rules(kind: str) -> list[Rule]:
    """Return the rules for objects of a kind; those of pods are a DaemonSet's, and no other kind's own. A custom kind has none."""
    if kind not in KINDS:
        return []
    parts = children(rule.scope for rule in catalogue())
    scopes = reachable(kind, parts)
    if kind in TEMPLATES and kind != "DaemonSet":
        scopes -= of_pods(parts)
    return [rule for rule in rules_of(KINDS[kind]) if rule.scope in scopes]


def speaking(one: Recorded, minor: str) -> set[str]:
    """Return the codes of the rules that find something in a case."""
    if one.outcome.stage not in ("", "validate"):
        return set()
    codes = {rule.code for rule in catalogue()}
    new = read_first(one.text).root
    problems = validate(new, minor) if one.old is None else validate_update(read_first(one.old).root, new, minor)
    return {problem.code for problem in problems} & codes


@dataclass
class Coverage:
    """The cases in which each rule speaks, and for each mutation the cases that are accepted and the rules that it breaks."""

    kind: str = "DaemonSet"
    spoken: dict[str, list[Recorded]] = field(default_factory=lambda: defaultdict(list))
    accepted: Counter[str] = field(default_factory=Counter)
    broken: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @classmethod
    def of(cls, cases: Iterable[Recorded], minor: str, kind: str = "DaemonSet") -> Coverage:
        """Return what `cases` of a kind cover."""
        covered = cls(kind)
        for one in cases:
            covered.add(one, speaking(one, minor))
        return covered

    def add(self, one: Recorded, codes: set[str]) -> None:
        """Count a case."""
        for code in codes:
            self.spoken[code].append(one)
        if one.outcome.accepted:
            self.accepted.update(set(one.case.tags))
        if len(one.case.tags) == 1:
            self.broken[one.case.tags[0]].update(codes)

    def mutations(self, code: str) -> list[str]:
        """Return the mutations that aim at a rule: those that break it by themselves."""
        return [row.tag for row in every_row(self.kind) if self.broken[row.tag][code]]

    def passed(self, code: str) -> int:
        """Count the cases that a rule narrowly passes: accepted ones, made by a mutation that else breaks it."""
        return sum(self.accepted[tag] for tag in set(self.mutations(code)))
