"""Tolerations of taints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.kinds import asked_once
from dsgen.kubernetes.validation.pod import Pod
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("tolerations",)

SOURCE = "pkg/apis/core/validation: ValidateTolerations"
OPERATORS: Final = ("Equal", "Exists")
COMPARISONS: Final = ("Lt", "Gt")

_NUMBER: Final = r"0|-?[1-9][0-9]*"


TOLERATION = Fields("pod.tolerations", "a toleration", SOURCE)
TOLERATION.has_format("invalid-toleration-key", "key", formats.label_key, note="An empty key tolerates all taints.")


@rule("pod.tolerations", source=SOURCE)
def missing_toleration_key(toleration: FieldRef) -> Iterator[FieldError]:
    """The `operator` of a toleration without `key`, which tolerates all taints, must be `Exists`."""
    if not toleration.get("key", "") and toleration.get("operator", "") != "Exists":
        yield toleration.invalid("operator", "must be `Exists` without a `key`")


@rule("pod.tolerations", source=SOURCE, when="tolerationSeconds")
def forbidden_toleration_seconds(toleration: FieldRef) -> Iterator[FieldError]:
    """`tolerationSeconds` requires the effect `NoExecute`, because the others evict no pods."""
    if toleration.get("tolerationSeconds") is not None and toleration.get("effect", "") != "NoExecute":
        yield toleration.invalid("effect", "must be `NoExecute` with `tolerationSeconds`")


@rule("pod.tolerations", source=SOURCE, when="value")
def invalid_toleration_value(toleration: FieldRef) -> Iterator[FieldError]:
    """With the operator `Equal` (the default), `value` must be a label value. With `Exists`, it must be empty."""
    operator, value = toleration.get("operator", ""), toleration.get("value", "")
    if operator == "Exists" and value:
        yield toleration.error("Invalid", ("value",), "must be empty with the operator `Exists`", field="operator")
    if operator in ("", "Equal"):
        for message in formats.label_value(value):
            yield toleration.error("Invalid", ("value",), message, field="operator")


@rule("pod.tolerations", source=SOURCE, when="operator")
def invalid_toleration_operator(toleration: FieldRef) -> Iterator[FieldError]:
    """The `operator` of a toleration must be `Equal` (the default) or `Exists`. `Lt` and `Gt` need a feature gate that
    is off, and are only allowed (from 1.35) in an update of an object that has them.
    """
    operator = toleration.get("operator", "")
    allowed = (*OPERATORS, *COMPARISONS) if _may_compare(toleration) else OPERATORS
    if operator and operator not in allowed:
        yield toleration.not_supported("operator", operator, allowed)


@rule("pod.tolerations", source=SOURCE, since="1.35", when="operator")
def invalid_toleration_number(toleration: FieldRef) -> Iterator[FieldError]:
    """With the operators `Lt` and `Gt`, if they are allowed, `value` must be a 64-bit whole number without `+` or
    leading zeros.
    """
    if toleration.get("operator", "") in COMPARISONS and _may_compare(toleration):
        value = toleration.get("value", "")
        if not re.fullmatch(_NUMBER, value) or not -(2**63) <= int(value) < 2**63:
            yield toleration.invalid("value", f"{str(value)!r} is not a 64-bit whole number, such as `950`")


def _may_compare(toleration: FieldRef) -> bool:
    pod = toleration.pod
    return pod.minor >= 35 and pod.kind.template is not None and _compares(pod.old)


@asked_once
def _compares(pod: Pod) -> bool:
    return any(each.get("operator", "") in COMPARISONS for each in pod.node.children("tolerations"))


TOLERATION.one_of(
    "invalid-toleration-effect",
    "effect",
    ("NoSchedule", "PreferNoSchedule", "NoExecute"),
    note="An empty effect tolerates all of them.",
)
