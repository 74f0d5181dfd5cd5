"""The formats for machines, against what their readers ask."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import jsonschema
import pytest

from dsgen import report
from dsgen.problem import Problem
from dsgen.source import ALIASES

SARIF = json.loads((Path(__file__).parent / "schemas/sarif-2.1.0-rtm.5.json").read_text("utf-8"))
PLACED = Problem("unknown-key", "error", "unknown `a`", "did you mean `b`?", "profiles/a.yaml", 3, 1, 3, 5, path="a")
PROBLEMS = {
    "none": [],
    "placed": [PLACED],
    "a warning": [PLACED._replace(severity="warning", code="unused-volume")],
    "a note": [PLACED._replace(severity="note", code="unvalidated-object")],
    "without a line": [Problem("drift", "error", "changed", file="out/a/daemonset-a.yaml")],
    "without a file": [Problem("unvalidated-version", "warning", "not recorded")],
    "an odd file": [PLACED._replace(file="a b%c#é?<&\udcff.yaml", message="<b>&\"'\x00\x1b]]>\ud800")],
    "several": [
        PLACED,
        PLACED._replace(line=9),
        PLACED._replace(line=9, severity="note"),
        PLACED._replace(file="other.yaml", severity="warning"),
    ],
}


@pytest.fixture(params=PROBLEMS)
def problems(request: pytest.FixtureRequest) -> list[Problem]:
    return PROBLEMS[request.param]


def test_sarif_is_what_its_schema_asks(problems: list[Problem]) -> None:
    checker = jsonschema.Draft4Validator(SARIF, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
    log = json.loads(report.sarif(problems))
    assert [error.message for error in checker.iter_errors(log)] == []
    (run,) = log["runs"]
    notes = [note for each in run.get("invocations", ()) for note in each["toolExecutionNotifications"]]
    assert [note["level"] for note in notes] == ["note" for problem in problems if problem.severity == "note"]
    assert len(run["results"]) + len(notes) == len(problems)


def test_sarif_names_files_by_uri() -> None:
    (result,) = json.loads(report.sarif(PROBLEMS["an odd file"]))["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%20b%25c%23%C3%A9%3F%3C%26%FF.yaml"


def test_sarif_says_what_code_scanning_shows() -> None:
    problem = PLACED._replace(field="spec.x", type="Invalid", code=ALIASES.name)
    whole = Problem("output-drift", "error", "out of date", file="out/a.yaml")
    (run,) = json.loads(report.sarif([problem, whole]))["runs"]
    assert run["results"][0]["message"]["text"] == "spec.x: Invalid: unknown `a` (did you mean `b`?)"
    assert run["results"][1]["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    rule = run["tool"]["driver"]["rules"][0]
    assert rule["shortDescription"]["text"] == "Alias bomb."
    assert rule["fullDescription"]["text"] == report.prose_of("alias-bomb")
    assert "dsgen explain alias-bomb" in rule["help"]["text"]
    assert report.prose_of("alias-bomb") in rule["help"]["markdown"]


def test_sarif_has_no_more_than_github_takes() -> None:
    warning = PLACED._replace(severity="warning")
    found = [*(warning._replace(line=line) for line in range(1, 25_001)), PLACED]
    (run,) = json.loads(report.sarif(found, lambda _: "x" * 2_000))["runs"]
    assert len(run["results"]) == 25_000
    assert run["results"][0]["level"] == "error"
    assert len(run["tool"]["driver"]["rules"][0]["fullDescription"]["text"]) == 1_024


def test_code_quality_has_what_gitlab_requires(problems: list[Problem]) -> None:
    issues = json.loads(report.gitlab(problems))
    assert len(issues) == len({each["fingerprint"] for each in issues}) == len(problems)
    assert {each["severity"] for each in issues} <= {"info", "minor", "major", "critical", "blocker"}
    for each in issues:
        assert all(each[name] for name in ("description", "check_name"))
        assert each["location"]["path"]
        assert each["location"]["lines"]["begin"] >= 1


def test_a_problem_keeps_its_fingerprint_when_it_moves() -> None:
    (here,), (moved,) = (json.loads(report.gitlab([each])) for each in (PLACED, PLACED._replace(line=9)))
    assert here["fingerprint"] == moved["fingerprint"]
    assert moved["location"] == {"path": "profiles/a.yaml", "lines": {"begin": 9}}
    others = [
        PLACED._replace(file="b"),
        PLACED._replace(code="b"),
        PLACED._replace(path="b"),
        PLACED._replace(message="b"),
    ]
    assert len({each["fingerprint"] for each in json.loads(report.gitlab([PLACED, *others]))}) == 5


def test_junit_is_well_formed_and_counts(problems: list[Problem]) -> None:
    root = ElementTree.fromstring(report.junit(problems).encode())
    cases = root.findall("testsuite/testcase")
    assert len(cases) == max(1, len(problems))
    assert sum(int(suite.attrib["tests"]) for suite in root) == len(cases)
    errors = sum(problem.severity == "error" for problem in problems)
    assert sum(int(suite.attrib["failures"]) for suite in root) == len(root.findall(".//failure")) == errors
    skipped = sum(int(suite.attrib.get("skipped", 0)) for suite in root)
    assert skipped == len(root.findall(".//skipped")) == sum(problem.severity == "note" for problem in problems)
    assert all(case.attrib["name"] and case.attrib["classname"] for case in cases)


def test_junit_names_the_place() -> None:
    assert report.junit([PLACED]) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<testsuites name="dsgen">\n'
        '  <testsuite name="profiles/a.yaml" tests="1" failures="1">\n'
        '    <testcase classname="profiles/a.yaml" name="3:1 unknown-key a">'
        '<failure type="unknown-key" message="unknown `a` (did you mean `b`?)"/></testcase>\n'
        "  </testsuite>\n"
        "</testsuites>\n"
    )


def test_a_note_is_a_notice_to_github() -> None:
    assert report.github([PLACED._replace(severity="note")]).startswith("::notice file=profiles/a.yaml,line=3,")
