"""An expression that does not compile is one readable line in every output, at the line of the manifest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import Run, folder, run
from tests.kubernetes.definitions import definition
from tests.kubernetes.policies.setups import needs_cel

__all__ = ["folder", "run"]
pytestmark = needs_cel

DEFINITION = definition("""\
type: object
x-kubernetes-validations:
- message: needs a part
  rule: |
    has(self.spec)
      && nobody || some
properties:
  spec: {type: object, properties: {a: {type: string}}}
""")
FIELD = "spec.versions[0].schema.openAPIV3Schema.x-kubernetes-validations[0].rule"
MESSAGE = (
    "compilation failed: undeclared reference to 'nobody', at line 2, column 6 of the expression (and 1 more error)"
)


@pytest.fixture
def written(folder: Path) -> None:
    (folder / "a.yaml").write_text(DEFINITION, encoding="utf-8")


@pytest.mark.usefixtures("written")
def test_text(run: Run) -> None:
    done = run("validate", "a.yaml")
    assert done.exit_code == 1
    assert done.stderr.splitlines()[:2] == [
        f"a.yaml:17:17: error: {FIELD}: {MESSAGE} [invalid-expression]",
        "  17 |           rule: |",
    ]


@pytest.mark.usefixtures("written")
def test_github(run: Run) -> None:
    (line,) = run("validate", "a.yaml", "--format", "github").stdout.splitlines()
    assert line.startswith("::error file=a.yaml,line=17,col=17,")
    assert line.endswith(f"title=invalid-expression::{FIELD}: {MESSAGE}")


@pytest.mark.usefixtures("written")
def test_sarif(run: Run) -> None:
    (result,) = json.loads(run("validate", "a.yaml", "--format", "sarif").stdout)["runs"][0]["results"]
    assert result["message"]["text"] == f"{FIELD}: {MESSAGE}"
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 17


@pytest.mark.usefixtures("written")
def test_json(run: Run) -> None:
    (problem,) = json.loads(run("validate", "a.yaml", "--format", "json").stdout)["problems"]
    assert (problem["code"], problem["field"], problem["message"]) == ("invalid-expression", FIELD, MESSAGE)
