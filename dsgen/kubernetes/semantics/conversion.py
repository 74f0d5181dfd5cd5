"""From the version of a kind that a manifest is written in to the form that the API server validates (pkg/apis: conversion.go).

That is the form of the newest version, for the kinds with several: a HorizontalPodAutoscaler of `autoscaling/v1` keeps what only `v2` has
in annotations, and a claim for devices of `resource.k8s.io/v1beta1` has no `exactly`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from dsgen.kubernetes.schema import quantity
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.semantics.device_requests import with_exactly
from dsgen.kubernetes.semantics.go_json import INT32, QUANTITY, STRING, read
from dsgen.plain import plain
from dsgen.tree import Integer, List, Map, Text, origin_of

AUTOSCALER: Final = "HorizontalPodAutoscaler"
RESOURCE_GROUP: Final = "resource.v1"
AUTOSCALER_V1: Final = "autoscaling.v1.HorizontalPodAutoscaler"
_NOTES: Final = "autoscaling.alpha.kubernetes.io/"
METRICS: Final = f"{_NOTES}metrics"
BEHAVIOR: Final = f"{_NOTES}behavior"
# The annotations that the server takes away as it reads an autoscaler of any version.
TAKEN_AWAY: Final = (
    METRICS, BEHAVIOR, *(f"{_NOTES}{name}" for name in ("scale-down-tolerance", "scale-up-tolerance", "current-metrics", "conditions")),
)  # fmt: skip
# pkg/apis/autoscaling: DefaultCPUUtilization, a percentage.
DEFAULT_CPU_UTILIZATION: Final = 80
# The first minor that leaves a `targetValue` of 0 out if there is an average.
WITHOUT_ZERO: Final = 36

_REFERENCE: Final = {"kind": STRING, "name": STRING, "apiVersion": STRING}
_EXPRESSION: Final = {"key": STRING, "operator": STRING, "values": [STRING]}
_SELECTOR: Final = {"matchLabels": {"*": STRING}, "matchExpressions": [_EXPRESSION]}
_RESOURCE: Final = {"name": STRING, "targetAverageUtilization": INT32, "targetAverageValue": QUANTITY}
_METRIC_V1: Final = {
    "type": STRING,
    "object": {
        "target": _REFERENCE, "metricName": STRING, "targetValue": QUANTITY, "selector": _SELECTOR, "averageValue": QUANTITY,
    },
    "pods": {"metricName": STRING, "targetAverageValue": QUANTITY, "selector": _SELECTOR},
    "resource": _RESOURCE,
    "containerResource": {**_RESOURCE, "container": STRING},
    "external": {
        "metricName": STRING, "metricSelector": _SELECTOR, "targetValue": QUANTITY, "targetAverageValue": QUANTITY,
    },
}  # fmt: skip
_SCALING_RULES: Final = {
    "stabilizationWindowSeconds": INT32,
    "selectPolicy": STRING,
    "policies": [{"type": STRING, "value": INT32, "periodSeconds": INT32}],
    "tolerance": QUANTITY,
}
_BEHAVIOR: Final = {"scaleUp": _SCALING_RULES, "scaleDown": _SCALING_RULES}


def converted(root: Map, type: str, minor: str) -> Map:
    """Return the defaulted object `root` of a `type` as the server validates it. `root` is not changed."""
    if type.startswith(RESOURCE_GROUP):
        return with_exactly(root, type.rpartition(".")[2])
    if type not in (AUTOSCALER, AUTOSCALER_V1):
        return root
    if type == AUTOSCALER_V1:
        root = root.replaced("spec", _autoscaler_spec(root, minor_number(minor)))
    metadata = root.map("metadata")
    annotations = metadata.map("annotations")
    if annotations.keys().isdisjoint(TAKEN_AWAY):
        return root
    return root.replaced("metadata", metadata.replaced("annotations", annotations.without(*TAKEN_AWAY)))


def effective_notes(root: Map) -> dict[str, Text]:
    """Return the annotations of an autoscaler of `autoscaling/v1` that the server reads for what only `v2` has, in one spelling."""
    import json

    if root.get("apiVersion") != "autoscaling/v1":
        return {}
    annotations = root.map("metadata", "annotations")
    found: dict[str, Text] = {}
    for key, shape in ((METRICS, [_METRIC_V1]), (BEHAVIOR, _BEHAVIOR)):
        with suppress(ValueError):
            value = _annotation(annotations, key, shape)
            if value:
                found[key] = Text.at(json.dumps(plain(value), sort_keys=True), origin_of(annotations[key]))
    return found


def _autoscaler_spec(root: Map, minor: int) -> Map:
    spec, annotations = root.map("spec"), root.map("metadata", "annotations")
    metrics: list[Map] = []
    utilization = spec.get("targetCPUUtilizationPercentage")
    if isinstance(utilization, int):
        metrics = [_cpu_utilization(utilization, origin_of(utilization))]
    with suppress(ValueError):  # the server ignores what it cannot read
        metrics = [*(_metric(each, minor) for each in _annotation(annotations, METRICS, [_METRIC_V1])), *metrics]
    changes: dict[str, Any] = {"metrics": List(metrics or [_cpu_utilization(DEFAULT_CPU_UTILIZATION, origin_of(spec))])}
    with suppress(ValueError):
        behavior = _annotation(annotations, BEHAVIOR, _BEHAVIOR)
        if behavior:
            changes["behavior"] = behavior
    return spec.without("targetCPUUtilizationPercentage").updated(changes)


def _annotation(annotations: Map, key: str, shape: Any) -> Any:
    text = annotations.get(key)
    return read(str(text), shape, origin_of(text)) or () if text is not None else ()


def _cpu_utilization(percentage: int, place: Any) -> Map:
    target: dict[str, Any] = {"type": "Utilization", "averageUtilization": Integer.at(int(percentage), place)}
    resource: dict[str, Any] = {"name": "cpu", "target": Map(target, place)}
    metric: dict[str, Any] = {"type": "Resource", "resource": Map(resource, place)}
    return Map(metric, place)


def _metric(metric: Map, minor: int) -> Map:
    """Return a metric of `v1` as one of `v2`."""
    makers = {
        "object": lambda source: _object(source, minor),
        "pods": _pods,
        "resource": _resource,
        "containerResource": _resource,
        "external": _external,
    }
    return metric.updated({name: make(metric.map(name)) for name, make in makers.items() if name in metric})


def _object(source: Map, minor: int) -> Map:
    value: Any = source.get("targetValue", Text.at("0", source.place))
    average = source.get("averageValue")
    left_out = average is not None and minor >= WITHOUT_ZERO and not quantity.parse(value)
    target = _target("Value" if average is None else "AverageValue", None if left_out else value, average)
    described = {"describedObject": source.map("target")}
    return source.with_items({**described, **_identifier(source, "selector"), "target": target})


def _pods(source: Map) -> Map:
    average = source.get("targetAverageValue", Text.at("0", source.place))
    return source.with_items({**_identifier(source, "selector"), "target": _target("AverageValue", None, average)})


def _external(source: Map) -> Map:
    value, average = source.get("targetValue"), source.get("targetAverageValue")
    target = _target("AverageValue" if value is None else "Value", value, average)
    return source.with_items({**_identifier(source, "metricSelector"), "target": target})


def _resource(source: Map) -> Map:
    utilization = source.get("targetAverageUtilization")
    target = _target("AverageValue" if utilization is None else "Utilization", None, source.get("targetAverageValue"))
    if utilization is not None:
        target = target.updated({"averageUtilization": utilization})
    return source.without("targetAverageUtilization", "targetAverageValue").updated({"target": target})


def _identifier(source: Map, selector: str) -> dict[str, Any]:
    stated = {"name": source.get("metricName"), "selector": source.get(selector)}
    return {"metric": source.with_items({key: value for key, value in stated.items() if value is not None})}


def _target(type: str, value: Any, average: Any) -> Map:
    stated = {"type": type, "value": value, "averageValue": average}
    return Map({key: each for key, each in stated.items() if each is not None})
