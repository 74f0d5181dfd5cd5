"""The metrics of HorizontalPodAutoscalers, and their targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats, quantity
from dsgen.kubernetes.validation import resource_names
from dsgen.kubernetes.validation.companions.autoscaler import version_errors
from dsgen.kubernetes.validation.object_reference import invalid_reference, missing_reference
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

METRICS = "pkg/apis/autoscaling/validation: validateMetrics"
METRIC = "pkg/apis/autoscaling/validation: validateMetricSpec"
IDENTIFIER = "pkg/apis/autoscaling/validation: validateMetricIdentifier"
TARGET = "pkg/apis/autoscaling/validation: validateMetricTarget"
SOURCE = "pkg/apis/autoscaling/validation: validateObjectSource"
RESOURCE = "pkg/apis/autoscaling/validation: validateContainerResourceSource"
# The type of a metric → its field, in the order in which the server looks for them.
FIELDS: Final = {
    "Object": "object",
    "External": "external",
    "Pods": "pods",
    "Resource": "resource",
    "ContainerResource": "containerResource",
}
TARGET_TYPES: Final = ("Utilization", "Value", "AverageValue")
OF_RESOURCES: Final = ("resource", "containerResource")


@rule("HorizontalPodAutoscaler.spec", source=METRICS)
def missing_external_metric(spec: FieldRef) -> Iterator[FieldError]:
    """An autoscaler that scales to zero (`minReplicas: 0`) must have a metric of the type `Object` or `External`: without pods
    there are no others.
    """
    types = {metric.get("type") for metric in spec.children("metrics")}
    if spec.get("minReplicas") == 0 and not types & {"Object", "External"}:
        yield spec.forbidden("metrics", "must have an Object or External metric, because `minReplicas` is 0")


@rule("HorizontalPodAutoscaler.spec.metrics", source=METRIC)
def missing_metric_type(metric: FieldRef) -> Iterator[FieldError]:
    """A metric must have a `type`."""
    if not metric.get("type"):
        yield metric.required("type", f"must be one of {', '.join(FIELDS)}")


@rule("HorizontalPodAutoscaler.spec.metrics", source=METRIC)
def invalid_metric_type(metric: FieldRef) -> Iterator[FieldError]:
    """The `type` of a metric must be `Object`, `External`, `Pods`, `Resource` or `ContainerResource`."""
    if metric.get("type", "") not in FIELDS:
        yield metric.not_supported("type", metric.get("type", ""), tuple(FIELDS))


@rule("HorizontalPodAutoscaler.spec.metrics", source=METRIC)
def missing_metric_source(metric: FieldRef) -> Iterator[FieldError]:
    """A metric must have the field that belongs to its `type`: `resource` for `Resource`, and so on."""
    field = FIELDS.get(metric.get("type", ""))
    if field and metric.get(field) is None:
        yield metric.required(field, f"must be set for the type {metric.get('type')}")


@rule("HorizontalPodAutoscaler.spec.metrics", source=METRIC)
def conflicting_metric_sources(metric: FieldRef) -> Iterator[FieldError]:
    """A metric must have no other field than the one that belongs to its `type`."""
    stated = [field for field in FIELDS.values() if metric.get(field) is not None]
    own = FIELDS.get(metric.get("type", ""))
    for field in stated if len(stated) > 1 else ():
        if field != own:
            yield metric.forbidden(field, "must not be beside the field of another type")


@rule("HorizontalPodAutoscaler.spec.metrics", source=IDENTIFIER)
def missing_metric_name(metric: FieldRef) -> Iterator[FieldError]:
    """The `metric` of an object, of pods or of an external source must have a `name`, and so must a resource."""
    source = _source(metric)
    if source:
        node = source if source.scope in OF_RESOURCES else source.part("metric")
        if not node.get("name"):
            yield node.required("name")


@rule("HorizontalPodAutoscaler.spec.metrics", source=IDENTIFIER)
def invalid_metric_name(metric: FieldRef) -> Iterator[FieldError]:
    """The `name` of a `metric` must not be `.` or `..`, nor contain `/` or `%`."""
    source = _source(metric)
    if source and source.scope not in OF_RESOURCES:
        identifier = source.part("metric")
        yield from identifier.invalid_each("name", formats.path_segment(identifier.get("name", "")))


@rule("HorizontalPodAutoscaler.spec.metrics", source="pkg/apis/autoscaling/validation: validateObjectSource")
def missing_described_object(metric: FieldRef) -> Iterator[FieldError]:
    """The `describedObject` of a metric must have a `kind` and a `name`."""
    source = _source(metric)
    if source and source.scope == "object":
        yield from missing_reference(source.part("describedObject"))


@rule("HorizontalPodAutoscaler.spec.metrics", source="pkg/apis/autoscaling/validation: validateObjectSource")
def invalid_described_object(metric: FieldRef) -> Iterator[FieldError]:
    """The `kind` and `name` of the `describedObject` must not be `.` or `..`, nor contain `/` or `%`. Since 1.34, its
    `apiVersion` must have at most one `/`, unless the old object of an update also has another.
    """
    source = _source(metric)
    if source and source.scope == "object":
        described = source.part("describedObject")
        yield from invalid_reference(described)
        wrong = version_errors(described.get("apiVersion", ""), metric.pod.minor)
        yield from described.invalid_each("apiVersion", () if wrong and _excuses_versions(metric) else wrong)


@rule("HorizontalPodAutoscaler.spec.metrics", source=RESOURCE, when="containerResource")
def invalid_container_metric_resource(metric: FieldRef) -> Iterator[FieldError]:
    """The `name` of a `containerResource` must be that of a resource that a container can have, such as `cpu`."""
    source = _source(metric)
    name = source.get("name", "") if source and source.scope == "containerResource" else ""
    if source and name:
        yield from source.invalid_each("name", resource_names.container_errors(name))


@rule("HorizontalPodAutoscaler.spec.metrics", source=RESOURCE, when="containerResource")
def invalid_container_metric_container(metric: FieldRef) -> Iterator[FieldError]:
    """A `containerResource` must have a `container`, the name of one: a DNS label."""
    source = _source(metric)
    if source and source.scope == "containerResource":
        name = source.get("container", "")
        if not name:
            yield source.required("container")
        yield from source.invalid_each("container", formats.dns_label(name) if name else ())


@rule("HorizontalPodAutoscaler.spec.metrics", source=TARGET)
def missing_target_type(metric: FieldRef) -> Iterator[FieldError]:
    """The `target` of a metric must have a `type`."""
    for target in _targets(metric):
        if not target.get("type"):
            yield target.required("type", f"must be one of {', '.join(TARGET_TYPES)}")


@rule("HorizontalPodAutoscaler.spec.metrics", source=TARGET)
def invalid_target_type(metric: FieldRef) -> Iterator[FieldError]:
    """The `type` of a `target` must be `Utilization`, `Value` or `AverageValue`."""
    for target in _targets(metric):
        stated = target.get("type", "")
        if stated not in TARGET_TYPES:
            yield target.invalid("type", f"{str(stated)!r} is not one of {', '.join(TARGET_TYPES)}")


@rule("HorizontalPodAutoscaler.spec.metrics", source=TARGET)
def out_of_range_target(metric: FieldRef) -> Iterator[FieldError]:
    """The `value` and `averageValue` of a `target` must be more than 0, and its `averageUtilization` 1 or more."""
    for target in _targets(metric):
        for field in ("value", "averageValue"):
            stated = target.get(field)
            if stated is not None and quantity.parse(stated) <= quantity.ZERO:
                yield target.invalid(field, f"must be more than 0, got {quantity.parse(stated)}")
        percentage = target.get("averageUtilization")
        if percentage is not None and percentage < 1:
            yield target.invalid("averageUtilization", f"must be 1 or more, got {int(percentage)}")


@rule("HorizontalPodAutoscaler.spec.metrics", source=SOURCE)
def missing_target_value(metric: FieldRef) -> Iterator[FieldError]:
    """The `target` of a resource must have `averageUtilization` or `averageValue`, that of pods `averageValue`, and any other
    `value` or `averageValue`.
    """
    for target in _targets(metric):
        other = "value" if target.scope in ("object", "external") else ""
        wanted = ("averageUtilization", "averageValue") if target.scope in OF_RESOURCES else ("averageValue", other)
        if all(target.get(field) is None for field in wanted):
            fields = " or ".join(f"`{field}`" for field in filter(None, wanted))
            yield target.required(wanted[0], f"must have {fields}")


@rule("HorizontalPodAutoscaler.spec.metrics", source=SOURCE)
def conflicting_target_values(metric: FieldRef) -> Iterator[FieldError]:
    """The `target` of a resource must not have both `averageUtilization` and `averageValue`, and that of an external metric not
    both `value` and `averageValue`.
    """
    for target in _targets(metric):
        if target.get("averageValue") is None:
            continue
        if target.scope in OF_RESOURCES and target.get("averageUtilization") is not None:
            yield target.forbidden("averageValue", "must not be beside `averageUtilization`")
        if target.scope == "external" and target.get("value") is not None:
            yield target.forbidden("value", "must not be beside `averageValue`")


def _source(metric: FieldRef) -> FieldRef | None:
    """Return the source of a metric that the server validates, the first, whatever the type; its `scope` is the field."""
    for field in FIELDS.values():
        found = metric.get(field)
        if found is not None:
            return FieldRef(found, metric, (field,), None, field)
    return None


def _targets(metric: FieldRef) -> Iterator[FieldRef]:
    """Yield the target of the source of a metric, if it has one; its `scope` is the field of the source."""
    source = _source(metric)
    if source:
        target = source.part("target")
        target.scope = source.scope
        yield target


def _excuses_versions(metric: FieldRef) -> bool:
    """Return whether a metric of the old object refers to an object by a version that is none."""
    old = metric.pod.old
    return old is not None and any(
        version_errors(str(each.map("object", "describedObject").get("apiVersion") or ""), metric.pod.minor)
        for each in old.root.value.map("spec").maps("metrics")
        if each.get("type") == "Object"
    )
