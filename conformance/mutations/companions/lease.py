"""Leases."""

from conformance.mutations.row import Pool, changes, each_of, row, updates
from conformance.mutations.values import NOT_NEGATIVE, QUALIFIED_NAME

STRATEGIES = QUALIFIED_NAME.plus(["OldestEmulationVersion", None], ["", "oldestEmulationVersion", "a", "Any"])

row("lease-duration", "spec.leaseDurationSeconds", Pool([1, 2147483647, None], [0, -1, -2147483648, "1"]), weight=3)
row("lease-transitions", "spec.leaseTransitions", NOT_NEGATIVE, weight=3)
row("lease-strategy", "spec.strategy", STRATEGIES, weight=2)
row("lease-spec", "spec", Pool([{}, None, {"holderIdentity": ""}, {"preferredHolder": "a"}], [[]]))
row(
    "lease-time",
    "spec.renewTime",
    Pool(["2026-01-01T00:00:00.123456Z", None], ["2026-01-01", "", "2026-01-01T00:00:00Z"]),
)
OLD = {"spec.strategy": "OldestEmulationVersion", "spec.preferredHolder": "a"}
updates(
    "update-lease-strategy",
    [(old, {"spec.strategy": name, "spec.preferredHolder": None}) for old in each_of(OLD, {"spec.strategy": None, "spec.preferredHolder": None}) for name in STRATEGIES.good],
    [(OLD, {"spec.strategy": name, "spec.preferredHolder": None}) for name in (*STRATEGIES.bad, "a/b/c", "x.io/-")],
    weight=5,
)  # fmt: skip
updates(
    "update-lease-holder",
    [(OLD, {"spec.strategy": name, "spec.preferredHolder": holder}) for name, holder in each_of(("OldestEmulationVersion", "a"), ("x.io/a", "b"), (None, None), (None, ""))],
    [(OLD, {"spec.strategy": name, "spec.preferredHolder": "a"}) for name in each_of(None, "")]
    + [({"spec.strategy": None, "spec.preferredHolder": "a"}, {"spec.strategy": "x.io/a", "spec.preferredHolder": "b"})],
    weight=4,
)  # fmt: skip
changes(
    "lease-holder",
    [{"spec.strategy": None, "spec.preferredHolder": "a"}, {"spec.strategy": "x", "spec.preferredHolder": "a"}],
    [{"spec.preferredHolder": 1}],
)
