"""RuntimeClasses."""

from __future__ import annotations

from typing import Any, Final

from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates
from conformance.mutations.values import DNS_LABEL, LABEL_VALUE, QUALIFIED_NAME, QUANTITY

row("runtime-handler", "handler", DNS_LABEL.plus([], ["", None, DROP]), weight=3)
FIXED: Final = "overhead.podFixed"
row("runtime-overhead", f"{FIXED}.cpu", QUANTITY.plus([], ["-1", "-1n"]), weight=2)
row(
    "runtime-overhead-name",
    FIXED,
    Pool(
        ["cpu", "memory", "ephemeral-storage", "a.io/b", "kubernetes.io/a"],
        ["", "gpu", "storage", "pods", "requests.cpu", "a/b/c", "requests.a.io/b", "A b", "limits.cpu", "-a"],
    ),
    lambda name: {name: 1},
    weight=2,
)
changes(
    "runtime-overhead-amounts",
    [
        {FIXED: value}
        for value in each_of(
            {"a.io/b": "1000m", "cpu": "1m"},
            {"hugepages-2Mi": "4Mi", "cpu": 1},
            {"hugepages-1Gi": 0, "memory": 0},
            {},
            None,
            {"cpu": None},
        )
    ],
    [
        {FIXED: value}
        for value in each_of(
            {"a.io/b": "1500m"},
            {"a.io/b": "-1"},
            {"hugepages-2Mi": "4Mi"},
            {"hugepages-2Mi": "3Mi", "cpu": 1},
            {"hugepages-x": 1, "cpu": 1},
            {"memory": "-1Mi", "cpu": -1},
            {"hugepages-2Mi": -1},
        )
    ],
    weight=3,
)
SELECTOR: Final = "scheduling.nodeSelector"
row("runtime-selector-key", SELECTOR, QUALIFIED_NAME, lambda key: {key: "a"}, weight=1.5)
row("runtime-selector-value", f"{SELECTOR}.a", LABEL_VALUE.plus([None]), weight=1.5)
row(
    "runtime-selector-deprecated",
    SELECTOR,
    Pool(
        [
            "beta.kubernetes.io/os",
            "app.kubernetes.io/created-by",
            "node-role.kubernetes.io/master",
            "kubernetes.io/os",
            "beta.kubernetes.io/x",
        ],
        [],
    ),
    lambda key: {key: "a"},
    weight=2,
)
NEW: Final = "scheduling.tolerations[+]"
row(
    "runtime-toleration-key",
    NEW,
    QUALIFIED_NAME,
    lambda key: {"key": key, "operator": "Exists", "effect": "PreferNoSchedule"},
)
row("runtime-toleration-value", NEW, LABEL_VALUE, lambda value: {"key": "a", "value": value})
row(
    "runtime-toleration-operator",
    NEW,
    Pool(["Equal", "Exists", "", None], ["equal", "In", "Lt", "Gt", "x"]),
    lambda operator: {"key": "own", "operator": operator},
    weight=1.5,
)
row(
    "runtime-toleration-effect",
    NEW,
    Pool(["NoSchedule", "PreferNoSchedule", "NoExecute", "", None], ["noSchedule", "x"]),
    lambda effect: {"key": "own", "effect": effect},
    weight=1.5,
)
changes(
    "runtime-toleration",
    [
        {NEW: value}
        for value in each_of(
            {"operator": "Exists"}, {"key": "own", "tolerationSeconds": 1, "effect": "NoExecute"}, {"key": "own"}
        )
    ],
    [
        {NEW: value}
        for value in each_of(
            {},
            None,
            {"operator": "Equal"},
            {"key": "own", "tolerationSeconds": 1},
            {"key": "own", "operator": "Exists", "value": "a"},
        )
    ],
    weight=2,
)


def tolerations(*values: Any) -> dict[str, Any]:
    """Return the change that sets all tolerations."""
    return {"scheduling.tolerations": list(values)}


ONE: Final = {"key": "a", "value": "b", "effect": "NoExecute"}
changes(
    "runtime-toleration-twice",
    [
        tolerations(ONE, {**ONE, other: value})
        for other, value in (("key", "b"), ("value", ""), ("effect", ""), ("operator", "Equal"))
    ]
    + [tolerations(), {"scheduling.tolerations": None}],
    [
        tolerations(ONE, ONE),
        tolerations(ONE, {**ONE, "tolerationSeconds": 5}),
        tolerations(ONE, {"key": "c"}, {**ONE, "operator": ""}),
        tolerations(ONE, ONE, ONE),
        tolerations({}, {}),
        tolerations({"key": "A b"}, {"key": "A b"}),
    ],
    weight=3,
)
changes("runtime-parts", [{"overhead": None}, {"scheduling": None}, {"overhead": DROP, "scheduling": {}}], [])
updates(
    "update-runtime-class",
    [
        at("handler", "a", "a"),
        at("overhead", None, {"podFixed": {"cpu": 1}}),
        at("scheduling", {"nodeSelector": {"a": "b"}}, None),
        ({"metadata.labels": None, **tolerations({"key": "a", "operator": "Exists"})}, {"metadata.labels": {"a": "b"}}),
    ],
    [
        at("handler", "a", "b"),
        at("handler", "a", ""),
        at("handler", "a", "A"),
        at("handler", "A", "A"),
        at("handler", "", ""),
        at("handler", "a", DROP),
        at("scheduling", None, {"tolerations": [{"key": "a", "operator": "Lt", "value": "1"}]}),
        (
            tolerations({"key": "a", "operator": "Lt", "value": "1"}),
            tolerations({"key": "a", "operator": "Gt", "value": "1"}),
        ),
        (tolerations(ONE, ONE), tolerations(ONE, ONE)),
        at(
            "overhead",
            {"podFixed": {"hugepages-2Mi": "3Mi", "cpu": 1}},
            {"podFixed": {"hugepages-2Mi": "3Mi", "cpu": 1}},
        ),
    ],
    4,
)
