"""The issue forms have what GitHub requires of one; it shows none that lacks something, and says so only to maintainers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
import yaml

FORMS: Final = sorted((Path(__file__).parents[1] / ".github/ISSUE_TEMPLATE").glob("*.yaml"))
TYPES: Final = {"checkboxes", "dropdown", "input", "markdown", "textarea"}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_form_is_complete(path: Path) -> None:
    form: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    assert form.keys() <= {"name", "description", "title", "labels", "body"}
    assert form["name"]
    assert form["description"]
    fields = [each for each in form["body"] if each["type"] != "markdown"]
    assert {each["type"] for each in form["body"]} <= TYPES
    assert all(each["attributes"]["label"] for each in fields)
    identifiers = [each["id"] for each in fields]
    assert len(identifiers) == len(set(identifiers)) > 0


def test_forms_have_names_of_their_own() -> None:
    names = [yaml.safe_load(path.read_text("utf-8"))["name"] for path in FORMS]
    assert len(names) == len(set(names)) == 3
