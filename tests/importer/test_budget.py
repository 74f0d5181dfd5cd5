"""The work of an import: each text is read once, and objects are defaulted only to validate and compare them."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dsgen import parser
from dsgen.generate.for_project import generator
from dsgen.importer.importing import import_objects
from dsgen.importer.read.objects import given_objects
from dsgen.kubernetes.semantics import defaults
from dsgen.project.project import Project
from tests.importer.imports import CORPUS

DAEMONSET = CORPUS / "carlosedp__cluster-monitoring__manifests-node-exporter-daemonset.yaml"
MADE = Path(__file__).parent.parent.parent / "out" / "node-exporter"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often YAML is read and objects are defaulted."""
    calls: Counter[str] = Counter()

    def counting(name: str, function: Any) -> Any:
        def call(*args: Any) -> Any:
            calls[name] += 1
            return function(*args)

        return call

    monkeypatch.setattr(parser, "Parser", counting("reads", parser.Parser))
    wrapped = counting("defaults", defaults.defaulted)
    for module in [module for name, module in sys.modules.items() if name.startswith("dsgen")]:
        if getattr(module, "defaulted", None) is defaults.defaulted and module is not defaults:
            monkeypatch.setattr(module, "defaulted", wrapped)
    return calls


def run(text: bytes, extends: str = "") -> int:
    """Import a text, and return the number of identical objects."""
    given, problems = given_objects(text, "given.yaml")
    (only,), left = import_objects(given, generator(Project(Path(__file__).parent)), "1.37", extends)
    assert problems == left == []
    assert only.same
    return 1 + len(only.folded)


def with_companions() -> bytes:
    texts = [path.read_text("utf-8") for path in sorted(MADE.glob("*.yaml")) if path.name != "kustomization.yaml"]
    return "---\n".join(texts).encode()


def test_a_daemonset(counted: Counter[str]) -> None:
    run(DAEMONSET.read_bytes())
    assert 0 < counted["reads"] <= 5
    assert 0 < counted["defaults"] <= 10


def test_a_daemonset_with_companions(counted: Counter[str]) -> None:
    objects = run(with_companions())
    assert objects > 2
    assert 0 < counted["reads"] <= 5 + objects  # a template for each
    assert 0 < counted["defaults"] <= 4 * objects


def test_over_a_preset(counted: Counter[str]) -> None:
    objects = run(with_companions(), "node-exporter")
    assert 0 < counted["reads"] <= 16 + 3 * objects
    assert 0 < counted["defaults"] <= 9 * objects
