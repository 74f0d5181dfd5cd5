"""VolumeAttributesClasses."""

from __future__ import annotations

from conformance.mutations.row import DROP, Pool, at, changes, row, updates
from conformance.mutations.values import QUALIFIED_NAME

row(
    "attributes-driver",
    "driverName",
    Pool(
        [*QUALIFIED_NAME.good, "X.io/a"],
        [*(text for text in QUALIFIED_NAME.bad if text != "X.io/a"), "", None, DROP],
        noisy=True,
    ),
    weight=3,
)
changes(
    "attributes-parameters",
    [{"parameters": {"a": None}}, {"parameters": {"a": ""}}],
    [
        {"parameters": {}},
        {"parameters": None},
        {"parameters": DROP},
    ],
    weight=4,
)
updates(
    "update-attributes-class",
    [
        at("driverName", "a", "a"),
        at("parameters", {"a": "b"}, {"a": "b"}),
        at("parameters", {"a": "b", "c": "d"}, {"c": "d", "a": "b"}),
        at("metadata.labels", None, {"a": "b"}),
    ],
    [
        at("driverName", "a", "b"),
        at("driverName", "a", ""),
        at("driverName", "a", "a b"),
        at("driverName", "", ""),
        at("driverName", "", None),
        at("parameters", {"a": "b"}, {"a": "c"}),
        at("parameters", {"a": "b"}, DROP),
        at("parameters", None, {"a": "b"}),
        at("parameters", None, {}),
        at("parameters", {}, {}),
        at("parameters", {"a": "b"}, {"": "b"}),
    ],
    4,
)
