"""Objects of the kinds that come with a DaemonSet: a test states the part that it is about, in flow style."""

from __future__ import annotations

import re
from typing import Any

import pytest

from conformance.dsgen_outcome import verdict
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema.fields import DEFAULT
from dsgen.kubernetes.validate import validate_update
from tests.kubernetes.manifests import said


def table(frame: str, text: str) -> list[Any]:
    """Return the rows of a table: a rule's code | what it narrowly passes | what it narrowly refuses | what is said then.

    Both examples stand for `*` in the manifest `frame`; `<63>` is a text of 63 letters. What is said is the kind of error
    and the field, with commas between if there is more than one.
    """
    rows = []
    for line in filter(None, map(str.strip, text.splitlines())):
        code, passes, refuses, says = (cell.strip() for cell in line.split(" | "))
        right, wrong = (fill(frame, each) for each in (passes, refuses))
        rows.append(pytest.param(code, right, wrong, says, id=f"{code}: {refuses}"[:100]))
    return rows


def fill(frame: str, part: str) -> str:
    """Return the manifest with `part` in the place of `*`."""
    return re.sub(r"<(\d+)>", lambda length: "a" * int(length[1]), frame.replace("*", part))


def check(code: str, right: str, wrong: str, says: str) -> None:
    """Assert that the one manifest passes, and that of the other all is said that should be, by the rule too."""
    assert said(right) == set()
    assert {each.partition(" ")[2] for each in said(wrong)} == set(says.split(", "))
    assert code in {each.partition(" ")[0] for each in said(wrong)}
    assert verdict(wrong).ok == says.startswith("Warning")


def said_of_update(old: str, new: str, minor: str = DEFAULT) -> set[str]:
    """Return what is wrong when the one manifest replaces the other, as `code Type field`."""
    problems = validate_update(read_first(old).root, read_first(new).root, minor)
    return {f"{each.code} {each.type} {each.field}" for each in problems}
