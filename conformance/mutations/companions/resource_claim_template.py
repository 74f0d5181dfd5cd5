"""The metadata in a ResourceClaimTemplate."""

from __future__ import annotations

from conformance.mutations.row import DROP, changes, each_of, row, updates
from conformance.mutations.values import LABEL_VALUE, QUALIFIED_NAME

METADATA = "spec.metadata"
row("claim-label", f"{METADATA}.labels", QUALIFIED_NAME, lambda key: {key: "a"}, weight=2)
row("claim-label-value", f"{METADATA}.labels", LABEL_VALUE, lambda value: {"a": value}, weight=2)
row("claim-annotation", f"{METADATA}.annotations", QUALIFIED_NAME, lambda key: {key: "a"}, weight=2)
changes(
    "claim-annotations-size",
    [{f"{METADATA}.annotations": {"a": "x" * 262143}}],
    [{f"{METADATA}.annotations": {"a": "x" * 262144}}],
)
changes(
    "claim-metadata",
    [{METADATA: value} for value in each_of({}, None, {"name": ""}, {"labels": {}}, {"creationTimestamp": None})]
    + [{METADATA: DROP}],
    [
        {METADATA: value}
        for value in each_of(
            {"name": "a"},
            {"namespace": "a"},
            {"generateName": "a"},
            {"uid": "a"},
            {"finalizers": ["a/b"]},
            {"finalizers": []},
            {"ownerReferences": [{}]},
            {"generation": 1},
            {"name": "a", "labels": {"-": "a"}},
            {"deletionGracePeriodSeconds": 0},
            {"selfLink": "a"},
            {"resourceVersion": "1"},
            {"managedFields": [{}]},
        )
    ],
    weight=3,
)
updates(
    "update-claim-metadata",
    [({METADATA: {"labels": {"a": "b"}}}, {METADATA: {"labels": {"a": "b"}}}), ({METADATA: {}}, {METADATA: DROP})],
    [
        ({METADATA: {}}, {METADATA: {"labels": {"a": "b"}}}),
        ({METADATA: {"labels": {"a": "b"}}}, {METADATA: {"labels": {"a": "c"}}}),
        ({METADATA: {"annotations": {"a": "b"}}}, {METADATA: DROP}),
    ],
    3,
)
