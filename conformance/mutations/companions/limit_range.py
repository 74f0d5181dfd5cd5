"""LimitRanges."""

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, changes, each_of, row
from conformance.mutations.values import LONG, QUALIFIED_NAME, QUANTITY

TYPES = ("Pod", "Container", "PersistentVolumeClaim", "example.com/x")
FIELDS = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")
NAMES = Pool(
    ["cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "hugepages-", "example.com/gpu", "kubernetes.io/x", "a.kubernetes.io/b", f"{LONG[244]}/a"],
    [
        "storage", "pods", "requests.cpu", "limits.memory", "requests.storage", "requests.hugepages-2Mi", "secrets", "services.nodeports", "gpu", "CPU", "", "-a",
        "requests.x.io/a", f"{LONG[245]}/a", "a/b/c", "x.io/", "x.io/-", LONG[64],
    ],
    noisy=True,
)  # fmt: skip


def _limits(*limits: Json) -> Json:
    return {"spec.limits": list(limits)}


def _limit(kind: str, **fields: Json) -> Json:
    more = (
        {"min": {"storage": 1}}
        if kind == "PersistentVolumeClaim" and "min" not in fields and "max" not in fields
        else {}
    )
    return _limits({"type": kind, **more, **fields})


row("limit-range-name", "metadata.name", Pool(["a", "a.b", DROP, None, ""], ["A", "-a", "a_b"]), weight=2)
changes(
    "limit-range-generated-name",
    [{"metadata.name": DROP, "metadata.generateName": prefix} for prefix in ("a-", "a", "")],
    [{"metadata.name": DROP, "metadata.generateName": prefix} for prefix in ("A", "-", "a_")],
)
row(
    "limit-type",
    "spec.limits",
    QUALIFIED_NAME.plus([*TYPES[:2], *TYPES[3:]], ["a", "pod", "Node", "", None, "container"]),
    lambda kind: [{"type": kind}],
    weight=3,
)
changes(
    "limit-type-twice",
    [_limits({"type": "Pod"}, {"type": "Container"}, {"type": "a/b"}, {"type": "a/c"}), {"spec.limits": []}, {"spec.limits": None}, {"spec": {}}],
    [_limits({"type": kind}, {"type": "a/z"}, {"type": kind}) for kind in ("Pod", "Container", "a/b", "", "x")] + [_limits({}, {}), _limits(None, {"type": ""})],
    weight=3,
)  # fmt: skip
for kind in TYPES:
    for field in FIELDS:
        row(
            f"limit-resource-{kind.partition('.')[0].lower()}-{field.lower()}",
            "spec.limits",
            NAMES,
            lambda name, kind=kind, field=field: [
                {
                    "type": kind,
                    field: {name: 1},
                    **({"max": {"storage": 1}} if kind[:1] == "P" and field != "max" else {}),
                }
            ],
            weight=0.7,
        )
changes(
    "limit-pod-default",
    [_limit("Pod", **{field: value}) for field in ("default", "defaultRequest") for value in each_of({}, None)]
    + [_limit("Container", default={"cpu": 1}, defaultRequest={"cpu": 1})],
    [
        _limit("Pod", **{field: value})
        for field in ("default", "defaultRequest")
        for value in each_of({"cpu": 1}, {"x": -1})
    ]
    + [_limit("Pod", default={"cpu": 1}, defaultRequest={"cpu": 2}, max={"cpu": 0})],
    weight=3,
)
changes(
    "limit-claim",
    [_limits({"type": "PersistentVolumeClaim", field: {"storage": value}}) for field in ("min", "max") for value in each_of(1, None, "-1")],
    [_limits({"type": "PersistentVolumeClaim", **fields}) for fields in each_of({}, {"min": {}}, {"max": {"requests.storage": 1}}, {"default": {"storage": 1}}, {"min": {"cpu": 1}})],
    weight=3,
)  # fmt: skip
ORDERED = (
    ("min", "max"),
    ("min", "defaultRequest"),
    ("defaultRequest", "max"),
    ("defaultRequest", "default"),
    ("min", "default"),
    ("default", "max"),
)
AMOUNTS = (
    ("1", "1"),
    ("1", "1.001"),
    ("999m", "1"),
    ("-2", "-1"),
    ("1Gi", "1073741824"),
    ("0.0001", "0.0009"),
    ("1", "1e30"),
)
for lower, upper in ORDERED:
    pairs = [
        (kind, name)
        for kind in ("Container", "PersistentVolumeClaim", "a/b")
        for name in ("cpu", "storage")
        if kind != "Container" or name == "cpu"
    ]
    changes(
        f"limit-{lower.lower()}-{upper.lower()}",
        [_limit(kind, **{lower: {name: a}, upper: {name: b}}) for kind, name in pairs for a, b in AMOUNTS],
        [_limit(kind, **{lower: {name: b}, upper: {name: a}}) for kind, name in pairs for a, b in (("1", "1.001"), ("1", "2"), ("-2", "-1"), ("0", "1n"), ("1", "1e30"))],
        weight=2,
    )  # fmt: skip
changes(
    "limit-pod-order",
    [_limit("Pod", min={"cpu": 1}, max={"cpu": 1})],
    [_limit("Pod", min={"cpu": 2}, max={"cpu": 1}), _limit("Pod", min={"cpu": 2}, max={"cpu": 1}, default={"cpu": 0})],
)
changes(
    "limit-three",
    [_limit("Container", max={"cpu": c, "memory": 5}, min={"cpu": a}, default={"cpu": b}) for a, b, c in ((1, 2, 3), (1, 1, 1), (0, 0, 1))],
    [_limit("Container", max={"cpu": c, "memory": 5}, min={"cpu": a}, default={"cpu": b}, defaultRequest={"cpu": d}) for a, b, c, d in ((3, 2, 1, 4), (1, 2, 3, 4), (2, 3, 4, 1), (1, 5, 4, 2), (1, 3, 4, 5))],
    weight=2,
)  # fmt: skip
changes(
    "limit-overcommit",
    [_limit("Container", default={name: 2}, defaultRequest={name: request}) for name, request in (("hugepages-2Mi", 2), ("x.io/a", 2), ("cpu", 1), ("kubernetes.io/a", 1), ("x.io/a", "2000m"))]
    + [_limit("Container", default={"x.io/a": 1}), _limit("Container", max={"hugepages-1Gi": 1})],
    [_limit(kind, default={name: 2}, defaultRequest={name: request}) for kind in ("Container", "a/b") for name, request in (("hugepages-2Mi", 1), ("x.io/a", "1999m"), ("x.io/a", 3), ("hugepages-", 0))]
    + [_limit("Container", max={"x.io/a": 3}, defaultRequest={"x.io/a": 2})],
    weight=3,
)  # fmt: skip
RATIOS = ("1", "1.0", "1.5", "2", "1e3", "1000m", "1.0001")
changes(
    "limit-ratio",
    [_limit(kind, maxLimitRequestRatio={"cpu": ratio}) for kind in ("Pod", "Container") for ratio in RATIOS]
    + [_limit("Pod", min={"cpu": a}, max={"cpu": b}, maxLimitRequestRatio={"cpu": ratio}) for a, b, ratio in (
        (1, 2, 2), ("100m", 1, 10), (3, 10, "3.333"), ("1n", 1, "1000"), (0, 1, 1000), ("1Gi", "2Gi", 2), ("10000T", "20000T", 2), (0, 0, 5), (0, 1, 1), (-1, -2, 2))],
    [_limit(kind, maxLimitRequestRatio={"cpu": ratio}) for kind in ("Pod", "Container") for ratio in each_of("0.999", "0", "-1", None, "999m")]
    + [_limit("Pod", min={"cpu": a}, max={"cpu": b}, maxLimitRequestRatio={"cpu": ratio}) for a, b, ratio in (
        (1, 2, "2.001"), ("100m", 1, "10.5"), (3, 10, "3.334"), (0, -1, 1), ("1Gi", "2Gi", "2.0001"), ("10000T", "20000T", "2.5"), ("10000T", "20000T", "2.001"), (1, 1, 2), (-1, 2, 1), (2, 1, 1))],
    weight=4,
)  # fmt: skip
row("limit-amount", "spec.limits[?].max{memory}", QUANTITY)
row(
    "limit-amount-free",
    "spec.limits",
    QUANTITY,
    lambda value: [{"type": "a/b", "max": {"a/b": value}, "min": {"a/b": value}, "default": {"a/b": value}}],
)
