"""HorizontalPodAutoscalers: target, limits, behavior."""

import json

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, changes, each_of, row, updates
from conformance.mutations.values import LONG, QUANTITY

SEGMENT = Pool(["a", "A b", "...", ".a", "ä", LONG[257]], [".", "..", "a/b", "%", "/", "", None])
TARGET = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "a"}
BEHAVIOR = "metadata.annotations{autoscaling.alpha.kubernetes.io/behavior}"
POLICY = {"type": "Pods", "value": 1, "periodSeconds": 15}
EXTERNAL = {"type": "External", "external": {"metric": {"name": "a"}, "target": {"type": "Value", "value": 1}}}
V2 = {"apiVersion": "autoscaling/v2", "spec.targetCPUUtilizationPercentage": DROP}
V1 = {"apiVersion": "autoscaling/v1", "spec.metrics": DROP, "spec.behavior": DROP}

row("autoscaler-kind", "spec.scaleTargetRef.kind", SEGMENT.plus(["ReplicationController"]), weight=2)
row("autoscaler-target-name", "spec.scaleTargetRef.name", SEGMENT, weight=2)
VERSIONS = Pool(["apps/v1", "a/b", "x.io/"], ["v1", "", None, "/v1", "/", "//", "a/b/c", "apps"])
row(
    "autoscaler-version",
    "spec.scaleTargetRef.apiVersion",
    VERSIONS,
    also={"spec.scaleTargetRef.kind": "Deployment"},
    weight=3,
)
row(
    "autoscaler-controller-version",
    "spec.scaleTargetRef.apiVersion",
    VERSIONS,
    also={"spec.scaleTargetRef.kind": "ReplicationController"},
    weight=2,
)
row("autoscaler-target", "spec.scaleTargetRef", Pool([TARGET], [{}, None, DROP, {"kind": "a"}, {"name": "a"}]))
row("autoscaler-spec", "spec", Pool([{"scaleTargetRef": TARGET, "maxReplicas": 1}], [{}, None, DROP]))
changes(
    "autoscaler-replicas",
    [{"spec.minReplicas": least, "spec.maxReplicas": most} for least, most in each_of((1, 1), (None, 1), (DROP, 5), (5, 5), (1, 2147483647))],
    [{"spec.minReplicas": least, "spec.maxReplicas": most} for least, most in each_of((2, 1), (0, 0), (-1, 1), (None, 0), (1, DROP), (0, 1), (0, -1), (5, -1), (-1, -1), (None, None))],
    weight=5,
)  # fmt: skip
changes(
    "autoscaler-zero",
    [{**V2, "spec.minReplicas": 0, "spec.maxReplicas": 1, "spec.metrics": [EXTERNAL]}, {**V2, "spec.minReplicas": 1, "spec.metrics": DROP}],
    [{**V2, "spec.minReplicas": 0, "spec.maxReplicas": 1, "spec.metrics": metrics} for metrics in each_of(DROP, [], [{**EXTERNAL, "type": "Pods"}], [{"type": "Object"}], [{"type": "External"}])],
    weight=4,
)  # fmt: skip
for direction in ("scaleUp", "scaleDown"):
    place = f"spec.behavior.{direction}"
    row(
        f"{direction}-window".lower(),
        f"{place}.stabilizationWindowSeconds",
        Pool([0, 3600, 1, None], [-1, 3601, 2147483647]),
        also=V2,
        weight=2,
    )
    row(
        f"{direction}-select".lower(),
        f"{place}.selectPolicy",
        Pool(["Max", "Min", "Disabled", None], ["", "max", "None"]),
        also=V2,
        weight=2,
    )
    row(
        f"{direction}-policies".lower(),
        f"{place}.policies",
        Pool([None, DROP, [POLICY], [POLICY, POLICY]], [[], [{}], [None]]),
        also=V2,
        weight=2,
    )
    row(f"{direction}-tolerance".lower(), f"{place}.tolerance", QUANTITY, also=V2, weight=2)
    for field, pool in {
        "type": Pool(["Pods", "Percent"], ["", "pods", None, "Max"]),
        "value": Pool([1, 2147483647], [0, -1, None]),
        "periodSeconds": Pool([1, 1800], [0, -1, 1801, None]),
    }.items():
        row(
            f"{direction}-policy-{field}".lower(),
            f"{place}.policies",
            pool,
            lambda value, field=field: [POLICY, {**POLICY, field: value}],
            also=V2,
            weight=1.5,
        )
