"""What a schema requires is what the API server's own code says of recorded mutants of a custom resource."""

from __future__ import annotations

import sys

import pytest

from conformance.custom import OWN, RULED
from conformance.custom.outcomes import outcome
from conformance.outcome import same_findings
from conformance.record import load

MINORS = ("1.33", "1.37")


@pytest.mark.parametrize("minor", MINORS)
def test_agrees_with_the_server(minor: str) -> None:
    wrong = []
    for one in load(minor, OWN):
        ours, evaluated = outcome(one.text, OWN, minor)
        if evaluated and not same_findings(one.outcome, ours):
            wrong.append(f"{one.case.edits}\n  server: {one.outcome}\n  dsgen:  {ours}")
    assert not wrong, "\n".join(wrong[:5])


@pytest.mark.parametrize("minor", MINORS)
def test_the_record_asks_much(minor: str) -> None:
    cases = load(minor, OWN)
    refused = [one for one in cases if not one.outcome.accepted]
    findings = {kind for one in refused for kind, _ in one.outcome.findings}
    assert len(cases) >= 1_000
    assert 0.3 < len(refused) / len(cases) < 0.7
    assert {
        "Required",
        "Invalid",
        "TypeInvalid",
        "NotSupported",
        "Duplicate",
        "TooLong",
        "TooMany",
        "unknown field",
    } <= findings


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the library has no wheel for Python 3.10")
@pytest.mark.parametrize("minor", MINORS)
def test_rules_agree_with_the_server(minor: str) -> None:
    wrong = []
    for one in load(minor, RULED):
        ours, evaluated = outcome(one.text, RULED, minor)
        if not (evaluated and same_findings(one.outcome, ours)):
            wrong.append(f"{one.case.edits}\n  server: {one.outcome}\n  dsgen:  {ours}")
    assert not wrong, "\n".join(wrong[:5])


@pytest.mark.parametrize("minor", MINORS)
def test_the_record_asks_rules(minor: str) -> None:
    cases = load(minor, RULED)
    assert len(cases) >= 400
    assert any(one.outcome.accepted for one in cases)
    findings = {finding for one in cases for finding in one.outcome.findings}
    assert {
        ("Required", "spec"),
        ("Forbidden", "spec.least"),
        ("Invalid", "spec.labels"),
        ("Invalid", "spec.memory"),
        ("Invalid", "spec.address"),
        ("Invalid", "spec.block"),
        ("Invalid", "spec.version"),
        ("Invalid", "spec.ratio"),
        ("Invalid", "spec.points"),
    } <= findings
