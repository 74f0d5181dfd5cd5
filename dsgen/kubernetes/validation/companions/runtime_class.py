"""RuntimeClasses. The rules for their tolerations are those of pods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation import resources
from dsgen.kubernetes.validation.labels import label_errors
from dsgen.kubernetes.validation.node_labels import DEPRECATED
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Map

SOURCE = "pkg/apis/node/validation: ValidateRuntimeClass"
# What distinguishes a toleration from others.
KEYS: Final = ("key", "operator", "value", "effect")


@rule("RuntimeClass", source=SOURCE)
def invalid_handler(runtime_class: FieldRef) -> Iterator[FieldError]:
    """The `handler` of a RuntimeClass must be set, and be a DNS label: at most 63 lower-case letters, digits and inner `-`."""
    handler = runtime_class.get("handler", "")
    if not handler and runtime_class.pod.minor >= 36:
        yield runtime_class.required(
            "handler", "must be the name of a handler in the configuration of the container runtime"
        )
    else:
        yield from runtime_class.invalid_each("handler", formats.dns_label(handler))


@rule("RuntimeClass.overhead", source="pkg/apis/node/validation: validateOverhead", when="podFixed")
def invalid_overhead(overhead: FieldRef) -> Iterator[FieldError]:
    """The amounts in `overhead.podFixed` must be valid as limits of a container."""
    amounts = overhead.value.map("podFixed")
    node = FieldRef(amounts, overhead, ("podFixed",), scope="overhead", printed=overhead.field)
    for check in (
        *(resources.invalid_resource_name, resources.invalid_container_resource_name, resources.fractional_resource),
        *(resources.out_of_range_resource_quantity, resources.invalid_huge_pages_quantity),
        resources.missing_cpu_or_memory,
    ):
        yield from check(node)


@rule("RuntimeClass.scheduling", source="pkg/apis/node/validation: validateScheduling", when="nodeSelector")
def invalid_runtime_class_node_selector(scheduling: FieldRef) -> Iterator[FieldError]:
    """The labels in `scheduling.nodeSelector` must have valid keys, such as `example.com/tier`, and values."""
    yield from label_errors(scheduling, "nodeSelector")


@rule("RuntimeClass.scheduling", source="pkg/apis/node/validation: validateTolerations", when="tolerations")
def duplicate_toleration(scheduling: FieldRef) -> Iterator[FieldError]:
    """The tolerations of a RuntimeClass must be unique: two must not have the same `key`, `operator`, `value` and `effect`."""
    seen = set()
    for toleration in scheduling.children("tolerations"):
        own = tuple(toleration.get(name, "") for name in KEYS)
        if own in seen:
            yield toleration.duplicate("", "another toleration has the same key, operator, value and effect")
        seen.add(own)


@rule(
    "RuntimeClass.scheduling",
    source="pkg/api/node: GetWarningsForRuntimeClass",
    when="nodeSelector",
    severity="warning",
)
def deprecated_runtime_class_label(scheduling: FieldRef) -> Iterator[FieldError]:
    """`scheduling.nodeSelector` should use current node labels: `kubernetes.io/os`, not `beta.kubernetes.io/os`."""
    for key in scheduling.value.map("nodeSelector"):
        if key in DEPRECATED:
            yield scheduling.warning(("nodeSelector", key), f"`{key}`: {DEPRECATED[key]}", field="nodeSelector")


@rule("RuntimeClass-update", source="pkg/apis/node/validation: ValidateRuntimeClassUpdate", immutable=True)
def changed_handler(runtime_class: FieldRef) -> Iterator[FieldError]:
    """The `handler` of a RuntimeClass cannot be changed. To change it, delete the RuntimeClass and create it again."""
    old: Map = runtime_class.pod.old.root.value
    if runtime_class.get("handler", "") != (old.get("handler") or ""):
        yield runtime_class.invalid("handler", "cannot be changed: delete the RuntimeClass first")
