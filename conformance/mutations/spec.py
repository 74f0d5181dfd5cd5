"""`spec` beside the pod template: the update strategy and the numbers."""

from conformance.mutations.row import DROP, Pool, changes, row
from conformance.mutations.values import NOT_NEGATIVE

AMOUNT = Pool(
    [1, 5, "1%", "100%", "50%", "001%", 2147483647],
    [
        "1",
        "",
        "+1%",
        "1.5%",
        " 1%",
        -1,
        "101%",
        "1000000000000000000000%",
        "%",
        "x",
        "-1%",
        "1%%",
        "1 %",
        True,
        1.5,
        [],
        {},
    ],
)
STRATEGY = "spec.updateStrategy"

row("min-ready-seconds", "spec.minReadySeconds", NOT_NEGATIVE)
row("revision-history", "spec.revisionHistoryLimit", NOT_NEGATIVE)
row(
    "strategy-type",
    STRATEGY,
    Pool(["RollingUpdate", "OnDelete", "", None], ["rollingUpdate", "Recreate", "onDelete", " OnDelete"]),
    lambda type: {"type": type},
)
row(
    "strategy-ignored",
    STRATEGY,
    AMOUNT,
    lambda value: {"type": "OnDelete", "rollingUpdate": {"maxSurge": value, "maxUnavailable": value}},
    weight=0.5,
)
row("max-unavailable", STRATEGY, AMOUNT, lambda value: {"rollingUpdate": {"maxUnavailable": value}}, weight=1.5)
row(
    "max-surge", STRATEGY, AMOUNT, lambda value: {"rollingUpdate": {"maxSurge": value, "maxUnavailable": 0}}, weight=1.5
)
ZERO, SOME = (0, "0%", "00%"), (1, "1%", 7, "100%")
BROKEN = ("x", "", "0", "1", -1, "101%")
changes(
    "surge-and-unavailable",
    [{STRATEGY: {"rollingUpdate": {"maxSurge": a, "maxUnavailable": b}}} for a in SOME for b in ZERO]
    + [{STRATEGY: {"rollingUpdate": {"maxSurge": b, "maxUnavailable": a}}} for a in SOME for b in (*ZERO, None)],
    [
        {STRATEGY: {"rollingUpdate": {"maxSurge": a, "maxUnavailable": b}}}
        for a in (*SOME, *BROKEN)
        for b in (*SOME, *BROKEN, None)
    ]
    + [{STRATEGY: {"rollingUpdate": {"maxSurge": 1}}}, {STRATEGY: {"rollingUpdate": {"maxSurge": "10%"}}}],
)
changes(
    "nothing-unavailable",
    [
        {STRATEGY: {"rollingUpdate": {}}},
        {STRATEGY: {"type": "RollingUpdate"}},
        {STRATEGY: {}},
        {STRATEGY: DROP},
        {STRATEGY: None},
        {STRATEGY: {"rollingUpdate": None}},
    ],
    [
        {STRATEGY: {"rollingUpdate": {"maxSurge": a, "maxUnavailable": b}}}
        for a in (*ZERO, "x", None, "0")
        for b in (*ZERO, "x", "0")
    ],
)
