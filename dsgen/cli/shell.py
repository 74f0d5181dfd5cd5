"""What the commands share: finding the project, printing problems, and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NoReturn

import click

from dsgen import harmless, report
from dsgen.choices import EXPIRED_ALLOWANCE
from dsgen.cli.colour import is_coloured
from dsgen.problem import Problem, has_errors, in_order, is_shipped, plural
from dsgen.project.paths import unreadable
from dsgen.project.project import Project, find_project
from dsgen.reading import MANIFESTS, is_below, read_file

_COLOURS = {"error": "red", "warning": "yellow", "note": "blue", "hint": "cyan", "place": None, "code": "bright_black"}
# At most so many problems are printed as text; machine formats contain all.
MAX_PROBLEMS_SHOWN: Final = 1_000


def say(message: str) -> None:
    """Print a line on standard error, with control characters escaped."""
    click.echo(harmless.line(harmless.shortened(message)), err=True)


def fail(message: str, said: str = "") -> NoReturn:
    """Exit with 2: wrong usage, or an unreadable file. `said` is the output of another program."""
    message = harmless.line(harmless.shortened(message))
    click.echo(f"dsgen: {message}{said and ': '}{harmless.lines(said)}", err=True)
    sys.exit(2)


def current_project(arguments: Sequence[str]) -> tuple[Project, list[Problem]]:
    """Return the project of the current folder, or if there is none, that of the first file or folder in the arguments."""
    try:
        here = Path.cwd()
    except FileNotFoundError:
        fail("the current folder no longer exists: change to another one")
    try:
        project, problems = find_project(here)
        if not project.stated and arguments and arguments[0] != "-":
            path = Path(arguments[0])
            other, found = find_project(path if path.is_dir() else path.parent)
            if other.stated:
                return other, found
    except OSError as error:
        fail(f"cannot read {unreadable(error)}")
    return project, problems


def without_project(arguments: Sequence[str], project: Project) -> tuple[str, ...]:
    """Return the arguments, or none if they only name the folder of the project: that means all its profiles."""
    whole = project.stated and len(arguments) == 1 and Path(arguments[0]).is_dir()
    return () if whole and Path(arguments[0]).resolve() == project.root else tuple(arguments)


def sound_project(arguments: Sequence[str], form: str = "text") -> tuple[Project, list[Problem]]:
    """Return the same as `current_project`; if the project has errors, print them and exit."""
    project, problems = current_project(arguments)
    if has_errors(problems):
        print_problems(problems, form)
        sys.exit(1)
    return project, problems


@cache
def _lines(file: str) -> tuple[str, ...]:
    from dsgen.syntax import LINE_BREAK

    try:
        # Lines are split as YAML splits them.
        return tuple(LINE_BREAK.split(read_file(_path_of(file), limit=MANIFESTS).decode("utf-8-sig", "replace")))
    except (OSError, ValueError):
        return ()


def _path_of(file: str) -> Path:
    """Return the path of the file that problems call `file`; a locked preset is one of the current folder's project."""
    if not is_shipped(file):
        return Path(file)
    from dsgen.project.shipped import file_of

    return find_project(Path.cwd())[0].file_of(file) if "@" in file else file_of(file)


def _in_repository(file: str) -> str:
    """Return the path of a file relative to the root of the Git repository that the current folder is in, as GitHub expects it."""
    if file in ("", "-") or is_shipped(file):
        return file
    here = Path.cwd()
    top = next((each for each in (here, *here.parents) if os.path.lexists(each / ".git")), here)
    path = os.path.abspath(file)
    return os.path.relpath(path, top) if is_below(path, str(top)) else file


def _coloured(text: str, role: str) -> str:
    return click.style(text, fg=_COLOURS[role], bold=role in ("error", "place"))


def print_problems(problems: Iterable[Problem], form: str, to_stderr: bool = False) -> None:
    """Print problems in order: text on standard error, machine formats on standard output (or standard error)."""
    ordered = [report.shortened(problem) for problem in in_order(problems)]
    if form == "text":
        ordered, alike = report.without_alike(ordered)
        more = len(ordered) - MAX_PROBLEMS_SHOWN
        if more > 0:
            ordered = in_order(sorted(ordered, key=lambda problem: problem.severity != "error")[:MAX_PROBLEMS_SHOWN])
        colour = is_coloured(sys.stderr)
        style = _coloured if colour else lambda text, _: text
        click.echo(report.text(ordered, _lines, style, alike), err=True, nl=False, color=colour)
        if more > 0:
            say(f"and {plural(more, 'more problem')}")
        return
    if form in ("github", "gitlab", "sarif"):
        ordered = [problem._replace(file=_in_repository(problem.file)) for problem in ordered]
    write = {
        "json": report.as_json,
        "github": report.github,
        "gitlab": report.gitlab,
        "sarif": _sarif,
        "junit": report.junit,
    }
    click.echo(write[form](ordered), err=to_stderr, nl=False)


def _sarif(problems: Sequence[Problem]) -> str:
    # All rules are only loaded here, since their prose is part of the report.
    from dsgen.catalogue import catalogue

    entries = catalogue() if problems else {}
    return report.sarif(problems, lambda code: entries[code].prose if code in entries else "")


def exit_code(problems: Iterable[Problem], unread: bool, fail_on: str | None = None) -> int:
    """Return 2 if a file could not be opened, 1 if there are errors, else 0. `fail_on` adds to errors: `warning`, or `expired` allowances."""
    if unread:
        return 2
    return int(any(each.severity == "error" or (fail_on and _fails(each, fail_on)) for each in problems))


def _fails(problem: Problem, fail_on: str) -> bool:
    return problem.code == EXPIRED_ALLOWANCE.name if fail_on == "expired" else problem.severity == fail_on


def say_unread(unread: Iterable[str]) -> None:
    """Print each file that could not be opened, with the reason, once."""
    for line in dict.fromkeys(unread):
        say(f"dsgen: cannot read {line}")


def end(
    problems: Iterable[Problem], unread: Sequence[str], said: Iterable[str] = (), fail_on: str | None = None
) -> NoReturn:
    """End a command: print the files that could not be opened and the lines `said`, and exit with `exit_code`."""
    say_unread(unread)
    for line in said:
        say(line)
    sys.exit(exit_code(problems, bool(unread), fail_on))
