"""The catalogue of codes: each is as severe as what is really reported by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from conformance import sample
from conformance.kubernetes_module import NEWEST
from dsgen.catalogue import catalogue
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.validate import validate
from dsgen.kubernetes.validation.kinds import KINDS
from dsgen.kubernetes.validation.rule import RULES
from dsgen.problem import Problem
from tests.golden_pages import cases

PAGES = sorted(Path(__file__).with_name("golden").glob("*.md"))


def as_stated(problems: Iterable[Problem]) -> set[str]:
    """Return the codes of some problems, each of which has the severity that the catalogue states."""
    found = defaultdict(set)
    for each in problems:
        found[each.code].add(each.severity)
    stated = catalogue()
    assert {code: severities for code, severities in found.items() if severities != {stated[code].severity}} == {}
    return set(found)


@pytest.mark.parametrize("kind", KINDS)
def test_rules_report_what_the_catalogue_says(kind: str) -> None:
    texts = [one.text for one in sample.chosen(NEWEST, kind)[::4] if one.old is None]
    assert as_stated(problem for text in texts for problem in validate(read_first(text).root, NEWEST))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pages_report_what_the_catalogue_says(page: Path) -> None:
    assert as_stated(problem for case in cases(page) for problem in case.problems())


def test_what_the_server_only_warns_of_is_a_warning() -> None:
    """Warnings whose source does not have the word in its name, among them."""
    stated = catalogue()
    for code in (
        "deprecated-node-label",
        "deprecated-affinity-label",
        "deprecated-topology-spread-label",
        "duplicate-port",
    ):
        assert stated[code].severity == "warning"
    assert stated["unknown-finalizer"].severity == "error"


def test_a_code_is_as_severe_in_every_version() -> None:
    severities = defaultdict(set)
    for rule in RULES:
        severities[rule.code].add(rule.severity)
    assert {code for code, found in severities.items() if len(found) > 1} == set()
