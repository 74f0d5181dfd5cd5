"""Output formats of problems: text with the source line, JSON, GitHub annotations, GitLab's Code Quality, SARIF and JUnit, one function each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from dsgen import harmless
from dsgen.problem import CATALOGUE, LISTED, Problem
from dsgen.version import __version__

# Returns the lines of a file by its name in problems; empty if it cannot be read again.
Lines = Callable[[str], Sequence[str]]
Style = Callable[[str, str], str]

# At most so many problems that differ only in their place are printed as text.
MAX_ALIKE_SHOWN: Final = 3
FORMATS: Final = ("text", "json", "github", "gitlab", "sarif", "junit")


def shortened(problem: Problem) -> Problem:
    """Return a problem for output, with long keys and values shortened."""
    message, hint, path, field = map(harmless.shortened, (problem.message, problem.hint, problem.path, problem.field))
    return problem._replace(message=message, hint=hint, path=path, field=field)


def without_alike(problems: Iterable[Problem]) -> tuple[list[Problem], dict[Problem, list[Problem]]]:
    """Return the problems without those that only repeat others in another place, and these, each by the last one like it that is left."""
    groups: dict[tuple[str, ...], list[Problem]] = {}
    left: list[Problem] = []
    more: dict[Problem, list[Problem]] = {}
    for problem in problems:
        message = problem.message.replace(problem.file, "") if problem.file else problem.message
        same = groups.setdefault((problem.severity, problem.code, problem.field, message, problem.hint), [])
        if len(same) < MAX_ALIKE_SHOWN:
            same.append(problem)
            left.append(problem)
        else:
            more.setdefault(same[-1], []).append(problem)
    return left, more


def text(
    problems: Iterable[Problem],
    lines: Lines,
    style: Style = lambda text, _: text,
    alike: Mapping[Problem, Sequence[Problem]] = {},
) -> str:
    """Return the problems for a terminal, each with its source line and a caret. `style(text, role)` may colour a part.

    `alike` are those that are not among the problems, by one that is.
    """
    parts = []
    # The source line of a Secret is not shown.
    hidden: dict[str, Sequence[range]] = {}
    for problem in problems:
        place = ":".join(str(part) for part in (problem.file, problem.line, problem.column) if part)
        message = harmless.line(f"{_subject(problem)}{problem.message}")
        parts.append(
            f"{style(harmless.line(place), 'place')}: " * bool(place)
            + f"{style(problem.severity, problem.severity)}: {message} {style(f'[{problem.code}]', 'code')}\n"
        )
        if problem.line:
            source = lines(problem.file)
            if problem.file not in hidden:
                hidden[problem.file] = _lines_of_secrets(source)
            if not any(problem.line in each for each in hidden[problem.file]):
                parts += _excerpt(problem, source)
        if problem.hint:
            parts.append(f"  {style('hint', 'hint')}: {harmless.line(problem.hint)}\n")
        if problem in alike:
            parts.append(f"  {_counted(alike[problem])}\n")
    return "".join(parts)


def _counted(alike: Sequence[Problem]) -> str:
    places = dict.fromkeys(f"{each.file}:{each.line}" if each.line else each.file for each in alike)
    named = [harmless.line(place) for place in places if place][:LISTED]
    where = f": {', '.join(named)}{', …' if len(places) > LISTED else ''}" if named else ""
    return f"and {len(alike)} more like this{where}"


def _subject(problem: Problem) -> str:
    """Return Kubernetes' prefix of the message: the field, and the type of the error."""
    kind = f"{problem.type}: " if problem.type not in ("", "Warning") else ""
    return f"{problem.field}: {kind}" if problem.field else ""


def _whole(problem: Problem) -> str:
    """Return the message with its prefix and the hint."""
    return f"{_subject(problem)}{problem.message}" + (f" ({problem.hint})" if problem.hint else "")


