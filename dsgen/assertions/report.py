"""Reports of tests: one line, one object of JSON or one JUnit case per case and environment."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from dsgen import harmless
from dsgen.assertions.run import PASSED, Outcome
from dsgen.problem import Problem
from dsgen.report import row, shortened


def as_text(outcomes: Sequence[Outcome]) -> str:
    """Return a line for each case, before its problems."""
    return "".join(f"{each.result}: {_shown(each)}\n" for each in outcomes)


def as_json(outcomes: Sequence[Outcome], problems: Sequence[Problem]) -> str:
    """Return one JSON object: the cases, and all problems."""
    return harmless.as_json(
        {"cases": list(map(_row, outcomes)), "problems": [row(shortened(each)) for each in problems]}
    )


def as_junit(outcomes: Sequence[Outcome], problems: Sequence[Problem]) -> str:
    """Return a JUnit report: a suite per file. A case that is not evaluated is an error; so is a file that is not valid."""
    files: dict[str, list[str]] = {}
    bad: dict[str, int] = {}
    for each in outcomes:
        files.setdefault(each.case.file, []).append(_case(each))
        bad[each.case.file] = bad.get(each.case.file, 0) + (each.result != PASSED)
    of_cases = {problem for each in outcomes for problem in each.problems}
    for problem in problems:
        if problem not in of_cases and problem.severity == "error":
            name = problem.file or "dsgen"
            said = f'<error type="{problem.code}" message="{_text(problem.message)}"/>'
            files.setdefault(name, []).append(
                f'    <testcase classname="{_text(name)}" name="{problem.code}">{said}</testcase>\n'
            )
            bad[name] = bad.get(name, 0) + 1
    suites = "".join(
        f'  <testsuite name="{_text(file)}" tests="{len(cases)}" failures="{bad.get(file, 0)}">\n{"".join(cases)}  </testsuite>\n'
        for file, cases in files.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="dsgen test">\n{suites}</testsuites>\n'


def _shown(outcome: Outcome) -> str:
    where = f" ({outcome.environment})" if outcome.environment else ""
    return harmless.line(f"{outcome.case.profile}: {outcome.case.name}{where}")


def _row(outcome: Outcome) -> dict[str, Any]:
    origin = outcome.case.origin()
    return {
        "file": outcome.case.file,
        "line": origin.line if origin else 0,
        "name": outcome.case.name,
        "profile": outcome.case.profile,
        "environment": outcome.environment,
        "result": outcome.result,
        "problems": [row(shortened(each)) for each in outcome.problems],
    }


def _case(outcome: Outcome) -> str:
    where = f" ({outcome.environment})" if outcome.environment else ""
    said = "".join(
        f'<{"failure" if outcome.result == "failed" else "error"} type="{each.code}" message="{_text(_line(each))}"/>'
        for each in map(shortened, outcome.problems)
    )
    name, profile = _text(f"{outcome.case.name}{where}"), _text(outcome.case.profile)
    return f'    <testcase classname="{profile}" name="{name}">{said}</testcase>\n'


def _line(problem: Problem) -> str:
    field = f"{problem.field}: " if problem.field else ""
    return f"{problem.file}:{problem.line}: {field}{problem.message}"


def _text(text: str) -> str:
    return escape(harmless.line(text))
