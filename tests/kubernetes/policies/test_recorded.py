"""Policies agree with the recorded answers of the API server's own admission plugin: `python -m conformance.policies --record`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.policies import Said
from conformance.policies.outcome import is_same, known, outcome
from dsgen.kubernetes.cel import functions
from dsgen.kubernetes.manifest import read_first
from tests.kubernetes.policies.setups import needs_cel

RECORDED = json.loads(Path(__file__).with_name("recorded.json").read_text(encoding="utf-8"))
OBJECTS: list[str] = RECORDED["objects"]
SETUPS: list[list[Any]] = RECORDED["policies"]
# What needs functions that not every version of dsgen has.
LACKING = [] if "quantity" in functions.FUNCTIONS else ["cpu", "memory-sum", "found", "quantities"]


def test_both_sides_are_recorded() -> None:
    """Of most policies, there are objects that they admit, and others that they do not."""
    answers = [bool(refused or warnings) for _, _, rows in SETUPS for _, refused, _, warnings, _ in rows]
    assert len(SETUPS) >= 60
    assert 0.3 < sum(answers) / len(answers) < 0.7


@needs_cel
@pytest.mark.parametrize("setup", SETUPS, ids=[setup[0] for setup in SETUPS])
def test_the_answers_are_the_same(setup: list[Any]) -> None:
    name, text, rows = setup
    if name in LACKING:
        pytest.skip("this version evaluates fewer functions")
    cluster = known(text)
    for at, refused, reason, warnings, audit in rows:
        ours = outcome(cluster, read_first(OBJECTS[at]).root)
        server = Said(None, "", refused, reason, tuple(warnings), audit)
        assert ours.gaps == []
        assert is_same(server, ours), (OBJECTS[at], server, ours)