def _excerpt(problem: Problem, lines: Sequence[str]) -> Iterable[str]:
    if not 0 < problem.line <= len(lines):
        return
    line = lines[problem.line - 1].rstrip("\r\n").replace("\t", " ")
    if not line.isprintable():
        line = "".join(letter if letter.isprintable() else "?" for letter in line)
    # Its length stays the same, for the caret below it.
    line = re.sub(r"##(?=\w*\[)", "#?", line)
    column = min(problem.column, len(line) + 1)
    end = problem.end_column if problem.end_line == problem.line else len(line) + 1
    width = max(1, min(end, len(line) + 1) - column)
    if problem.end_line > problem.line and column == 1:
        column += len(line) - len(line.lstrip())
        width = len(line.strip())
    if len(line) > 160:
        start = max(0, column - 80)
        line, column = line[start : start + 160], column - start
        width = min(width, 160 - column + 1)
    number = str(problem.line)
    yield f"  {number} | {line}\n"
    yield f"  {' ' * len(number)} | {' ' * (column - 1)}{'^' * width}\n"


def _lines_of_secrets(lines: Sequence[str]) -> Sequence[range]:
    if not any("Secret" in line for line in lines):
        return ()
    from dsgen.kubernetes.secrets import secret_lines

    return secret_lines(lines)


def as_json(problems: Iterable[Problem]) -> str:
    """Return the problems as one JSON object, `{"problems": [...]}`."""
    return harmless.as_json({"problems": list(map(row, problems))})


def row(problem: Problem) -> dict[str, Any]:
    """Return the fields of a problem, and the former name of its code as `formerly` if it was renamed."""
    fields = problem._asdict()
    return fields | {"formerly": problem.formerly} if problem.formerly else fields


def github(problems: Iterable[Problem]) -> str:
    """Return the problems as workflow commands, which GitHub shows as annotations at the profile's line."""
    rows = []
    for problem in problems:
        properties = {
            "file": problem.file,
            "line": problem.line,
            "col": problem.column,
            "endLine": problem.end_line,
            "endColumn": problem.end_column,
            "title": problem.code,
        }
        stated = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items() if value)
        command = "notice" if problem.severity == "note" else problem.severity
        rows.append(f"::{command} {stated}::{_escaped(_whole(problem))}\n")
    return "".join(rows)


_GITLAB_SEVERITIES: Final = {"error": "major", "warning": "minor", "note": "info"}


def gitlab(problems: Iterable[Problem]) -> str:
    """Return the problems as a Code Quality report for GitLab. Fingerprints leave out the line, and equal problems are numbered."""
    from hashlib import sha256

    seen: Counter[tuple[str, ...]] = Counter()
    issues = []
    for problem in problems:
        identity = (problem.file, problem.code, problem.path, _whole(problem))
        seen[identity] += 1
        issues.append(
            {
                "description": _whole(problem),
                "check_name": problem.code,
                "fingerprint": sha256(ascii((*identity, seen[identity])).encode()).hexdigest(),
                "severity": _GITLAB_SEVERITIES[problem.severity],
                "location": {"path": problem.file or ".", "lines": {"begin": problem.line or 1}},
            }
        )
    return harmless.as_json(issues)


def _escaped(value: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        value = value.replace(character, f"%{ord(character):02X}")
    return value


# GitHub's limits: it rejects a run with more results, and cuts longer descriptions ("SARIF support for code scanning").
_RESULTS: Final = 25_000
_DESCRIPTION: Final = 1_024


def prose_of(code: str) -> str:
    """Return the rule in prose of one of dsgen's own codes, or an empty text."""
    return CATALOGUE[code].prose if code in CATALOGUE else ""


def sarif(problems: Iterable[Problem], prose: Callable[[str], str] = prose_of) -> str:
    """Return the problems as SARIF 2.1.0, for code scanning. Notes are not results, but notifications of the tool.

    `prose` returns the text of a rule by its code. Of more results than GitHub accepts, the errors come first.
    """
    problems = list(problems)
    if len(problems) > _RESULTS:
        problems = sorted(problems, key=lambda problem: problem.severity != "error")[:_RESULTS]
    formerly = {problem.code: problem.formerly for problem in problems}
    rules = [_rule(code, formerly[code], prose(code)) for code in sorted(formerly)]
    driver: dict[str, Any] = {"name": "dsgen", "version": __version__, "rules": rules}
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem) for problem in problems if problem.severity != "note"],
    }
    notes = [_notification(problem) for problem in problems if problem.severity == "note"]
    if notes:
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": notes}]
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return harmless.as_json(log)


