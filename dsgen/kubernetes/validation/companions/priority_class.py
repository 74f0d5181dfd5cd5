"""PriorityClasses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema.words import PREEMPTION_POLICIES
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/scheduling/validation: ValidatePriorityClass"
# pkg/apis/scheduling
SYSTEM_PRIORITY_CLASS_PREFIX: Final = "system-"
HIGHEST_USER_DEFINABLE_PRIORITY: Final = 1000000000
SYSTEM_PRIORITY_CLASSES: Final = {"system-node-critical": 2000001000, "system-cluster-critical": 2000000000}


@rule("PriorityClass-create", source=SOURCE)
def reserved_priority_class(priority_class: FieldRef) -> Iterator[FieldError]:
    """Names that begin with `system-` are reserved for Kubernetes' own classes: `system-node-critical`, with the value
    2000001000, and `system-cluster-critical`, with 2000000000. Neither can be the global default.
    """
    name, value = _name(priority_class), priority_class.get("value", 0)
    if not name.startswith(SYSTEM_PRIORITY_CLASS_PREFIX):
        return
    if SYSTEM_PRIORITY_CLASSES.get(name) != value or priority_class.get("globalDefault", False):
        detail = f"{name!r} with the value {int(value)} is not one of Kubernetes' own, and other names must not begin with `system-`"
        yield priority_class.forbidden(("metadata", "name"), detail)


@rule("PriorityClass-create", source=SOURCE, when="value")
def out_of_range_priority_class_value(priority_class: FieldRef) -> Iterator[FieldError]:
    """The `value` of a user-defined class must be at most 1000000000. Higher values are reserved for Kubernetes."""
    value = priority_class.get("value", 0)
    own = not _name(priority_class).startswith(SYSTEM_PRIORITY_CLASS_PREFIX)
    if own and value > HIGHEST_USER_DEFINABLE_PRIORITY:
        yield priority_class.forbidden("value", f"must be at most {HIGHEST_USER_DEFINABLE_PRIORITY}, got {int(value)}")


@rule("PriorityClass-create", source=SOURCE, when="preemptionPolicy")
def invalid_priority_class_preemption_policy(priority_class: FieldRef) -> Iterator[FieldError]:
    """`preemptionPolicy` must be `PreemptLowerPriority` (the default) or `Never`."""
    policy = priority_class.get("preemptionPolicy")
    if policy == "":
        yield priority_class.required("preemptionPolicy", "must be `PreemptLowerPriority` or `Never`, or left out")
    elif policy is not None and policy not in PREEMPTION_POLICIES:
        yield priority_class.not_supported("preemptionPolicy", policy, PREEMPTION_POLICIES)


@rule("PriorityClass-update", source="pkg/apis/scheduling/validation: ValidatePriorityClassUpdate", immutable=True)
def changed_priority_class(priority_class: FieldRef) -> Iterator[FieldError]:
    """The `value` and `preemptionPolicy` of a PriorityClass cannot be changed. To change them, delete the class and create
    it again.
    """
    old = priority_class.pod.old.root
    if priority_class.get("value", 0) != old.get("value", 0):
        yield priority_class.forbidden("value", f"cannot be changed; it was {int(old.get('value', 0))}")
    if priority_class.get("preemptionPolicy") != old.get("preemptionPolicy"):
        yield priority_class.invalid(
            "preemptionPolicy", f"cannot be changed; it was {str(old.get('preemptionPolicy'))!r}"
        )


def _name(priority_class: FieldRef) -> str:
    """Return the name, or the beginning of a generated one."""
    metadata = priority_class.value.map("metadata")
    return str(metadata.get("name") or metadata.get("generateName") or "")
