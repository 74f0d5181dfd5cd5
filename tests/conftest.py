"""Options of the test run."""

from __future__ import annotations

import gc

import pytest
from hypothesis import HealthCheck, settings

# No deadlines: tests judge what comes out, never how long it took.
# How many examples a property is tried with is said here alone: `--hypothesis-profile=NAME` takes another profile.
for name, examples in (("quick", 25), ("long", 400), ("thorough", 5_000)):
    settings.register_profile(name, deadline=None, max_examples=examples, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("quick")

# What all tests share is large and stays: looking through it for cycles is a tenth of the processor's time.
gc.set_threshold(200_000, 50, 100)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the pages under tests/ anew; then read the diff")
