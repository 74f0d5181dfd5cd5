"""No hint leads to another error: each hint of the golden pages that names an exact edit is followed, and its problem is gone."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from dsgen.problem import Problem
from dsgen.profile.explain import explain
from tests.golden_pages import Case, cases
from tests.hints import followed

PAGES = sorted(Path(__file__).with_name("golden").glob("*.md"))
CASES = [(page.stem, case) for page in PAGES for case in cases(page)]


# What is wrong in the example besides, and can only be seen when the first problem is gone.
BESIDES = {
    "kubectl's `--from-file` in a config map": "error invalid-config-map-file",
    "A rule in Kubernetes' form with a field that it does not have": "error missing-role-api-groups",
    "One image twice": "warning unused-image-digest",
    "A typo in a volume": "warning unused-volume",
    "`mounts` and `volumeMounts`": "error unknown-volume",
    "A circle beneath": "error empty-file",
    "An alternative without requirements": "warning require-could-be-select",
    "A template that is not there": "error missing-object-identity",
    "A manifest of another kind": "warning manifest-used",
}


def codes(problems: tuple[Problem, ...]) -> Counter[str]:
    return Counter(f"{each.severity} {each.code}" for each in problems)


def wrong_turns(case: Case) -> list[str]:
    """Return what is wrong after each hint of a case that can be followed."""
    before = case.problems()
    texts = case.texts()
    result = []
    for problem in before:
        if not problem.hint or not problem.line or problem.file not in texts:
            continue
        edited = followed(texts[problem.file], problem)
        if edited is None:
            continue
        after = case.problems({**texts, problem.file: edited})
        new = codes(after) - codes(before) - Counter([BESIDES.get(case.title, "")])
        gone = codes(before) - codes(after)
        if new or f"{problem.severity} {problem.code}" not in gone:
            result.append(
                f"{problem.hint}\n{edited}\nnew: {dict(new)}: {[f'{e.line}: {e.field} {e.message}' for e in after]}"
            )
    return result


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{page}: {case.title}") for page, case in CASES])
def test_hints(case: Case) -> None:
    assert wrong_turns(case) == []


def test_most_can_be_followed() -> None:
    """The test would not notice if it followed none."""
    hints = [(case, problem) for _, case in CASES for problem in case.problems() if problem.hint and problem.line]
    edits = [followed(case.texts()[problem.file], problem) for case, problem in hints if problem.file in case.texts()]
    assert sum(each is not None for each in edits) > 100


def test_what_hints_explain_is_explained() -> None:
    """`dsgen explain` knows the keys that hints name, and lists the keys below them."""
    hints = [problem.hint for _, case in CASES for problem in case.problems()]
    named = {found for hint in hints for found in re.findall(r"`dsgen explain ([\w.]+)` lists", hint)}
    assert {"containers.mounts", "environment", "variants.volumes"} <= named
    for path in named:
        assert explain(path).keys, path
