"""Every message that a profile can bring about, under the line that it is about: read the pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden_pages import Case, cases, rewrite

PAGES = sorted(Path(__file__).with_name("golden").glob("*.md"))


def test_pages_are_up_to_date(request: pytest.FixtureRequest) -> None:
    """With `--update`, write them anew."""
    if request.config.getoption("update"):
        for page in PAGES:
            rewrite(page)
    assert PAGES


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{page.stem}: {case.title}") for page in PAGES for case in cases(page)]
)
def test_case(case: Case, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("update"):
        pytest.skip("written anew")
    assert case.again() == case.body
