"""PriorityLevelConfigurations."""

from typing import Any, Final

from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates

SPEC: Final = "spec"
REJECT: Final[dict[str, Any]] = {"limitResponse": {"type": "Reject"}}
LIMITED: Final[dict[str, Any]] = {"type": "Limited", "limited": REJECT}
changes(
    "level-type",
    [{SPEC: LIMITED}, {SPEC: {**LIMITED, "exempt": None}}],
    [{SPEC: value} for value in each_of({"type": "Exempt"}, {"type": ""}, {"type": None}, {}, None, {"type": "limited", "limited": REJECT}, {"type": "Limited"}, {"type": "Limited", "limited": None},
     {**LIMITED, "exempt": {}}, {"type": "Limited", "exempt": {}}, {"type": "Exempt", "limited": REJECT}, {"type": "Exempt", "exempt": {}, "limited": {}}, {"type": "x", "limited": {}, "exempt": {}}, {"limited": REJECT})],
    weight=8,
)  # fmt: skip
changes(
    "level-exempt",
    [{"metadata.name": "exempt", SPEC: {"type": "Exempt", **each}} for each in each_of({}, {"exempt": None}, {"exempt": {}}, {"exempt": {"nominalConcurrencyShares": 100}}, {"exempt": {"lendablePercent": 100}}, {"limited": None})],
    [{"metadata.name": "exempt", SPEC: each} for each in each_of(LIMITED, {"type": "Exempt", "limited": {}}, {"type": "Exempt", "limited": REJECT}, {"type": ""}, {}, None, {"type": "x"},
     {"type": "Exempt", "exempt": {"nominalConcurrencyShares": -1}}, {"type": "Exempt", "exempt": {"lendablePercent": -1}}, {"type": "Exempt", "exempt": {"lendablePercent": 101}})],
    weight=5,
)  # fmt: skip
FIXED: Final[dict[str, Any]] = {**REJECT, "nominalConcurrencyShares": 5}
changes(
    "level-catch-all",
    [{"metadata.name": "catch-all", SPEC: {"type": "Limited", "limited": {**FIXED, **each}}} for each in each_of({}, {"lendablePercent": 0}, {"lendablePercent": None}, {"borrowingLimitPercent": None})],
    [{"metadata.name": "catch-all", SPEC: {"type": "Limited", "limited": each}} for each in each_of(REJECT, {**FIXED, "nominalConcurrencyShares": 6}, {**FIXED, "lendablePercent": 1}, {**FIXED, "borrowingLimitPercent": 0}, {**FIXED, "limitResponse": {"type": "Queue", "queuing": {}}})]
    + [{"metadata.name": "catch-all", SPEC: {"type": "Limited", "limited": FIXED, "exempt": {}}}],
    weight=4,
)  # fmt: skip
LIMITS: Final = {
    "nominalConcurrencyShares": Pool([0, 1, None, DROP, 2**31 - 1], [-1, -(2**31)]),
    "lendablePercent": Pool([0, 1, 100, None, DROP], [-1, 101]),
    "borrowingLimitPercent": Pool([0, 100, 1000, None, DROP], [-1, -100]),
}
for name, pool in LIMITS.items():
    row("level-limits", f"spec.limited.{name}", pool, weight=2)
changes(
    "level-response",
    [{"spec.limited.limitResponse": each} for each in each_of({"type": "Reject"}, {"type": "Queue", "queuing": {}}, {"type": "Reject", "queuing": None})],
    [{"spec.limited.limitResponse": each} for each in each_of({}, None, DROP, {"type": ""}, {"type": "reject"}, {"type": "Queue"}, {"type": "Queue", "queuing": None}, {"type": "Reject", "queuing": {}}, {"queuing": {}}, {"type": "x", "queuing": {}},
     {"type": "Reject", "queuing": {"queues": -1}})],
    weight=6,
)  # fmt: skip
QUEUE: Final = {"type": "Queue"}
for name, pool in {
    "queues": Pool([8, 64, 0, None, 181], [-1, 10_000_001, 10_000_000, 1, 7, 182, 2**31 - 1]),
    "handSize": Pool([1, 8, 10, 0, None], [-1, 11, 65, 64, -(2**31)]),
    "queueLengthLimit": Pool([1, 50, 0, None], [-1, -(2**31)]),
}.items():
    row(
        f"level-{name.lower()}",
        "spec.limited.limitResponse",
        pool,
        lambda value, name=name: {"type": "Queue", "queuing": {name: value}},
        weight=3,
    )
changes(
    "level-hand",
    [{"spec.limited.limitResponse": {**QUEUE, "queuing": {"queues": queues, "handSize": hand}}} for queues, hand in ((1, 1), (2, 2), (10_000_000, 2), (64, 10), (1024, 6), (4096, 5), (16, 15), (15, 15), (8192, 4), (10_000_000, 1))],
    [{"spec.limited.limitResponse": {**QUEUE, "queuing": {"queues": queues, "handSize": hand}}} for queues, hand in ((1, 2), (64, 11), (1024, 7), (4096, 6), (16, 16), (10_000_000, 3), (10_000_001, 1), (10_000_001, 3), (-1, 1), (-1, -1), (0, 65))],
    weight=4,
)  # fmt: skip
ANNOTATION: Final = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares"
changes(
    "level-annotation",
    [{"metadata.annotations": {f"{ANNOTATION}-": ""}}, {"metadata.annotations": {"flowcontrol.k8s.io/a": "b"}}],
    [{"metadata.annotations": {ANNOTATION: value}} for value in ("", "a")],
    weight=2,
)
row("level-version", "apiVersion", Pool(["flowcontrol.apiserver.k8s.io/v1"], ["flowcontrol.apiserver.k8s.io/v1beta3"]))
updates(
    "update-level",
    [
        at(SPEC, LIMITED, {"type": "Limited", "limited": {**REJECT, "nominalConcurrencyShares": 0}}),
        at("spec.limited", {**REJECT, "borrowingLimitPercent": 5}, REJECT),
    ],
    [
        at("spec.limited.nominalConcurrencyShares", -1, -1),
        at(SPEC, {"type": "Exempt"}, {"type": "Exempt"}),
        at(SPEC, LIMITED, {"type": "Exempt"}),
        at("spec.limited.limitResponse", {"type": "x"}, {"type": "x"}),
        ({"metadata.name": "catch-all", SPEC: LIMITED}, {"metadata.name": "catch-all", SPEC: LIMITED}),
    ],
    4,
)
