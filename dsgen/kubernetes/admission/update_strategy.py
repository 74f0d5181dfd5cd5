"""How the pods of a changed DaemonSet are replaced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes import formats
from dsgen.kubernetes.admission.pod import part
from dsgen.kubernetes.admission.rule import Error, Node, rule
from dsgen.tree import Path, is_integer

SOURCE = "pkg/apis/apps/validation: ValidateRollingUpdateDaemonSet"
TYPES: Final = ("RollingUpdate", "OnDelete")
ROLLING_UPDATE: Final[Path] = ("spec", "updateStrategy", "rollingUpdate")
NUMBERS: Final[tuple[tuple[str, int], ...]] = (("maxUnavailable", 1), ("maxSurge", 0))


@rule("update-strategy", "daemonset", source="pkg/apis/apps/validation: ValidateDaemonSetUpdateStrategy")
def update_strategy(daemonset: Node) -> Iterator[Error]:
    """`spec.updateStrategy.type` is `RollingUpdate` (the default) or `OnDelete`."""
    kind = _type(daemonset)
    if kind not in TYPES:
        yield daemonset.not_supported(("spec", "updateStrategy", "type"), kind, TYPES, field="spec.updateStrategy")


@rule("rollout-number", "daemonset", source=SOURCE)
def rollout_number(daemonset: Node) -> Iterator[Error]:
    """`maxUnavailable` and `maxSurge` are whole numbers, 0 or more, or percentages in quotes, up to `'100%'`."""
    for name, value in _numbers(daemonset):
        if is_integer(value):
            wrong = [f"{int(value)} is negative"] if value < 0 else []
        else:
            wrong = formats.percent(value)
            if not wrong and _number(value) > 100:
                wrong = [f"{value} is more than 100%"]
        for message in wrong:
            yield daemonset.invalid((*ROLLING_UPDATE, name), message)


@rule("surge-beside-unavailable", "daemonset", source=SOURCE)
def surge_beside_unavailable(daemonset: Node) -> Iterator[Error]:
    """`maxSurge` above 0 needs `maxUnavailable: 0`, which is 1 when it is not stated: a node's pod is replaced in one of the two ways."""
    numbers = dict(_numbers(daemonset))
    if numbers and _number(numbers["maxUnavailable"]) and _number(numbers["maxSurge"]):
        detail = "must be 0 when maxUnavailable is not, and maxUnavailable is 1 unless stated: add `maxUnavailable: 0`"
        yield daemonset.invalid((*ROLLING_UPDATE, "maxSurge"), detail)


@rule("rollout-stuck", "daemonset", source=SOURCE)
def rollout_stuck(daemonset: Node) -> Iterator[Error]:
    """`maxUnavailable` and `maxSurge` are not both 0: no pod could ever be replaced."""
    numbers = dict(_numbers(daemonset))
    if numbers and not _number(numbers["maxUnavailable"]) and not _number(numbers["maxSurge"]):
        yield daemonset.required((*ROLLING_UPDATE, "maxUnavailable"), "cannot be 0 when maxSurge is 0")


def _type(daemonset: Node) -> str:
    return str(part(part(daemonset.value, "spec"), "updateStrategy").get("type") or "RollingUpdate")


def _numbers(daemonset: Node) -> Iterator[tuple[str, Any]]:
    """Yield `maxUnavailable` and `maxSurge`, with their defaults; nothing is asked of them unless the update is rolling."""
    if _type(daemonset) == "RollingUpdate":
        rolling = part(part(part(daemonset.value, "spec"), "updateStrategy"), "rollingUpdate")
        for name, default in NUMBERS:
            value = rolling.get(name)
            yield name, value if isinstance(value, (int, str)) else default


def _number(value: Any) -> int:
    """Return the number that the server takes a value for; what is no number is 0."""
    if not isinstance(value, str):
        return int(value)
    text = value[:-1] if value.endswith("%") and not formats.percent(value) else value
    digits = text[1:] if text[:1] in ("+", "-") else text
    return int(text[:100]) if digits.isascii() and digits.isdigit() else 0
