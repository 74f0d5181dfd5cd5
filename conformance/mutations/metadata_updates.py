"""What an update of any object is asked: its identity, its deletion, and its finalizers."""

from __future__ import annotations

from typing import Final

from conformance.mutations.row import DROP, at, updates

NAME: Final = "metadata.name"
updates(
    "update-name",
    [at(NAME, "a", "a"), at(NAME, "A_b", "A_b"), at(NAME, "a b", "a b")],
    [at(NAME, "a", "b"), at(NAME, "a", ""), *(at(NAME, name, name) for name in ("", ".", "..", "a/b", "a%"))],
    2,
)
updates(
    "update-namespace",
    [at("metadata.namespace", None, "default"), at("metadata.namespace", "a", "a")],
    [at("metadata.namespace", "a", "b"), at("metadata.namespace", None, "a"), at("metadata.namespace", "A", "A")],
)
updates(
    "update-generate-name",
    [({}, {"metadata.generateName": name}) for name in ("a", "A_b", "a-", "..a")],
    [({}, {"metadata.generateName": name}) for name in ("a/b", "a%")]
    + [({NAME: "a"}, {NAME: DROP, "metadata.generateName": "a"})],
)
TIME: Final = "2020-01-01T00:00:00Z"
updates(
    "update-deletion",
    [
        at("metadata.deletionTimestamp", TIME, None),
        at("metadata.deletionTimestamp", TIME, TIME),
        at("metadata.deletionGracePeriodSeconds", 5, None),
        at("metadata.deletionGracePeriodSeconds", 5, 5),
    ],
    [
        at("metadata.deletionTimestamp", None, TIME),
        at("metadata.deletionTimestamp", TIME, "2021-01-01T00:00:00Z"),
        at("metadata.deletionGracePeriodSeconds", None, 5),
        at("metadata.deletionGracePeriodSeconds", 5, 6),
    ],
    2,
)
DELETED: Final = {"metadata.deletionTimestamp": TIME}
updates(
    "update-finalizer",
    [
        ({"metadata.finalizers": old, **DELETED}, {"metadata.finalizers": new, **DELETED})
        for old, new in ((["x/a", "x/b"], ["x/a"]), (["x/a"], ["x/a"]), (["x/a"], None))
    ]
    + [at("metadata.finalizers", None, ["x/a"])],
    [
        ({"metadata.finalizers": old, **DELETED}, {"metadata.finalizers": new, **DELETED})
        for old, new in ((["x/a"], ["x/a", "x/b"]), (None, ["x/a"]), (["x/a"], ["x/b"]))
    ],
)
COUNTED: Final = "metadata.generation"
updates(
    "update-counted",
    [at(COUNTED, 5, 2), at(COUNTED, None, -1), ({COUNTED: 9223372036854775807}, {})],
    [({COUNTED: -1}, {}), at(COUNTED, -5, 5), ({COUNTED: -9223372036854775808}, {})],
)
