"""StorageClasses."""

from __future__ import annotations

from typing import Any, Final

from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates
from conformance.mutations.values import QUALIFIED_NAME

row(
    "class-provisioner",
    "provisioner",
    Pool(
        [*QUALIFIED_NAME.good, "X.io/a"],
        [*(text for text in QUALIFIED_NAME.bad if text != "X.io/a"), "", None, DROP],
        noisy=True,
    ),
    weight=3,
)
row(
    "class-reclaim",
    "reclaimPolicy",
    Pool(["Delete", "Retain", "", None], ["Recycle", "delete", "Retain ", "x"]),
    weight=3,
)
row(
    "class-binding",
    "volumeBindingMode",
    Pool(["Immediate", "WaitForFirstConsumer", None], ["", "immediate", "WaitForConsumer", "x"]),
    weight=3,
)
changes("class-no-parameters", [{"parameters": value} for value in each_of({}, None)], [])
row("class-expansion", "allowVolumeExpansion", Pool([True, False, None], ["true", 1]))
row("class-mount-options", "mountOptions", Pool([["a"], [], [None], None], ["a", [1]]))
TERM: Final = "allowedTopologies[?].matchLabelExpressions[+]"
row("topology-key", TERM, QUALIFIED_NAME.plus([], ["", None]), lambda key: {"key": key, "values": ["a"]}, weight=2)
changes(
    "topology-values",
    [{TERM: {"key": "own", "values": values}} for values in each_of(["a"], ["a", "A"], ["a b", ""])],
    [
        {TERM: {"key": "own", "values": values}}
        for values in each_of([], None, ["a", "a"], ["", "b", ""], [None, ""], ["a"] * 3)
    ]
    + [{TERM: {}}, {TERM: None}],
    weight=3,
)


def topologies(*terms: Any) -> dict[str, Any]:
    """Return the change that sets topologies: each is a map of keys and values, or None for an empty one."""
    return {
        "allowedTopologies": [
            term and {"matchLabelExpressions": [{"key": key, "values": values} for key, values in term]}
            for term in terms
        ]
    }


A: Final = [("a", ["x"])]
B: Final = [("b", ["x", "y"])]
changes(
    "topology-twice",
    [
        topologies(A, B),
        topologies(A, [("a", ["y"])]),
        topologies(A),
        topologies(A, A + B),
        {"allowedTopologies": []},
        {"allowedTopologies": None},
    ],
    [
        topologies(A, A),
        topologies(A, B, A),
        topologies(B, [("b", ["y", "x"])]),
        topologies(A, A, A),
        topologies(A + B, B + A),
        topologies({}),
        topologies(None, A),
        topologies(A + A),
        topologies([("a", ["y"]), ("a", ["x"])], A),
        topologies([("b", ["x", "y", "x"])], B),
        {"allowedTopologies": [{"matchLabelExpressions": []}]},
    ],
    weight=3,
)
DEPRECATED: Final = (
    "beta.kubernetes.io/arch",
    "failure-domain.beta.kubernetes.io/zone",
    "node-role.kubernetes.io/master",
)
changes(
    "topology-deprecated",
    [topologies([(key, ["a"])]) for key in (*DEPRECATED, "kubernetes.io/arch", "topology.kubernetes.io/zone")],
    [topologies([(key, [])]) for key in DEPRECATED],
    weight=3,
)
updates(
    "update-storage-class",
    [
        at("provisioner", "a", "a"),
        at("parameters", {"a": "b"}, {"a": "b"}),
        at("parameters", {"a": "b", "c": "d"}, {"c": "d", "a": "b"}),
        at("parameters", None, DROP),
        at("parameters", DROP, {}),
        at("reclaimPolicy", None, "Delete"),
        at("reclaimPolicy", "Retain", "Retain"),
        at("volumeBindingMode", DROP, "Immediate"),
        at("allowVolumeExpansion", True, False),
        at("mountOptions", ["a"], ["b"]),
        at("allowedTopologies", None, []),
        at("metadata.labels", None, {"a": "b"}),
    ],
    [
        at("provisioner", "a", "b"),
        at("provisioner", "a", ""),
        at("provisioner", "a", "a b"),
        at("provisioner", "", ""),
        at("parameters", {"a": "b"}, {"a": "c"}),
        at("parameters", {"a": "b"}, DROP),
        at("parameters", None, {"a": "b"}),
        at("parameters", {"a": "b"}, {"": "b"}),
        at("reclaimPolicy", "Delete", "Retain"),
        at("reclaimPolicy", "Retain", None),
        at("reclaimPolicy", "Retain", "x"),
        at("volumeBindingMode", "Immediate", "WaitForFirstConsumer"),
        at("volumeBindingMode", "WaitForFirstConsumer", DROP),
        at("volumeBindingMode", "Immediate", ""),
    ],
    4,
)
