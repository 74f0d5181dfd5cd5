"""Probes: delays, periods and thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema.paths import PROBES
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = PROBES

SOURCE = "pkg/apis/core/validation: validateProbe"


PROBE = Fields("probe", "a probe", SOURCE)
PROBE.in_range(
    "out-of-range-probe-number",
    ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"),
    0,
    note="0 means the default.",
)


@rule("probe", source="pkg/apis/core/validation: validateLivenessProbe")
def invalid_probe_success_threshold(probe: FieldRef) -> Iterator[FieldError]:
    """The `successThreshold` of a liveness or startup probe must be 1. Only a readiness probe can require several
    successes.
    """
    if probe.scope != "readinessProbe" and (probe.get("successThreshold", 0) or 1) != 1:
        yield probe.invalid("successThreshold", "must be 1 in a liveness or startup probe")


PROBE.in_range("out-of-range-probe-grace-period", "terminationGracePeriodSeconds", 1, empty=True)


@rule("probe", source="pkg/apis/core/validation: validateReadinessProbe")
def forbidden_readiness_grace_period(probe: FieldRef) -> Iterator[FieldError]:
    """A readiness probe must not have `terminationGracePeriodSeconds`, because it does not terminate the container."""
    if probe.scope == "readinessProbe" and probe.get("terminationGracePeriodSeconds") is not None:
        yield probe.invalid(
            "terminationGracePeriodSeconds",
            "is not allowed in a readiness probe, which does not terminate the container",
        )
