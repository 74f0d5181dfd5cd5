"""dsgen's verdict is the API server's own on recorded cases: the same answer for the same reasons, at the same fields."""

from __future__ import annotations

from functools import cache
from itertools import cycle

import pytest

from conformance import sample
from conformance.case import Case
from conformance.coverage import Coverage
from conformance.dsgen_outcome import JUDGED, judge
from conformance.kubernetes_module import NEWEST, VERSIONS
from conformance.outcome import Outcome, same_findings
from conformance.record import Recorded, load
from conformance.recording import WANTED, WANTED_OF_COMPANIONS, evened
from conformance.without_each_rule import missed_without
from dsgen.kubernetes.validation import walk
from dsgen.kubernetes.validation.rule import Rule

PARTS = 8
COMPANIONS = [kind for kind in JUDGED if kind != "DaemonSet"]

recorded = cache(load)
chosen = cache(sample.chosen)


def agrees(cases: list[Recorded], minor: str) -> None:
    wrong = []
    for one in cases:
        ours = judge(one.text, minor, one.old)
        if not same_findings(one.outcome, ours) or (one.outcome.accepted and one.outcome.warnings != ours.warnings):
            asked = f"{' + '.join(one.case.tags)} of {one.case.base} {one.case.edits}"
            wrong.append(f"{asked}\n  server: {one.outcome}\n  dsgen:  {ours}")
    assert not wrong, "\n".join(wrong[:5])


@pytest.mark.parametrize("minor", VERSIONS)
def test_agrees_with_the_server_on_both_sides_of_every_rule(minor: str) -> None:
    for kind in JUDGED:
        agrees(chosen(minor, kind), minor)


@cache
def covered() -> list[tuple[str, Coverage]]:
    """Return what the chosen cases cover, by minor and kind."""
    return [(minor, Coverage.of(chosen(minor, kind), minor, kind)) for minor in VERSIONS for kind in JUDGED]


@pytest.mark.long
@pytest.mark.parametrize("rule", walk.catalogue(), ids=lambda rule: rule.code)
def test_the_chosen_cases_show_both_sides(rule: Rule) -> None:
    """Where this fails, choose again: python -m conformance.sample."""
    minor = sample.last_minor(rule)
    newest = [each for held, each in covered() if held == minor]
    spoken = [one for each in newest for one in each.spoken[rule.code]]
    assert missed_without(rule, [(minor, one) for one in spoken])
    assert sum(each.passed(rule.code) for each in newest)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("minor", VERSIONS)
def test_agrees_with_the_server(minor: str, part: int) -> None:
    agrees(recorded(minor)[part::PARTS], minor)


@pytest.mark.long
@pytest.mark.parametrize("kind", COMPANIONS)
@pytest.mark.parametrize("minor", VERSIONS)
def test_agrees_with_the_server_on_other_kinds(minor: str, kind: str) -> None:
    agrees(recorded(minor, kind), minor)


@pytest.mark.parametrize("minor", VERSIONS)
def test_agrees_with_the_server_on_what_a_kind_is(minor: str) -> None:
    """Objects that say they are of another kind, or of another version."""
    cases = [one for one in chosen(minor, "DaemonSet") if one.case.tags[0] in sample.KIND]
    assert len({str(one.case.edits) for one in cases}) >= 90
    assert {one.outcome.verdict for one in cases} >= {"refused", "not judged"}
    agrees(cases, minor)


@pytest.mark.long
@pytest.mark.parametrize("kind", COMPANIONS)
@pytest.mark.parametrize("minor", VERSIONS)
def test_the_record_asks_much_of_other_kinds(minor: str, kind: str) -> None:
    cases = recorded(minor, kind)
    refused = [one for one in cases if not one.outcome.accepted]
    by_rules = sum(one.outcome.stage == "validate" for one in refused)
    assert len(cases) >= WANTED_OF_COMPANIONS[minor]
    assert 0.4 < len(refused) / len(cases) < 0.6
    assert by_rules / len(refused) > 0.6


def test_a_record_grows_until_the_rules_refuse_enough() -> None:
    accepted, decoding, ruled = (Recorded(Case("a"), Outcome(stage), {}) for stage in ("", "decode", "validate"))
    chosen = evened([accepted] * 10 + [decoding] * 10, cycle([accepted, decoding, ruled]), 20)
    assert [chosen.count(each) for each in (accepted, decoding, ruled)] == [30, 10, 20]


@pytest.mark.long
@pytest.mark.parametrize("minor", VERSIONS)
def test_the_record_asks_much(minor: str) -> None:
    cases = recorded(minor)
    refused = [one for one in cases if not one.outcome.accepted]
    by_rules = sum(one.outcome.stage == "validate" for one in refused)
    assert len(cases) >= WANTED[minor]
    assert 0.45 < len(refused) / len(cases) < 0.55
    assert by_rules / len(refused) > 0.6
    assert minor != NEWEST or len(cases) >= 20000
