"""What a project, or a comment at a line, decides about warnings: that they are allowed, or that they are errors.

What the API server rejects cannot be allowed: only warnings can.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dsgen.origin import Origin
from dsgen.problem import Problem, code, did_you_mean, did_you_mean_code
from dsgen.record import Record

if TYPE_CHECKING:
    from dsgen.comments import Comment

OFF: Final = "off"
SEVERITIES: Final = (OFF, "warning", "error")

INVALID_ALLOWANCE = code(
    "invalid-allow-comment",
    """A comment that allows a warning must have a code and a reason: `# dsgen: allow CODE: REASON`, or with a date, `# dsgen: allow
    CODE until 2027-03-31: REASON`. It applies to its own line, or if it is on a line of its own, to the next one; if that is only a key,
    also to the line where its value begins. Separate several codes with commas. Errors cannot be allowed. No other comment may begin with
    `dsgen:`, so that a misspelled one is noticed.""",
    "warning",
)
EXPIRED_ALLOWANCE = code(
    "expired-allowance",
    """The date until which a warning was allowed, or was an error, has passed, so it is an ordinary warning again. Fix the cause, or set a new
    date. With `--fail-on expired`, commands fail.""",
    "warning",
)

_MARK: Final = re.compile(rb"#[ \t]*dsgen:[ \t]*[A-Za-z]", re.IGNORECASE)
_COMMENT: Final = re.compile(r"(?:^|\s)#\s*dsgen:\s*allow\b(.*)")
_OTHER: Final = re.compile(r"#\s*dsgen:\s*([A-Za-z][\w-]*)", re.IGNORECASE)
# A line with a key whose value is below it.
_ONLY_KEY: Final = re.compile(r"(?:[^#]|(?<=[^\s])#)*:\s*(?:#.*)?")
_FORM: Final = "write `# dsgen: allow CODE: REASON`, or `# dsgen: allow CODE until 2027-03-31: REASON`"
_STATED: Final = re.compile(r"\s+([^:]*?)(?:\s+until\s+([^\s:]+))?\s*(?::\s*(.*?)\s*)?")
_CODES: Final = re.compile(r"[a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*")


class Choice(Record):
    """What a project does with the warnings of a `code`: `off`, `warning` or `error`. `until` is the last day, empty if there is no end."""

    code: str
    severity: str
    until: str = ""
    place: Origin | None = None


class Allowance(Record):
    """A comment, at a place, that allows the warnings of some `codes` at a `line`; or what is wrong with it.

    If the line is only a key, the value below it begins at `value`, a line and a column: formatters move values there and back.
    """

    place: Origin
    line: int
    value: tuple[int, int] | None = None
    codes: tuple[str, ...] = ()
    until: str = ""
    fault: str = ""
    hint: str = ""


class Allowed(Record):
    """A warning that was allowed: its file, line and code."""

    file: str
    line: int
    code: str


class Decisions(Record):
    """What was decided about the problems of some files: which warnings were `allowed`, and the last day on which that is the same (empty if
    there is none).

    `commented` are the names of the files that have comments for dsgen.
    """

    until: str = ""
    allowed: tuple[Allowed, ...] = ()
    commented: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, kept: Sequence[Any]) -> Decisions:
        """Return the decisions from JSON data, in which a record is a list."""
        until, allowed, commented = kept
        return cls(until, tuple(Allowed(*each) for each in allowed), tuple(commented))


# Of nearly every file: one for all of them is stored, and sent between processes, once.
_NOTHING_DECIDED: Final = Decisions()


def today() -> str:
    """Return the current day, as 2027-03-31."""
    from datetime import date

    return date.today().isoformat()


def is_over(until: str) -> bool:
    """Return whether a last day has passed; an empty text never does."""
    return bool(until) and until < today()


def is_date(text: str) -> bool:
    """Return whether a text is a day, as 2027-03-31."""
    from datetime import date

    try:
        return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


@cache
def severities() -> Mapping[str, str]:
    """Return the severity of every code; `make docs` writes the table."""
    table: dict[str, str] = json.loads(Path(__file__).with_name("severities.json").read_bytes())
    return table


def not_a_warning(name: str) -> tuple[str, str]:
    """Return why the problems of a code cannot be allowed, and a hint; empty texts if they can."""
    severity = severities().get(name)
    if severity == "warning":
        return "", ""
    if severity is None:
        hint = did_you_mean_code(name, severities())
        return f"there is no problem code `{name}`", hint or "write the code in brackets at the end of the warning"
    return f"`{name}` is a code of {severity}s; only warnings can be turned off", f"`dsgen explain {name}`"


def decided(
    problems: Iterable[Problem],
    choices: Sequence[Choice],
    text: Callable[[str], bytes],
    suppressed: list[Allowed] | None = None,
) -> list[Problem]:
    """Return the problems without the warnings that are allowed, by `choices` or by a comment, and those that are errors as errors.

    `text` returns the content of a file by its name in problems; it is only called for warnings. Those that are allowed are added to
    `suppressed`.
    """
    by_code = {each.code: each for each in choices if not is_over(each.until)}
    allowed: dict[str, set[tuple[object, str]]] = {}
    result = []
    for problem in problems:
        if problem.severity == "warning":
            if problem.file not in allowed:
                comments = allowances(text(problem.file), problem.file) if problem.line else ()
                in_force = [each for each in comments if not is_over(each.until)]
                allowed[problem.file] = {
                    (at, name) for each in in_force for name in each.codes for at in (each.line, each.value)
                }
            choice = by_code.get(problem.code)
            here = {(problem.line, problem.code), ((problem.line, problem.column), problem.code)}
            if (choice and choice.severity == OFF) or here & allowed[problem.file]:
                if suppressed is not None:
                    suppressed.append(Allowed(problem.file, problem.line, problem.code))
                continue
            if choice and choice.severity == "error":
                problem = problem._replace(severity="error")
        result.append(problem)
    return result


def settled(
    problems: Iterable[Problem], choices: Sequence[Choice], texts: Mapping[str, bytes], off: Iterable[Allowed] = ()
) -> tuple[list[Problem], Decisions]:
    """Return the problems of some files as they are decided, with those of the comments that allow warnings, and the decisions.

    `texts` are the contents of the user's files, by their names in problems. Warnings that are `off` were left out before.
    """
    found = {name: allowances(text, name) for name, text in texts.items() if _is_marked(text)}
    comments = [each for every in found.values() for each in every]
    suppressed = [*off]
    if not found and not choices and not suppressed:
        return [*problems], _NOTHING_DECIDED
    left = decided([*problems, *problems_of(comments)], choices, lambda name: texts.get(name, b""), suppressed)
    return left, Decisions(valid_until(choices, comments), tuple(suppressed), tuple(found))


def without_off(problems: Iterable[Problem], choices: Sequence[Choice], suppressed: list[Allowed]) -> list[Problem]:
    """Return the problems without the warnings whose codes are off, wherever they are; those are added to `suppressed`."""
    off = {each.code for each in choices if each.severity == OFF and not is_over(each.until)}
    left = []
    for each in problems:
        if each.severity == "warning" and each.code in off:
            suppressed.append(Allowed(each.file, each.line, each.code))
        else:
            left.append(each)
    return left


def allowances(text: bytes, file: str) -> Sequence[Allowance]:
    """Return the comments in a file that allow warnings."""
    return tuple(_allowances(text, file)) if _is_marked(text) else ()


def _is_marked(text: bytes) -> bool:
    """Return whether a file has a comment for dsgen; hardly any has, and finding the word takes a tenth of the time of the expression."""
    return b"dsgen:" in text.lower() and _MARK.search(text) is not None


def problems_of(comments: Iterable[Allowance]) -> Iterator[Problem]:
    """Yield what is wrong with comments that allow warnings."""
    for each in comments:
        if each.fault:
            yield INVALID_ALLOWANCE.at(each.place, each.fault, hint=each.hint)
        elif is_over(each.until):
            yield expired(", ".join(f"`{name}`" for name in each.codes), each.until, each.place)


def expired(what: str, until: str, place: Origin | None, path: str = "") -> Problem:
    """Return the warning that a choice about `what`, codes in backticks, has come to its end."""
    return EXPIRED_ALLOWANCE.at(
        place, f"{what}: the allowance expired on {until}", hint="fix the cause, or set a new date", path=path
    )


def valid_until(choices: Iterable[Choice], comments: Iterable[Allowance]) -> str:
    """Return the last day on which these decide the same as today, or an empty text if there is none."""
    days = [*(each.until for each in choices), *(each.until for each in comments)]
    return min((day for day in days if day and not is_over(day)), default="")


def _allowances(text: bytes, file: str) -> Iterator[Allowance]:
    from dsgen.syntax import LINE_BREAK

    decoded = text.decode("utf-8-sig", "replace")
    lines = LINE_BREAK.split(decoded)
    for _, at, column, words in _comments(decoded):
        line, number = lines[at], at + 1
        found = _COMMENT.search(words)
        other = None if found else _OTHER.match(words)
        start = column + (words.index("#", found.start()) if found else 0)
        place = Origin(file, number, start + 1, number, len(line.rstrip()) + 1)
        if other:
            yield Allowance(place, number, fault=f"unknown word `{other[1]}` after `dsgen:`", hint=_hint(other[1]))
        elif found:
            covered = number if line[:start].strip() else _next(lines, number)
            yield _allowance(found[1], place, covered, _value(lines, covered))


def _comments(text: str) -> list[Comment]:
    """Return the comments of a text; if it is not valid YAML, all that begins with `#`."""
    from yaml.error import YAMLError

    from dsgen.comments import comments, of_yaml

    try:
        return of_yaml(text)
    except (YAMLError, UnicodeEncodeError):
        return comments(text, [])


def _hint(word: str) -> str:
    return did_you_mean(word, ("allow",)) or f"{_FORM}, or begin the comment with another word"


def _next(lines: Sequence[str], number: int) -> int:
    """Return the number of the first line below line `number` that is neither empty nor a comment."""
    below = (at for at, line in enumerate(lines[number:], number + 1) if line.strip() and line.lstrip()[0] != "#")
    return next(below, number)


def _value(lines: Sequence[str], number: int) -> tuple[int, int] | None:
    """Return the line and the column where the value of line `number` begins, if it is only a key."""
    if not _ONLY_KEY.fullmatch(lines[number - 1]):
        return None
    below = _next(lines, number)
    return below, len(lines[below - 1]) - len(lines[below - 1].lstrip()) + 1


def _allowance(stated: str, place: Origin, line: int, value: tuple[int, int] | None) -> Allowance:
    found = _STATED.fullmatch(stated)
    if not found or not _CODES.fullmatch(found[1]):
        return Allowance(place, line, fault="expected the codes of warnings, separated by commas", hint=_FORM)
    codes = tuple(re.split(r"\s*,\s*", found[1]))
    for name in codes:
        fault, hint = not_a_warning(name)
        if fault:
            return Allowance(place, line, fault=fault, hint=hint)
    if found[2] and not is_date(found[2]):
        return Allowance(place, line, fault=f"'{found[2]}' is not a valid date", hint=_FORM)
    if not found[3]:
        return Allowance(place, line, fault="a reason is required", hint=_FORM)
    return Allowance(place, line, value, codes, found[2] or "")