def _rule(code: str, formerly: str, prose: str) -> dict[str, Any]:
    """Return a rule. Its short description is the title of an alert, its help what is below."""
    title = code.replace("-", " ").capitalize()
    whole = prose or f"{title}."
    rule: dict[str, Any] = {
        "id": code,
        "name": "".join(word.capitalize() for word in code.split("-")),
        "shortDescription": {"text": f"{title}."},
        "fullDescription": {"text": whole if len(whole) <= _DESCRIPTION else f"{whole[: _DESCRIPTION - 1]}…"},
        "help": {"text": f"{whole} (dsgen explain {code})", "markdown": f"{whole}\n\nRun `dsgen explain {code}`."},
    }
    if formerly:
        rule["deprecatedIds"] = [formerly]
    return rule


def _notification(problem: Problem) -> dict[str, Any]:
    result = _result(problem)
    return {"descriptor": {"id": result.pop("ruleId")}, **result}


def _result(problem: Problem) -> dict[str, Any]:
    result: dict[str, Any] = {"ruleId": problem.code, "level": problem.severity, "message": {"text": _whole(problem)}}
    if problem.formerly:
        result["properties"] = {"formerly": problem.formerly}
    if problem.file:
        from urllib.parse import quote

        uri = quote(problem.file.replace("\\", "/").encode("utf-8", "surrogateescape"))
        location: dict[str, Any] = {"artifactLocation": {"uri": uri}}
        if not problem.line:
            location["region"] = {"startLine": 1}
        else:
            region = {
                "startLine": problem.line,
                "startColumn": problem.column,
                "endLine": problem.end_line,
                "endColumn": problem.end_column,
            }
            location["region"] = {name: value for name, value in region.items() if value}
        result["locations"] = [{"physicalLocation": location}]
    return result


def junit(problems: Iterable[Problem]) -> str:
    """Return the problems as a JUnit report: one suite per file, one test case per problem. A warning is a passed case, a note a skipped one.

    Without problems it contains one passed case, since tools treat a report without cases as a failed run.
    """
    from html import escape

    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.file or "dsgen", []).append(problem)
    suites = []
    for file, found in by_file.items():
        failures = sum(problem.severity == "error" for problem in found)
        name = escape(harmless.line(file))
        skipped = sum(problem.severity == "note" for problem in found)
        cases = "".join(_case(problem, name, escape) for problem in found)
        more = f' skipped="{skipped}"' if skipped else ""
        head = f'<testsuite name="{name}" tests="{len(found)}" failures="{failures}"{more}>'
        suites.append(f"  {head}\n{cases}  </testsuite>\n")
    passed = '  <testsuite name="dsgen" tests="1" failures="0">\n    <testcase classname="dsgen" name="no problems"/>\n  </testsuite>\n'
    body = "".join(suites) or passed
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="dsgen">\n{body}</testsuites>\n'


def _case(problem: Problem, file: str, escape: Callable[[str], str]) -> str:
    place = f"{problem.line}:{problem.column} " if problem.line else ""
    field = f" {problem.field or problem.path}" if problem.field or problem.path else ""
    text = f"{problem.message} ({problem.hint})" if problem.hint else problem.message
    message = escape(harmless.line(text))
    if problem.severity == "error":
        said = f'<failure type="{problem.code}" message="{message}"/>'
    elif problem.severity == "note":
        said = f'<skipped message="{message}"/>'
    else:
        said = f"<system-out>warning: {message}</system-out>"
    name = escape(harmless.line(f"{place}{problem.code}{field}"))
    return f'    <testcase classname="{file}" name="{name}">{said}</testcase>\n'
