"""HorizontalPodAutoscalers: metrics."""

import json

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, changes, each_of, row, updates
from conformance.mutations.values import DNS_LABEL, LONG, QUANTITY

V2 = {"apiVersion": "autoscaling/v2", "spec.targetCPUUtilizationPercentage": DROP}
V1 = {"apiVersion": "autoscaling/v1", "spec.metrics": DROP, "spec.behavior": DROP}
NOTE = "metadata.annotations{autoscaling.alpha.kubernetes.io/metrics}"
SEGMENT = Pool(["a", "A b", "...", ".a", "ä", LONG[257]], [".", "..", "a/b", "%", "/", "", None])
VALUE = {"type": "Value", "value": 1}
AVERAGE = {"type": "AverageValue", "averageValue": 1}
UTILIZATION = {"type": "Utilization", "averageUtilization": 1}
OBJECT = {"metric": {"name": "a"}, "describedObject": {"apiVersion": "v1", "kind": "A", "name": "b"}, "target": VALUE}
SOURCES: dict[str, Json] = {
    "Object": ("object", OBJECT),
    "External": ("external", {"metric": {"name": "a"}, "target": VALUE}),
    "Pods": ("pods", {"metric": {"name": "a"}, "target": AVERAGE}),
    "Resource": ("resource", {"name": "cpu", "target": UTILIZATION}),
    "ContainerResource": ("containerResource", {"name": "cpu", "container": "a", "target": UTILIZATION}),
}


def _metrics(*metrics: Json) -> Json:
    return {**V2, "spec.metrics": list(metrics)}


def _metric(kind: str, **fields: Json) -> Json:
    field, source = SOURCES[kind]
    return {"type": kind, field: {**source, **fields}}


changes(
    "metric-type",
    [_metrics(_metric(kind)) for kind in SOURCES] + [{**V2, "spec.metrics": value} for value in each_of([], None, DROP)],
    [_metrics({**_metric("Pods"), "type": kind}) for kind in each_of("", None, "pods", "Custom")] + [_metrics(value) for value in each_of({}, None, {"type": "x"})],
    weight=4,
)  # fmt: skip
changes(
    "metric-source",
    [_metrics({**_metric(kind), other: None}) for kind, other in (("Object", "pods"), ("Pods", "resource"))],
    [_metrics({"type": kind}) for kind in SOURCES]
    + [_metrics({"type": kind, SOURCES[other][0]: SOURCES[other][1]}) for kind in SOURCES for other in SOURCES if kind != other]
    + [_metrics({**_metric(kind), SOURCES[other][0]: value}) for kind in SOURCES for other in SOURCES if kind != other for value in each_of({}, SOURCES[other][1])]
    + [_metrics({"type": "x", "object": {}, "pods": {}}), _metrics({"type": "x", "pods": {}}), _metrics({**_metric("Pods"), "object": {}, "external": {}})],
    weight=5,
)  # fmt: skip
for kind in ("Object", "External", "Pods"):
    row(
        f"metric-name-{kind.lower()}",
        "spec.metrics",
        SEGMENT,
        lambda name, kind=kind: [_metric(kind, metric={"name": name})],
        also=V2,
        weight=1.5,
    )
    changes(
        f"metric-identifier-{kind.lower()}",
        [
            _metrics(_metric(kind, metric={"name": "a", "selector": value}))
            for value in each_of(None, {}, {"matchLabels": {"-": "-"}}, {"matchExpressions": [{}]})
        ],
        [_metrics(_metric(kind, metric=value)) for value in each_of({}, None)],
        weight=1.5,
    )
for field in ("kind", "name"):
    row(
        f"metric-described-{field}",
        "spec.metrics",
        SEGMENT,
        lambda name, field=field: [_metric("Object", describedObject={"kind": "a", "name": "b", field: name})],
        also=V2,
        weight=1.5,
    )
row(
    "metric-described-version",
    "spec.metrics",
    Pool(["apps/v1", "", "v1", None, "/", "x/"], ["a/b/c", "//", "///"]),
    lambda version: [_metric("Object", describedObject={"kind": "a", "name": "b", "apiVersion": version})],
    also=V2,
    weight=3,
)
changes(
    "metric-described",
    [_metrics(_metric("Object"))],
    [_metrics(_metric("Object", describedObject=value)) for value in each_of({}, None)],
)
TARGETS = each_of(
    VALUE, AVERAGE, UTILIZATION, {**VALUE, "averageValue": 1}, {**AVERAGE, "averageUtilization": 1}, {**VALUE, "averageUtilization": 1}, {**VALUE, "averageValue": 1, "averageUtilization": 1},
    {"type": "Value"}, {"type": "", "value": 1}, {"type": "value", "value": 1, "averageUtilization": 5}, {"value": 1, "averageValue": 1, "averageUtilization": 1}, {}, None,
    {"type": "Utilization", "averageUtilization": 0}, {"type": "Utilization", "averageUtilization": -1, "averageValue": 0}, {"type": "Value", "value": 0}, {"type": "Value", "value": "-1", "averageValue": "1n"},
    {"type": "AverageValue", "averageValue": "0.0"}, {"type": "AverageValue", "averageValue": "-1m", "averageUtilization": 2147483647}, {"type": "AverageValue", "averageValue": None},
)  # fmt: skip
for kind in SOURCES:
    changes(
        f"metric-target-{kind.lower()}",
        [_metrics(_metric(kind))],
        [_metrics(_metric(kind, target=target)) for target in TARGETS],
        weight=3,
    )
