"""Tables of examples: pods that break one rule, and pods that just about keep all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import NamedTuple

import pytest

from dsgen.kubernetes.validation.rule import RULES
from tests.kubernetes.pods import found


class Example(NamedTuple):
    """A rule, pods that break it with the errors of each, and pods that just about keep it and all other rules.

    Errors are written as the kind of error and the field below the pod's spec, joined by commas.
    """

    code: str
    errors: str
    refused: tuple[str, ...]
    accepted: tuple[str, ...] = ()
    minor: str = "1.37"


def container(text: str = "") -> str:
    """Return a pod with one container that has the fields in `text` too."""
    return f"containers: [{{name: main, image: registry.example/agent:1{text and ', ' + text}}}]\n"


def init(text: str = "") -> str:
    """Return a pod with an init container that has the fields in `text`."""
    return f"initContainers: [{{name: init, image: registry.example/init:1{text and ', ' + text}}}]\n"


def fill(template: str, *values: object) -> tuple[str, ...]:
    """Return a pod for each value, put where `%s` stands."""
    return tuple(template.replace("%s", str(value)) for value in values)


Checks = tuple[Callable[..., None], Callable[..., None], Callable[[], None]]


def checks(examples: Iterable[Example], *modules: ModuleType) -> Checks:
    """Return three tests: of what is refused, of what is accepted, and that each rule of the `modules` has both."""
    rows = list(examples)
    broken = [(row.code, pod, row.errors, row.minor) for row in rows for pod in row.refused]
    kept = [(row.code, pod, row.minor) for row in rows for pod in row.accepted]

    @pytest.mark.parametrize(("code", "pod", "errors", "minor"), broken, ids=_ids(broken))
    def test_refused(code: str, pod: str, errors: str, minor: str) -> None:
        said = found(pod, minor)
        kinds = {error.partition(" ")[0] for _, error in said}
        warned = "Warning " if len(kinds) > 1 else "-"  # the server warns only of what it accepts
        assert {error for _, error in said if not error.startswith(warned)} == set(errors.split(", "))
        assert code in {rule for rule, _ in said}

    @pytest.mark.parametrize(("code", "pod", "minor"), kept, ids=_ids(kept))
    def test_accepted(code: str, pod: str, minor: str) -> None:
        assert found(pod, minor) == set()

    def test_each_rule_has_examples() -> None:
        names = {module.__name__ for module in modules}
        rules = {rule.code for rule in RULES if rule.check.__module__ in names}
        assert {row.code for row in rows if row.refused} >= rules
        assert {row.code for row in rows if row.accepted} >= rules

    return test_refused, test_accepted, test_each_rule_has_examples


def _ids(cases: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"{number}-{case[0]}" for number, case in enumerate(cases)]
