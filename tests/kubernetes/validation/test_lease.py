from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.semantics.normalize import normalized
from dsgen.kubernetes.validation.companions import lease
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, said_of_update, table

FRAME = "{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: a, finalizers: [a]}, spec: {*}}"

ROWS = table(
    FRAME,
    """
    out-of-range-lease-duration | leaseDurationSeconds: 1 | leaseDurationSeconds: 0 | Invalid spec.leaseDurationSeconds
    out-of-range-lease-transitions | leaseTransitions: 0 | leaseTransitions: -1 | Invalid spec.leaseTransitions
    """,
)
HELD = fill(FRAME, "strategy: OldestEmulationVersion, preferredHolder: a")


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, lease) == {"invalid-lease-strategy", "forbidden-preferred-holder"}


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_a_new_lease_has_no_strategy() -> None:
    dropped = {"dropped-field spec.strategy", "dropped-field spec.preferredHolder"}
    assert said(HELD) == said(fill(FRAME, "strategy: x, preferredHolder: a")) == dropped
    assert said_of_update(fill(FRAME, ""), fill(FRAME, "strategy: x")) == set()


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("strategy: x.io/a", ""),
        ("strategy: x", "invalid-lease-strategy NotSupported spec.strategy.strategy"),
        ("strategy: x.io/-", "invalid-lease-strategy Invalid spec.strategy.strategy"),
        ("strategy: x.io/a, preferredHolder: b", ""),
        ("preferredHolder: b", "forbidden-preferred-holder Forbidden spec.preferredHolder"),
        ("preferredHolder: ''", ""),
    ],
)
def test_an_update_of_a_lease_with_a_strategy(spec: str, says: str) -> None:
    assert said_of_update(HELD, fill(FRAME, spec)) == ({says} if says else set())


def test_what_the_server_drops_is_no_difference() -> None:
    bare, held = (normalized(read_first(text).root) for text in (fill(FRAME, ""), fill(FRAME, "strategy: x")))
    assert held == bare