row(
    "metric-target-value",
    "spec.metrics",
    QUANTITY,
    lambda value: [_metric("External", target={"type": "Value", "value": value})],
    also=V2,
    weight=2,
)
row(
    "metric-target-average",
    "spec.metrics",
    QUANTITY,
    lambda value: [_metric("Pods", target={"type": "AverageValue", "averageValue": value})],
    also=V2,
    weight=2,
)
row(
    "metric-resource-name",
    "spec.metrics",
    Pool(["cpu", "x", "a/b/c"], ["", None]),
    lambda name: [_metric("Resource", name=name)],
    also=V2,
    weight=2,
)
RESOURCES = Pool(
    ["cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "x.io/gpu", "kubernetes.io/a"],
    ["", None, "storage", "pods", "gpu", "requests.cpu", "requests.x.io/a", f"{LONG[245]}/a", "a/b/c", "-a"],
    noisy=True,
)
row(
    "metric-container-resource",
    "spec.metrics",
    RESOURCES,
    lambda name: [_metric("ContainerResource", name=name)],
    also=V2,
    weight=3,
)
row(
    "metric-container",
    "spec.metrics",
    DNS_LABEL.plus([], ["", None]),
    lambda name: [_metric("ContainerResource", container=name)],
    also=V2,
    weight=3,
)


def _described(version: Json, kind: str = "Object") -> Json:
    return _metrics(
        {"type": kind, "object": {**OBJECT, "describedObject": {"kind": "a", "name": "b", "apiVersion": version}}}
    )


updates(
    "update-metric-version",
    [(_described("a/b/c"), _described(version)) for version in ("a/b/c", "//", "v1")],
    [
        (_described(old, kind), _described("a/b/c"))
        for old, kind in each_of(("v1", "Object"), (None, "Object"), ("a/b/c", "Pods"))
    ],
    weight=4,
)
row(
    "cpu-percentage",
    "spec.targetCPUUtilizationPercentage",
    Pool([1, 80, None, 2147483647], [0, -1, "1"]),
    also=V1,
    weight=3,
)


def _noted(*metrics: Json) -> Json:
    return {**V1, NOTE: json.dumps(metrics)}


OLD_OBJECT = {"target": {"kind": "A", "name": "b", "apiVersion": "v1"}, "metricName": "a", "targetValue": "1"}
OLD_PODS = {"metricName": "a", "targetAverageValue": "1"}
OLD_RESOURCE = {"name": "cpu", "targetAverageUtilization": 5}
OLD_EXTERNAL = {"metricName": "a", "targetValue": "1", "metricSelector": {"matchLabels": {"a": "b"}}}
changes(
    "metric-note",
    [
        _noted(*metrics)
        for metrics in each_of(
            [], [{"type": "Pods", "pods": OLD_PODS}], [{"TYPE": "Object", "Object": OLD_OBJECT, "x": {}}], [{"type": "Resource", "resource": OLD_RESOURCE}], [{"type": "External", "external": OLD_EXTERNAL}],
            [{"type": "ContainerResource", "containerResource": {**OLD_RESOURCE, "container": "a"}}], [{"type": "Resource", "resource": {"name": "cpu", "targetAverageValue": 1.5}}],
            [{"type": "Object", "object": {**OLD_OBJECT, "averageValue": 1}}], [{"type": "External", "external": {"metricName": "a", "targetAverageValue": "1k"}}], [{"type": 1}],
            [{"type": "Resource", "resource": {**OLD_RESOURCE, "targetAverageUtilization": 1.0}}], [{"type": "Resource", "resource": {**OLD_RESOURCE, "targetAverageUtilization": "5"}}],
            [{"type": "Pods", "pods": {**OLD_PODS, "targetAverageValue": "x"}}], [{"type": "Pods", "pods": {**OLD_PODS, "selector": {"matchLabels": {"a": 1}}}}], [[]],
            [{"type": "Object", "object": {**OLD_OBJECT, "targetValue": "0", "averageValue": 1}}],
        )
    ]
    + [{**V1, NOTE: text} for text in ("", "null", "{}", "[", "[] x", "NaN", " [ ] ", "a", '[{"type": "x"} ]]')],
    [
        _noted(*metrics)
        for metrics in each_of(
            [{}], [None], [{"type": "x"}], [{"type": "Pods"}], [{"type": "Pods", "pods": {}}], [{"type": "Pods", "pods": {**OLD_PODS, "metricName": "a/b"}}], [{"type": "Object", "object": {}}],
            [{"type": "Object", "object": {**OLD_OBJECT, "targetValue": None}}], [{"type": "Object", "object": {**OLD_OBJECT, "target": {"apiVersion": "a/b/c"}}}], [{"type": "Resource", "resource": {}}],
            [{"type": "Resource", "resource": {**OLD_RESOURCE, "targetAverageValue": 1}}], [{"type": "Resource", "resource": {**OLD_RESOURCE, "targetAverageUtilization": 0}}], [{"type": "External", "external": {}}],
            [{"type": "External", "external": {**OLD_EXTERNAL, "targetAverageValue": "1"}}], [{"type": "ContainerResource", "containerResource": {"name": "pods"}}], [{"type": "Pods", "pods": {**OLD_PODS, "targetAverageValue": -1}}],
            [{"type": "Object", "object": {**OLD_OBJECT, "averageValue": "-1"}}], [{"type": "Pods", "pods": OLD_PODS, "object": OLD_OBJECT}],
        )
    ],
    weight=8,
)  # fmt: skip
row("metric-note-ignored", NOTE, Pool(["x", '[{"type": "x"}]', "[{}]"], []), also=V2)
