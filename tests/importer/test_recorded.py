"""Cases with the API server's verdicts: what it takes comes back the same, but for what no profile can say."""

from __future__ import annotations

import pytest

from conformance.record import load
from tests.importer.imports import imports

# What dsgen asks of a profile that the server does not ask of a DaemonSet.
OWN = {"bad-name", "missing-key", "unknown-port"}
PARTS = 4
STEP = 48


@pytest.mark.parametrize("part", range(PARTS))
def test_comes_back_the_same(part: int) -> None:
    wrong, same = [], 0
    for one in load("1.36")[part * STEP // PARTS :: STEP]:
        if one.old is not None:
            continue
        outcome = imports(one.text.encode())
        if not one.outcome.accepted:
            continue
        if {problem.code for problem in outcome.problems if problem.severity == "error"} & OWN:
            continue
        if outcome.imported and outcome.imported[0].same:
            same += 1
        else:
            wrong.append((one.case.tags, one.case.edits, outcome.problems))
    assert wrong == []
    assert same > 100
