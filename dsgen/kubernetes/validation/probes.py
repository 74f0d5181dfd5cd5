"""Probes: how often, how long and how many times."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: validateProbe"
NUMBERS: Final = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")


@rule("out-of-range-probe-number", "probe", source=SOURCE)
def out_of_range_probe_number(probe: FieldRef) -> Iterator[FieldError]:
    """
    `initialDelaySeconds`, `timeoutSeconds`, `periodSeconds`, `successThreshold` and `failureThreshold` of a probe are
    not negative; 0 means the default.
    """
    for name in NUMBERS:
        if probe.get(name, 0) < 0:
            yield probe.invalid(name, f"{probe.get(name)} is negative")


@rule("invalid-probe-success-threshold", "probe", source="pkg/apis/core/validation: validateLivenessProbe")
def invalid_probe_success_threshold(probe: FieldRef) -> Iterator[FieldError]:
    """`successThreshold` of a liveness or startup probe is 1; only readiness may ask for several successes."""
    if probe.scope != "readinessProbe" and (probe.get("successThreshold", 0) or 1) != 1:
        yield probe.invalid("successThreshold", "must be 1 in a liveness or startup probe")


@rule("out-of-range-probe-grace-period", "probe", source=SOURCE)
def out_of_range_probe_grace_period(probe: FieldRef) -> Iterator[FieldError]:
    """`terminationGracePeriodSeconds` of a probe is at least 1."""
    if probe.get("terminationGracePeriodSeconds", 1) <= 0:
        yield probe.invalid("terminationGracePeriodSeconds", "must be at least 1")


@rule("forbidden-readiness-grace-period", "probe", source="pkg/apis/core/validation: validateReadinessProbe")
def forbidden_readiness_grace_period(probe: FieldRef) -> Iterator[FieldError]:
    """A readiness probe has no `terminationGracePeriodSeconds`: it does not end the container."""
    if probe.scope == "readinessProbe" and probe.get("terminationGracePeriodSeconds") is not None:
        yield probe.invalid("terminationGracePeriodSeconds", "not in a readiness probe: it does not end the container")
