"""The form of a HorizontalPodAutoscaler in `autoscaling/v1` (pkg/apis/autoscaling/v1: conversion.go)."""

from __future__ import annotations

from typing import Any

from dsgen.kubernetes.semantics.conversion import BEHAVIOR, METRICS
from dsgen.tree import Path


def as_v1(value: dict[str, Any]) -> tuple[dict[str, Any], list[Path]]:
    """Return an autoscaler of `v2` as one of `v1`, and the paths in it whose values are not known.

    What `v1` has no field for, the server writes to annotations, as JSON.
    """
    spec: dict[str, Any] = dict(value["spec"])
    metrics, behavior = spec.pop("metrics", []), spec.pop("behavior", None)
    utilizations = list(map(_utilization, metrics))
    target = next((each for each in utilizations if each is not None), None)
    if target is not None:
        spec["targetCPUUtilizationPercentage"] = target
    written = ([METRICS] if None in utilizations else []) + ([] if behavior is None else [BEHAVIOR])
    metadata = value["metadata"]
    if written:
        metadata = {**metadata, "annotations": {**metadata.get("annotations", {}), **dict.fromkeys(written, "")}}
    whole = {**value, "apiVersion": "autoscaling/v1", "metadata": metadata, "spec": spec}
    return whole, [("metadata", "annotations", key) for key in written]


def _utilization(metric: dict[str, Any]) -> Any:
    """Return the utilization of the CPU that a metric aims at, or None if it has another aim."""
    resource = metric.get("resource", {})
    if metric["type"] != "Resource" or resource.get("name") != "cpu":
        return None
    return resource["target"].get("averageUtilization")