row(
    "autoscaler-behavior",
    "spec.behavior",
    Pool([None, {}, {"scaleUp": None}, {"scaleUp": {}, "scaleDown": {}}], [[], {"scaleUp": {"policies": []}}]),
    also=V2,
    weight=2,
)
NOTED = Pool(
    [
        {}, {"scaleUp": None}, {"SCALEUP": {"policies": [POLICY]}}, {"ScaleDown": {"Policies": [{"type": "Percent", "VALUE": 5, "periodseconds": 5, "x": []}], "tolerance": "0.1"}},
        {"scaleUp": {"policies": [{**POLICY, "value": 1.5}]}}, {"scaleUp": {"policies": [{**POLICY, "value": "1"}]}}, {"scaleUp": {"selectPolicy": 1}}, {"scaleUp": {"tolerance": "x"}}, [], "a", {"x": 1},
        {"scaleUp": {"policies": [{**POLICY, "value": 2147483648}]}}, {"scaleUp": []}, {"scaleUp": {"policies": {}}}, {"scaleUp": {"tolerance": True}},
    ],
    [
        {"scaleUp": {}}, {"scaleDown": {"policies": []}}, {"scaleUp": {"policies": [None]}}, {"scaleUp": {"policies": [{**POLICY, "periodSeconds": 1801}]}}, {"scaleUp": {"policies": [POLICY], "selectPolicy": ""}},
        {"scaleUp": {"policies": [POLICY], "stabilizationWindowSeconds": -1}}, {"scaleUp": {"policies": [POLICY], "tolerance": -1}}, {"scaleUp": {"policies": [POLICY], "tolerance": "-0.5"}},
    ],
)  # fmt: skip
row("autoscaler-behavior-note", BEHAVIOR, NOTED, json.dumps, also=V1, weight=5)
row(
    "autoscaler-behavior-text",
    BEHAVIOR,
    Pool(
        ["", "null", "{", "{} x", " {} ", "NaN", '{"scaleUp": {"tolerance": NaN}}'],
        ['{"scaleUp": {}, "scaleUp": null}'],
    ),
    also=V1,
)
row("autoscaler-note-size", BEHAVIOR, Pool(["x" * 300000], []), weight=0.2)
row("autoscaler-generation", "metadata.generation", Pool([0, 1], [-1]), weight=2)
row("autoscaler-status", "status", Pool([None, {}, {"currentReplicas": -1, "desiredReplicas": -1}], [[]]))


def _min(number: Json, **more: Json) -> Json:
    return {**V2, "spec.minReplicas": number, "spec.maxReplicas": 3, "spec.metrics": [EXTERNAL], **more}


updates(
    "update-autoscaler-zero",
    [(_min(0), _min(0)), (_min(0), _min(1)), (_min(1), _min(2))],
    [(_min(1), _min(0)), (_min(None), _min(0)), (_min(0), _min(-1)), (_min(0), {**_min(0), "spec.metrics": DROP})],
    weight=4,
)


def _refer(kind: Json, version: Json) -> Json:
    return {"spec.scaleTargetRef": {"kind": kind, "name": "a", "apiVersion": version}}


updates(
    "update-autoscaler-version",
    [(_refer("A", version), _refer("A", version)) for version in VERSIONS.bad] + [(_refer("A", None), _refer("A", "")), (_refer("A", "v1"), _refer("B", "a/b"))],
    [(_refer(a, old), _refer(b, new)) for a, old, b, new in each_of(("A", "v1", "B", "v1"), ("A", "", "A", "v1"), ("ReplicationController", "v1", "A", "v1"), ("A", "v1", "ReplicationController", "a/b/c"))],
    weight=4,
)  # fmt: skip
TOLERANT = {**V2, "spec.behavior": {"scaleUp": {"tolerance": "0.1"}}}
updates(
    "update-autoscaler-tolerance",
    [({**V2, "spec.behavior": behavior}, {**V2, "spec.behavior": {"scaleDown": {"tolerance": "0.2"}}}) for behavior in each_of(None, {}, {"scaleUp": {"tolerance": "0.1"}})],
    [(TOLERANT, {**V2, "spec.behavior": {"scaleDown": {"tolerance": "-1"}}}), ({**V2, "spec.behavior": {}}, {**V2, "spec.behavior": {"scaleDown": {"tolerance": "-1"}}})],
    weight=4,
)  # fmt: skip
