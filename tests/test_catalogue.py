"""The catalogue of codes: their vocabulary, an example of each, and that each is as severe as what is really reported by it."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from conformance import sample
from conformance.dsgen_outcome import JUDGED
from conformance.kubernetes_module import NEWEST
from dsgen.catalogue import catalogue
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.validate import validate
from dsgen.kubernetes.validation.rule import RULES
from dsgen.problem import CATALOGUE, Problem
from tests.golden_pages import cases

TESTS = Path(__file__).parent
PAGES = sorted((TESTS / "golden").glob("*.md"))
# Tests that name codes without an example of each.
NAMING = {"test_catalogue.py", "test_report.py", "test_stability.py"}
# Codes that say well what is wrong with none of the words in docs/style.md.
PHRASES = {
    "adopted-checksum", "alias-bomb", "case-collision", "corrected-manifest", "created-object", "dropped-field", "escaped-slash",
    "existing-file", "expired-allowance", "explicit-tag", "extends-cycle", "failed-test", "few-bytes", "flux-variable", "flux-variable-refused", "foreign-file", "helm-hook",
    "import-differs", "kept-manifest", "manifest-used", "non-finite-number", "output-drift", "partial-daemonset", "path-outside-project",
    "policy-audit", "policy-warning",
    "question-mark-in-brackets", "replaced-list", "require-could-be-select", "runs-nowhere", "stale-output", "tab-indentation", "uncovered-nodes",
    "unapplied-policy", "unimported-object", "unmergeable-list", "unprefixed-finalizer", "unprintable-character", "unproven-variants", "unread-file",
    "unrendered-template", "untracked-output", "updated-checksum",
}  # fmt: skip


def as_stated(problems: Iterable[Problem]) -> set[str]:
    """Return the codes of some problems, each of which has the severity that the catalogue states."""
    found = defaultdict(set)
    for each in problems:
        found[each.code].add(each.severity)
    stated = catalogue()
    assert {code: severities for code, severities in found.items() if severities != {stated[code].severity}} == {}
    return set(found)


@pytest.mark.parametrize("kind", JUDGED)
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


def test_every_code_begins_with_a_word_of_the_vocabulary() -> None:
    page = (TESTS.parent / "docs/style.md").read_text("utf-8").partition("\n## Messages\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+`) \|", page, re.MULTILINE)
    words = {f"{word}-" for row in rows for word in re.findall(r"`([a-z-]+)`", row)}
    assert len(words) > 20
    others = {code for code in catalogue() if not code.startswith(tuple(words))}
    assert others == PHRASES
    assert {word for word in words if not any(code.startswith(word) for code in catalogue())} == set()


def test_every_code_has_an_example() -> None:
    """Under a profile of the pages in tests/golden, or in a test that names it: what needs files, a project or a cluster."""
    shown = {code for page in PAGES for code in re.findall(r"\[([a-z0-9-]+)\]$", page.read_text("utf-8"), re.MULTILINE)}
    named: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        if path.name not in NAMING:
            texts = (
                node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)
            )
            named.update(word for text in texts if isinstance(text, str) for word in re.findall(r"[a-z0-9-]+", text))
    assert catalogue().keys() - shown - named == set()


# Imports nothing but dsgen, the standard library and what a plain `pip install` brings.
PLAIN = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in {"dsgen", "jinja2", "markupsafe", "yaml", "_yaml", "cerberus", "click"} | sys.stdlib_module_names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Finder())
import json
from dsgen.catalogue import catalogue
print(json.dumps(list(catalogue())))
"""


def test_the_catalogue_needs_no_optional_library() -> None:
    """`dsgen explain CODE` and the SARIF report read it, in an installation without extras too."""
    done = subprocess.run([sys.executable, "-c", PLAIN], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == list(catalogue())


def test_the_language_server_has_no_codes_of_its_own() -> None:
    """The catalogue leaves its modules out."""
    before = catalogue().keys()
    for module in sorted((TESTS.parent / "dsgen/lsp").glob("*.py")):
        importlib.import_module(f"dsgen.lsp.{module.stem}".removesuffix(".__init__"))
    assert CATALOGUE.keys() <= before
