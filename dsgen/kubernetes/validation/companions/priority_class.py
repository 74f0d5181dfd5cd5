"""Priority classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.pod import part
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/scheduling/validation: ValidatePriorityClass"
# pkg/apis/scheduling
SYSTEM_PRIORITY_CLASS_PREFIX: Final = "system-"
HIGHEST_USER_DEFINABLE_PRIORITY: Final = 1000000000
SYSTEM_PRIORITY_CLASSES: Final = {"system-node-critical": 2000001000, "system-cluster-critical": 2000000000}
PREEMPTION_POLICIES: Final = ("PreemptLowerPriority", "Never")


@rule("reserved-priority-class", "PriorityClass", source=SOURCE)
def reserved_priority_class(priority_class: FieldRef) -> Iterator[FieldError]:
    """
    Names that begin with `system-` are Kubernetes' own: `system-node-critical`, with the value 2000001000, and
    `system-cluster-critical`, with 2000000000; neither is the global default.
    """
    name, value = _name(priority_class), priority_class.get("value", 0)
    if not name.startswith(SYSTEM_PRIORITY_CLASS_PREFIX):
        return
    if SYSTEM_PRIORITY_CLASSES.get(name) != value or priority_class.get("globalDefault", False):
        detail = f"{name!r} with the value {int(value)} is none of Kubernetes' own, and other names cannot begin with `system-`"
        yield priority_class.forbidden(("metadata", "name"), detail)


@rule("out-of-range-priority-class-value", "PriorityClass", source=SOURCE, when="value")
def out_of_range_priority_class_value(priority_class: FieldRef) -> Iterator[FieldError]:
    """The `value` of a class of one's own is at most 1000000000; higher ones are kept for Kubernetes."""
    value = priority_class.get("value", 0)
    own = not _name(priority_class).startswith(SYSTEM_PRIORITY_CLASS_PREFIX)
    if own and value > HIGHEST_USER_DEFINABLE_PRIORITY:
        yield priority_class.forbidden("value", f"{int(value)} is more than {HIGHEST_USER_DEFINABLE_PRIORITY}")


@rule("invalid-priority-class-preemption-policy", "PriorityClass", source=SOURCE, when="preemptionPolicy")
def invalid_priority_class_preemption_policy(priority_class: FieldRef) -> Iterator[FieldError]:
    """`preemptionPolicy` is `PreemptLowerPriority` (the default) or `Never`."""
    policy = priority_class.get("preemptionPolicy")
    if policy == "":
        yield priority_class.required("preemptionPolicy", "state `PreemptLowerPriority` or `Never`, or leave it out")
    elif policy is not None and policy not in PREEMPTION_POLICIES:
        yield priority_class.not_supported("preemptionPolicy", policy, PREEMPTION_POLICIES)


def _name(priority_class: FieldRef) -> str:
    """Return the name, or how a generated one begins."""
    metadata = part(priority_class.value, "metadata")
    return str(metadata.get("name") or metadata.get("generateName") or "")
