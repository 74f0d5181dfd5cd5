"""Whole manifests to judge: a test states the part that it is about, in flow style."""

from __future__ import annotations

import re
from typing import Any

import pytest

from conformance.dsgen_outcome import verdict
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema.custom import codes
from dsgen.kubernetes.validate import validate
from dsgen.kubernetes.validation.walk import catalogue
from dsgen.problem import Code

SELECTOR = "{matchLabels: {app: agent}}"
CONTAINERS = "containers: [{name: agent, image: 'registry.example/agent:1'}]"


def daemonset(
    metadata: str = "name: agent", spec: str = "", selector: str = SELECTOR, template: str = "", pod: str = ""
) -> str:
    """Return a DaemonSet with these parts; what is empty is what is right. `<63>` is a text of 63 letters."""
    text = f"""\
apiVersion: apps/v1
kind: DaemonSet
metadata: {{{metadata}}}
spec:
  selector: {selector}
  template:
    metadata: {{{template or "labels: {app: agent}"}}}
    spec: {{{f"{pod}, " if pod else ""}{CONTAINERS}}}
"""
    text += f"  {spec}\n" if spec else ""
    return re.sub(r"<(\d+)>", lambda length: "a" * int(length[1]), text)


def said(text: str, minor: str = "1.37") -> set[str]:
    """Return what is wrong in a manifest, as `code Type field`; what decoding finds, and what has a wrong type, has none."""
    document = read_first(text)
    problems = [*document.problems, *validate(document.root, minor)]
    rules = {rule.code for rule in catalogue()}
    assert {each.type == "Warning" for each in problems if each.severity == "warning" and each.code in rules} <= {True}
    assert {each.type == "Warning" for each in problems if each.severity == "error"} <= {False}
    typed = {*rules, *(each.name for each in vars(codes).values() if isinstance(each, Code))}
    parts = ((each.code, each.type if each.code in typed else "", each.field) for each in problems)
    return {" ".join(filter(None, each)) for each in parts}


def table(part: str, frame: str, text: str) -> list[Any]:
    """Return the rows of a table: a rule's code | what it narrowly passes | what it narrowly refuses | what it says then.

    Both examples stand for `*` in `frame`, which is one part of a DaemonSet.
    """
    rows = []
    for line in filter(None, map(str.strip, text.splitlines())):
        code, passes, refuses, says = (cell.strip() for cell in line.split(" | "))
        wrong = daemonset(**{part: frame.replace("*", refuses)})
        right = daemonset(**{part: frame.replace("*", passes)})
        rows.append(pytest.param(code, right, wrong, says, id=f"{code}: {refuses}"[:100]))
    return rows


def check(code: str, right: str, wrong: str, says: str) -> None:
    """Assert that the one manifest passes, and that the other is refused (or warned about) by the rule, and no other."""
    assert said(right) == set()
    assert said(wrong) == {f"{code} {says}"}
    assert verdict(wrong).ok == says.startswith("Warning")


def untested(rows: list[Any], *modules: Any) -> set[str]:
    """Return the codes of the rules of `modules` that no row of a table is about."""
    names = {module.__name__ for module in modules}
    return {rule.code for rule in catalogue() if rule.check.__module__ in names} - {row.values[0] for row in rows}
