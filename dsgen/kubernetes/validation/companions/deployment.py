"""Deployments: how changed pods are rolled out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.amounts import amount, amount_errors, rolling_update
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

STRATEGY = "pkg/apis/apps/validation: ValidateDeploymentStrategy"
ROLLING = "pkg/apis/apps/validation: ValidateRollingUpdateDeployment"
SPEC = "pkg/apis/apps/validation: ValidateDeploymentSpec"
TYPES: Final = ("RollingUpdate", "Recreate")


@rule("Deployment.spec.strategy", source=STRATEGY)
def invalid_deployment_strategy(strategy: FieldRef) -> Iterator[FieldError]:
    """The `spec.strategy.type` of a Deployment must be `RollingUpdate` (the default) or `Recreate`."""
    if strategy.get("type") not in TYPES:
        yield strategy.not_supported("type", strategy.get("type"), TYPES, field="")


@rule("Deployment.spec.strategy", source=STRATEGY, when="rollingUpdate")
def forbidden_rolling_update(strategy: FieldRef) -> Iterator[FieldError]:
    """`spec.strategy.rollingUpdate` is only allowed if the `type` is `RollingUpdate`, not `Recreate`."""
    if strategy.get("type") == "Recreate" and strategy.get("rollingUpdate") is not None:
        yield strategy.forbidden("rollingUpdate", "is not allowed for `type: Recreate`: leave it out")


@rule("Deployment.spec.strategy", source=ROLLING)
def invalid_deployment_rolling_update_number(strategy: FieldRef) -> Iterator[FieldError]:
    """The `maxUnavailable` and `maxSurge` of a Deployment must be whole numbers, 0 or more, or percentages in quotes;
    `maxUnavailable` must be at most `'100%'`.
    """
    for rolling in rolling_update(strategy):
        for name in ("maxUnavailable", "maxSurge"):
            yield from rolling.invalid_each(name, amount_errors(rolling.get(name), above_all=name == "maxSurge"))


@rule("Deployment.spec.strategy", source=ROLLING)
def out_of_range_deployment_max_unavailable(strategy: FieldRef) -> Iterator[FieldError]:
    """The `maxUnavailable` and `maxSurge` of a Deployment must not both be 0, because no pod could ever be replaced."""
    for rolling in rolling_update(strategy):
        if not amount(rolling.get("maxUnavailable")) and not amount(rolling.get("maxSurge")):
            yield rolling.invalid("maxUnavailable", "must not be 0 if `maxSurge` is 0")


@rule("Deployment.spec", source=SPEC)
def out_of_range_progress_deadline_seconds(spec: FieldRef) -> Iterator[FieldError]:
    """`progressDeadlineSeconds`, by default 600, must be 0 or more, and greater than `minReadySeconds`."""
    deadline, ready = spec.get("progressDeadlineSeconds", 600), spec.get("minReadySeconds", 0)
    if deadline < 0:
        yield spec.invalid("progressDeadlineSeconds", f"must be 0 or more, got {int(deadline)}")
    if deadline <= ready:
        detail = f"must be greater than `minReadySeconds`, which is {int(ready)}, got {int(deadline)}"
        yield spec.invalid("progressDeadlineSeconds", detail)
