"""Deployments: their numbers, and how changed pods are rolled out."""

from __future__ import annotations

from conformance.mutations.row import DROP, Pool, changes, row
from conformance.mutations.spec import AMOUNT
from conformance.mutations.values import NOT_NEGATIVE

STRATEGY = "spec.strategy"

row(
    "deployment-strategy",
    STRATEGY,
    Pool(["RollingUpdate", "Recreate", "", None], ["rollingUpdate", "OnDelete", "recreate", " Recreate"]),
    lambda type: {"type": type},
    weight=2,
)
changes(
    "deployment-rolling-update",
    [
        {STRATEGY: {"type": "Recreate"}},
        {STRATEGY: {"type": "Recreate", "rollingUpdate": None}},
        {STRATEGY: {"rollingUpdate": {}}},
        {STRATEGY: {}},
        {STRATEGY: DROP},
    ],
    [
        {STRATEGY: {"type": "Recreate", "rollingUpdate": rolling}}
        for rolling in ({}, {"maxSurge": 1}, {"maxUnavailable": "x"}, {"maxSurge": 0, "maxUnavailable": 0})
    ],
    weight=2,
)
for name, other in (("maxUnavailable", "maxSurge"), ("maxSurge", "maxUnavailable")):
    tag = "unavailable" if name == "maxUnavailable" else "surge"
    row(f"deployment-{tag}", STRATEGY, AMOUNT, lambda value, name=name: {"rollingUpdate": {name: value}}, weight=1.5)
    row(
        f"deployment-{tag}-with",
        STRATEGY,
        AMOUNT.plus(["101%", "1000%"] if name == "maxSurge" else []),
        lambda value, name=name, other=other: {"rollingUpdate": {name: value, other: 1}},
        weight=1.5,
    )
ZERO, SOME = (0, "0%", "00%"), (1, "1%", 7, "100%")
changes(
    "deployment-nothing-replaced",
    [{STRATEGY: {"rollingUpdate": {"maxSurge": a, "maxUnavailable": b}}} for a in (*SOME, None) for b in ZERO]
    + [{STRATEGY: {"rollingUpdate": {"maxSurge": b, "maxUnavailable": a}}} for a in (*SOME, None) for b in ZERO],
    [
        {STRATEGY: {"rollingUpdate": {"maxSurge": a, "maxUnavailable": b}}}
        for a in (*ZERO, "x", "0")
        for b in (*ZERO, "x", "0")
    ],
    weight=2,
)
row("deployment-deadline", "spec.progressDeadlineSeconds", NOT_NEGATIVE, weight=1.5)
changes(
    "deployment-deadline-and-ready",
    [
        {"spec.progressDeadlineSeconds": deadline, "spec.minReadySeconds": ready}
        for deadline, ready in ((1, 0), (10, 9), (None, 599), (2147483647, 2147483646), (1, None))
    ],
    [
        {"spec.progressDeadlineSeconds": deadline, "spec.minReadySeconds": ready}
        for deadline, ready in ((0, 0), (10, 10), (None, 600), (5, 6), (0, None), (-1, -1), (-1, -2), (-2, -1))
    ],
    weight=2,
)
