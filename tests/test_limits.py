"""The page on security states the limits that the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dsgen import harmless, reading, source
from dsgen.cli import nodes, shell
from dsgen.importer import importing
from dsgen.importer.shorten import extension
from dsgen.kubernetes.cel import cost
from dsgen.kubernetes.scheduling import pools
from dsgen.project import config_files, paths, project
from dsgen.rendering import budget, expressions, jinja_environment, tree_builder
from dsgen.resolve.variants import layers

PAGE = (Path(__file__).parent.parent / "docs/security.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| (.+) \| ([\d,]+(?: MiB| levels)?) \|$", PAGE, re.M))
LIMITS = [
    ("nesting of maps and lists, including aliases", source.MAX_DEPTH),
    ("values that the aliases of a document expand to", source.MAX_EXPANDED),
    (
        "steps of all templates of a profile: expressions evaluated, entries visited, values written",
        budget.MAX_STEPS,
    ),
    ("tokens in one template", expressions.MAX_TOKENS),
    ("templates that extend each other", jinja_environment.MAX_PARENTS),
    ("YAML that a template writes for one object, not counting the values", tree_builder.MAX_TEXT),
    ("variants of a profile", layers.MAX_VARIANTS),
    ("values in all variants of a profile", layers.MAX_VALUES),
    ("files of a config map", config_files.MAX_SIZE),
    ("a profile, template, environment or `dsgen.yaml`", reading.PROJECT_FILE),
    ("a file of manifests", reading.MANIFESTS),
    ("nodes in all pools", pools.MAX_NODES),
    ("DaemonSets times nodes in `dsgen plan` and `dsgen diff`", nodes.MAX_PAIRS),
    (
        "values that `dsgen import --extends` renders again to find out which of them a profile needs",
        extension.MAX_RENDERED_AGAIN,
    ),
    ("patterns of profiles in `dsgen.yaml`", project.PATTERNS),
    ("characters of a path or pattern in `dsgen.yaml`", paths.LONGEST_PATH),
    ("profiles of one `dsgen import --extends` that extend the preset", importing.EXTENSIONS),
    ("problems shown as text", shell.MAX_PROBLEMS_SHOWN),
    ("cost of one expression in CEL, in the API server's units", cost.MOST),
    ("characters of a key or value that a message quotes", harmless.LONG),
]


@pytest.mark.parametrize(("row", "limit"), LIMITS)
def test_the_page_states_what_the_code_has(row: str, limit: int) -> None:
    number, _, unit = ROWS[row].partition(" ")
    assert int(number.replace(",", "")) * (1024 * 1024 if unit == "MiB" else 1) == limit


def test_each_row_is_held_against_the_code() -> None:
    assert ROWS.keys() == {row for row, _ in LIMITS}
