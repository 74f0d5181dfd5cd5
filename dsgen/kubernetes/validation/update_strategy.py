"""How the pods of a changed DaemonSet are replaced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema.words import UPDATE_STRATEGIES
from dsgen.kubernetes.validation.amounts import amount, amount_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("updateStrategy",)

SOURCE = "pkg/apis/apps/validation: ValidateRollingUpdateDaemonSet"
NUMBERS: Final[tuple[tuple[str, int], ...]] = (("maxUnavailable", 1), ("maxSurge", 0))


@rule("DaemonSet.spec.updateStrategy", source="pkg/apis/apps/validation: ValidateDaemonSetUpdateStrategy")
def invalid_update_strategy(strategy: FieldRef) -> Iterator[FieldError]:
    """`spec.updateStrategy.type` must be `RollingUpdate` (the default) or `OnDelete`."""
    kind = _type(strategy)
    if kind not in UPDATE_STRATEGIES:
        yield strategy.not_supported("type", kind, UPDATE_STRATEGIES, field="")


@rule("DaemonSet.spec.updateStrategy", source=SOURCE)
def invalid_rolling_update_number(strategy: FieldRef) -> Iterator[FieldError]:
    """`maxUnavailable` and `maxSurge` must be whole numbers, 0 or more, or percentages in quotes, up to `'100%'`."""
    for name, value in _numbers(strategy):
        yield from strategy.invalid_each(("rollingUpdate", name), amount_errors(value))


@rule("DaemonSet.spec.updateStrategy", source=SOURCE)
def conflicting_max_surge(strategy: FieldRef) -> Iterator[FieldError]:
    """`maxSurge` above 0 requires `maxUnavailable: 0`; the default is 1. The pod of a node is replaced in one of the
    two ways.
    """
    numbers = dict(_numbers(strategy))
    if numbers and amount(numbers["maxUnavailable"]) and amount(numbers["maxSurge"]):
        detail = "must be 0 unless `maxUnavailable`, whose default is 1, is 0: add `maxUnavailable: 0`"
        yield strategy.invalid(("rollingUpdate", "maxSurge"), detail)


@rule("DaemonSet.spec.updateStrategy", source=SOURCE)
def out_of_range_max_unavailable(strategy: FieldRef) -> Iterator[FieldError]:
    """`maxUnavailable` and `maxSurge` must not both be 0, because no pod could ever be replaced."""
    numbers = dict(_numbers(strategy))
    if numbers and not amount(numbers["maxUnavailable"]) and not amount(numbers["maxSurge"]):
        yield strategy.required(("rollingUpdate", "maxUnavailable"), "must not be 0 if `maxSurge` is 0")


def _type(strategy: FieldRef) -> str:
    return str(strategy.get("type") or "RollingUpdate")


def _numbers(strategy: FieldRef) -> Iterator[tuple[str, Any]]:
    """Yield `maxUnavailable` and `maxSurge`, with their defaults; none if the update is not rolling."""
    if _type(strategy) == "RollingUpdate":
        rolling = strategy.value.map("rollingUpdate")
        for name, default in NUMBERS:
            value = rolling.get(name)
            yield name, value if isinstance(value, (int, str)) else default
