"""Tolerations of taints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.pod import Pod, asked_once
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: ValidateTolerations"
OPERATORS: Final = ("Equal", "Exists")
COMPARISONS: Final = ("Lt", "Gt")
EFFECTS: Final = ("NoSchedule", "PreferNoSchedule", "NoExecute")

_NUMBER: Final = r"0|-?[1-9][0-9]*"


@rule("invalid-toleration-key", "toleration", source=SOURCE, when="key")
def invalid_toleration_key(toleration: FieldRef) -> Iterator[FieldError]:
    """A toleration's `key` is a label key, or empty for all taints."""
    key = toleration.get("key", "")
    for message in formats.label_key(key) if key else ():
        yield toleration.invalid("key", message)


@rule("missing-toleration-key", "toleration", source=SOURCE)
def missing_toleration_key(toleration: FieldRef) -> Iterator[FieldError]:
    """A toleration without `key` is for all taints, so its `operator` is `Exists`."""
    if not toleration.get("key", "") and toleration.get("operator", "") != "Exists":
        yield toleration.invalid("operator", "without `key` the operator is `Exists`")


@rule("forbidden-toleration-seconds", "toleration", source=SOURCE, when="tolerationSeconds")
def forbidden_toleration_seconds(toleration: FieldRef) -> Iterator[FieldError]:
    """`tolerationSeconds` goes with the effect `NoExecute`: the others evict nobody."""
    if toleration.get("tolerationSeconds") is not None and toleration.get("effect", "") != "NoExecute":
        yield toleration.invalid("effect", "with `tolerationSeconds` the effect is `NoExecute`")


@rule("invalid-toleration-value", "toleration", source=SOURCE, when="value")
def invalid_toleration_value(toleration: FieldRef) -> Iterator[FieldError]:
    """With the operator `Equal` (the default) `value` is a label value, with `Exists` there is none."""
    operator, value = toleration.get("operator", ""), toleration.get("value", "")
    if operator == "Exists" and value:
        yield toleration.error("Invalid", ("value",), "`Exists` takes no value", field="operator")
    if operator in ("", "Equal"):
        for message in formats.label_value(value):
            yield toleration.error("Invalid", ("value",), message, field="operator")


@rule("invalid-toleration-operator", "toleration", source=SOURCE, when="operator")
def invalid_toleration_operator(toleration: FieldRef) -> Iterator[FieldError]:
    """A toleration's `operator` is `Equal` (the default) or `Exists`. `Lt` and `Gt` are behind a gate that is off, and allowed
    only (from 1.35) in an update of an object that has them.
    """
    operator = toleration.get("operator", "")
    allowed = (*OPERATORS, *COMPARISONS) if _may_compare(toleration) else OPERATORS
    if operator and operator not in allowed:
        yield toleration.not_supported("operator", operator, allowed)


@rule("invalid-toleration-number", "toleration", source=SOURCE, since="1.35", when="operator")
def invalid_toleration_number(toleration: FieldRef) -> Iterator[FieldError]:
    """With the operators `Lt` and `Gt`, where they are allowed, `value` is a whole number of 64 bits, written plainly: no `+`, no
    leading zeros.
    """
    if toleration.get("operator", "") in COMPARISONS and _may_compare(toleration):
        value = toleration.get("value", "")
        if not re.fullmatch(_NUMBER, value) or not -(2**63) <= int(value) < 2**63:
            yield toleration.invalid("value", f"{str(value)!r} is no whole number of 64 bits, such as `950`")


def _may_compare(toleration: FieldRef) -> bool:
    return toleration.pod.minor >= 35 and _compares(toleration.pod.old)


@asked_once
def _compares(pod: Pod) -> bool:
    return any(each.get("operator", "") in COMPARISONS for each in pod.node.children("tolerations"))


@rule("invalid-toleration-effect", "toleration", source=SOURCE, when="effect")
def invalid_toleration_effect(toleration: FieldRef) -> Iterator[FieldError]:
    """A toleration's `effect` is `NoSchedule`, `PreferNoSchedule` or `NoExecute`, or empty for all of them."""
    effect = toleration.get("effect", "")
    if effect and effect not in EFFECTS:
        yield toleration.not_supported("effect", effect, EFFECTS)
