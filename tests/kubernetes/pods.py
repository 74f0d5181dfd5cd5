"""Pods to judge: a test states the part of a pod that it is about, as YAML."""

from __future__ import annotations

import re
from textwrap import dedent, indent
from types import ModuleType
from typing import Any

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema.decode import decode
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.kubernetes.semantics.drop_disabled_fields import drop_disabled_fields
from dsgen.kubernetes.validation.rule import RULES
from dsgen.kubernetes.validation.walk import run
from dsgen.tree import Map

POD = "spec.template.spec"
FRAME = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: test}
spec:
  selector: {matchLabels: {app: test}}
  template:
    metadata: {labels: {app: test}}
    spec:
"""
CONTAINERS = "containers: [{name: main, image: test}]\n"


def manifest(pod: str) -> str:
    """Return a DaemonSet with the fields in `pod`, and one container unless `pod` states its own."""
    text = re.sub(r"<(\d+)>", lambda length: "a" * int(length[1]), dedent(pod).strip()) + "\n"
    return FRAME + indent(text if re.search("^containers:", text, re.M) else text + CONTAINERS, " " * 6)


def found(pod: str, minor: str = "1.37", old: str = "") -> set[tuple[str, str]]:
    """Return the code of each rule that finds something in `pod`, with the kind of error and the place below the pod's spec."""
    before = read(old, minor) if old else None
    tree = read(pod, minor) if old else drop_disabled_fields(read(pod, minor), minor, ("spec", "template"))[0]
    told = run(tree, minor, before)
    assert all((rule.severity == "warning") == (error.type == "Warning") for rule, error in told)
    places = ((rule.code, error.type, error.field) for rule, error in told)
    return {(code, f"{kind} {field.removeprefix(POD).removeprefix('.')}".strip()) for code, kind, field in places}


def refused(pod: str, minor: str = "1.37", old: str = "") -> set[tuple[str, str]]:
    """Return what is wrong in `pod`, without warnings."""
    return {(code, says) for code, says in found(pod, minor, old) if not says.startswith("Warning")}


def read(pod: str, minor: str) -> Map:
    document = read_first(manifest(pod))
    assert document.root is not None
    decoded = decode(document.root, minor)
    assert (document.problems, decoded.faults) == ([], [])
    return defaulted(decoded.root, minor)


def table(pod: str, text: str) -> list[Any]:
    """Return the rows of a table: a rule's code | what it narrowly passes | what it narrowly refuses | what it says then.

    Both examples stand for `*` in `pod`; `<63>` is a text of 63 letters. What it says is the kind of error and the place
    below the pod's spec, and when there is more than one, commas stand between.
    """
    rows = []
    for line in filter(None, map(str.strip, text.splitlines())):
        code, passes, refuses, says = (cell.strip() for cell in line.split(" | "))
        examples = (pod.replace("*", passes), pod.replace("*", refuses))
        rows.append(pytest.param(code, *examples, says, id=f"{code}: {refuses}"[:100]))
    return rows


def check(code: str, passes: str, refuses: str, says: str, old: str = "") -> None:
    """Assert that all is right with the one pod, and that what is wrong with the other is what it `says`, by the rule too."""
    assert refused(passes, old=old) == set()
    assert code not in {of for of, _ in found(passes, old=old)}
    expected = set(re.split(", (?=[A-Z])", says))
    errors = {each for each in expected if not each.startswith("Warning")}
    assert {what for _, what in refused(refuses, old=old)} == errors
    assert code in {of for of, what in found(refuses, old=old) if what in expected}


def untested(rows: list[Any], *modules: ModuleType) -> set[str]:
    """Return the codes of those rules of the `modules` that have no row."""
    names = {module.__name__ for module in modules}
    return {rule.code for rule in RULES if rule.check.__module__ in names} - {row.values[0] for row in rows}
