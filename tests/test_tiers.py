"""The tests are in two tiers, which are told apart in one place: the marker `long`, and Hypothesis' profiles."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent


def test_how_often_a_property_is_tried_is_said_in_one_place() -> None:
    modules = {path for path in TESTS.rglob("*.py") if re.search(r"^from hypothesis import .*", path.read_text(), re.M)}
    stating = {
        path.name for path in modules if re.search(r"^from hypothesis import .*\bsettings\b", path.read_text(), re.M)
    }
    assert len(modules) > 10
    assert stating == {"conftest.py"}


def test_what_a_change_must_pass_runs_both_tiers() -> None:
    targets = dict(re.findall(r"^(test[a-z-]*): .*\n\t\$\(BIN\)/pytest (.*)$", (ROOT / "Makefile").read_text(), re.M))
    assert (targets["test"], targets["test-all"]) == ("$(TESTS)", "$(LONG)")
    assert re.search(r"^step make test test-all$", (ROOT / ".ci/run").read_text(), re.M)
