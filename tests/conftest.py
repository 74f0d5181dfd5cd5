"""Options of the test run."""

from __future__ import annotations

import gc

import pytest
from hypothesis import HealthCheck, settings

# No deadlines: tests judge what comes out, never how long it took.
# How many examples a property is tried with is said here alone: `--hypothesis-profile=NAME` takes another profile. A change is tried
# with the same examples each time, so that it never fails for a fault that was there before; `make fuzz` looks for those.
for name, examples, is_random in (("quick", 25, False), ("long", 400, False), ("fuzz", 5_000, True)):
    settings.register_profile(
        name,
        deadline=None,
        max_examples=examples,
        derandomize=not is_random,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile("quick")

# What all tests share is large and stays: looking through it for cycles is a tenth of the processor's time.
gc.set_threshold(200_000, 50, 100)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the pages under tests/ anew; then read the diff")
