"""Leases: who leads, and how the leader is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/coordination/validation: ValidateLeaseSpec"
STRATEGIES: Final = ("OldestEmulationVersion",)

LEASE = Fields("Lease.spec", "a Lease", SOURCE)
LEASE.in_range("out-of-range-lease-duration", "leaseDurationSeconds", 1, empty=True)
LEASE.in_range("out-of-range-lease-transitions", "leaseTransitions", 0)


@rule("Lease.spec", source="pkg/apis/coordination/validation: ValidateCoordinatedLeaseStrategy", when="strategy")
def invalid_lease_strategy(spec: FieldRef) -> Iterator[FieldError]:
    """The `strategy` must be `OldestEmulationVersion`, or a qualified name with a prefix. The server drops it unless the old
    object of an update has one.
    """
    strategy = spec.get("strategy")
    if strategy is None:
        return
    if "/" not in strategy:
        if strategy not in STRATEGIES:
            yield spec.not_supported("strategy", strategy, STRATEGIES, field="strategy.strategy")
    else:
        yield from spec.invalid_each("strategy", formats.qualified_name(strategy), field="strategy.strategy")


@rule("Lease.spec", source=SOURCE, when="preferredHolder")
def forbidden_preferred_holder(spec: FieldRef) -> Iterator[FieldError]:
    """A `preferredHolder` requires a `strategy`."""
    if spec.get("preferredHolder") and not spec.get("strategy"):
        yield spec.forbidden("preferredHolder", "requires a `strategy`")
