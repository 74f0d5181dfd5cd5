"""Cases with the API server's verdicts: the profile of each accepted object is identical, except for what profiles cannot express."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from conformance import sample
from conformance.record import Recorded, load
from dsgen.importer.read.created import creator
from dsgen.kubernetes.manifest import read_first
from tests.importer.imports import imports

# What dsgen asks of a profile that the server does not ask of a DaemonSet.
OWN = {"invalid-profile-name", "missing-key", "unknown-port"}
PARTS = 4
# Every twelfth case in the long run, and of the chosen ones every sixteenth that the server takes.
STEP = 12
FEW = 16


def same(cases: Iterable[Recorded]) -> int:
    """Return how many accepted cases have an identical profile: all that a profile can express."""
    wrong, count = [], 0
    for one in cases:
        outcome = imports(one.text.encode())
        if {problem.code for problem in outcome.problems if problem.severity == "error"} & OWN:
            continue
        if outcome.imported and outcome.imported[0].same:
            count += 1
        else:
            wrong.append((one.case.tags, one.case.edits, outcome.problems))
    assert wrong == []
    return count


def taken(cases: Iterable[Recorded]) -> list[Recorded]:
    """Return the cases in which the server accepts a new DaemonSet, not an object that says it is of another kind.

    What another object's controller created is left to that.
    """
    every = (
        one for one in cases if one.outcome.accepted and one.old is None and set(one.case.tags).isdisjoint(sample.KIND)
    )
    return [one for one in every if not creator(read_first(one.text).root)]


def test_few_cases_are_identical() -> None:
    assert same(taken(sample.chosen("1.37", "DaemonSet"))[::FEW]) > 15


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_profile_reproduces_the_manifest(part: int) -> None:
    assert same(taken(load("1.37")[part * STEP :: STEP * PARTS])) > 100
