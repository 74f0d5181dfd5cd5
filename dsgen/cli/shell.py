"""What the commands share: which files are meant, how problems are printed, and the exit code."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NoReturn

import click

from dsgen import harmless, report, source
from dsgen.kubernetes.schema import fields, formats
from dsgen.problem import Problem, code, has_errors, in_order
from dsgen.project.project import UNREAD_FILE, Project, display_path, files_below, find_project
from dsgen.reading import MANIFESTS, read_file, read_named
from dsgen.tree import Map

UNJUDGED_VERSION = code(
    "unjudged-version",
    """dsgen has the field table of this version of Kubernetes, but no recorded verdicts: its rules are taken to be those of the newest
    version that has.""",
    severity="warning",
)
_COLOURS = {"error": "red", "warning": "yellow", "note": "blue", "hint": "cyan", "place": None, "code": "bright_black"}
# So many problems are shown to people; machines get all.
MAX_PROBLEMS_SHOWN: Final = 1_000

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(report.FORMATS),
    default="text",
    show_default=True,
    help="How problems are printed: text on standard error, the others on standard output.",
)
kubernetes_option = click.option(
    "--kubernetes",
    "minor",
    type=click.Choice(fields.MINORS),
    help=f"The version of Kubernetes to judge by. Default: the project's, or {fields.DEFAULT}.",
)


def complete_environment(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Return the names of the project's environments that begin so, for the shell."""
    try:
        project, _ = find_project(Path.cwd())
        # Shells take a name apart, or run what stands in it: only one that could be is offered.
        return [
            name for name in project.environment_files() if name.startswith(begun) and not formats.dns_subdomain(name)
        ]
    except OSError:
        return []


environment_option = click.option(
    "-e",
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_environment,
    help="Only for these environments: names, or patterns such as 'prod-*'. Default: all.",
)


def say(message: str) -> None:
    """Print a line on standard error, whatever names it holds."""
    click.echo(harmless.line(harmless.shortened(message)), err=True)


def fail(message: str, said: str = "") -> NoReturn:
    """End with exit code 2: wrong usage, or a file that cannot be opened. `said` are the words of another program."""
    message = harmless.line(harmless.shortened(message))
    click.echo(f"dsgen: {message}{said and ': '}{harmless.lines(said)}", err=True)
    sys.exit(2)


def unreadable(error: OSError, path: Path | str | None = None) -> str:
    """Return a line that says which file cannot be opened or written, and why."""
    name = path or error.filename
    return f"{display_path(Path(os.fsdecode(name))) if name else 'a file'}: {error.strerror or error}"


def current_project(arguments: Sequence[str]) -> tuple[Project, list[Problem]]:
    """Return the project of the current folder, or where that is in none, of the first file or folder that is meant."""
    try:
        here = Path.cwd()
    except FileNotFoundError:
        fail("the current folder is not there any more: go to another one")
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


def sound_project(arguments: Sequence[str], form: str = "text") -> tuple[Project, list[Problem]]:
    """Return what `current_project` does, without errors: with any, print them and end the run."""
    project, problems = current_project(arguments)
    if has_errors(problems):
        print_problems(problems, form)
        sys.exit(1)
    return project, problems


def file_paths(arguments: Sequence[str], project: Project, suffixes: tuple[str, ...] = (".yaml",)) -> list[Path]:
    """Return the files that are meant: files, folders and names of the project's profiles; without any, all of the project."""
    try:
        return list(_paths(arguments, project, suffixes))
    except OSError as error:
        fail(f"cannot read {unreadable(error)}")


def _paths(arguments: Sequence[str], project: Project, suffixes: tuple[str, ...]) -> Iterable[Path]:
    if not arguments:
        paths = project.profile_files()
        if not paths:
            from dsgen.project.unread import unread

            near = "".join(
                f"; {each.file} is not read: {each.hint}"
                for each in unread(project)[:1]
                if each.code == UNREAD_FILE.name
            )
            fail(f"no profiles: {', '.join(project.profiles)} matches nothing in {display_path(project.root)}{near}")
        return paths
    result: dict[Path, None] = {}
    for argument in arguments:
        path = Path(argument)
        if path.is_dir():
            folder = files_below(path, project.root, suffixes)
            if not folder:
                fail(f"{argument}: nothing in this folder matches {', '.join('*' + suffix for suffix in suffixes)}")
            result.update(dict.fromkeys(folder))
        elif argument == "-" or path.exists() or "/" in argument or argument.endswith((".yaml", ".yml", ".json")):
            result[path] = None
        else:
            named = [
                path for path in project.profile_files() if argument in (path.stem, stated_name(path, project.root))
            ]
            if not named:
                fail(f"{argument}: no such file, and no profile of the project has this name")
            result.update(dict.fromkeys(named))
    return result


def unread_below(arguments: Sequence[str], project: Project) -> list[Problem]:
    """Return a problem for each file that looks like a profile, is none, and lies in a folder among the arguments."""
    folders = [path for path in map(Path, arguments) if path.is_dir()]
    if not folders:
        return []
    from dsgen.project import unread

    try:
        return [problem for folder in folders for problem in unread.unread_below(folder, project)]
    except OSError as error:
        fail(f"cannot read {unreadable(error)}")


def stated_name(path: Path, within: Path) -> str:
    """Return the `name` that a profile states, or an empty text; `within` is the folder of its project."""
    try:
        root, _ = source.read(read_named(path, within), str(path))
    except OSError:
        return ""
    return str(root.get("name", "")) if isinstance(root, Map) else ""


def version_problems(minor: str) -> list[Problem]:
    """Return the warning for a version whose fields are known and whose rules are not recorded yet."""
    if int(minor.split(".")[1]) <= int(fields.DEFAULT.split(".")[1]):
        return []
    found = f"the rules of Kubernetes {minor} are not recorded yet: those of {fields.DEFAULT} are applied"
    return [UNJUDGED_VERSION.at(None, found, hint=f"its fields are those of {minor}")]


@cache
def _lines(file: str) -> tuple[str, ...]:
    from dsgen.project import shipped

    path = Path(file)
    if file.startswith("dsgen/"):
        path = shipped.templates() / file.removeprefix("dsgen/")
    try:
        # Lines end where YAML ends them.
        return tuple(
            re.split("\r\n|[\n\r\x85\u2028\u2029]", read_file(path, limit=MANIFESTS).decode("utf-8-sig", "replace"))
        )
    except (OSError, ValueError):
        return ()


def _coloured(text: str, role: str) -> str:
    return click.style(text, fg=_COLOURS[role], bold=role in ("error", "place"))


def print_problems(problems: Iterable[Problem], form: str, to_stderr: bool = False) -> None:
    """Print problems in order: text on standard error, machine formats on standard output (or standard error)."""
    ordered = [report.shortened(problem) for problem in in_order(problems)]
    if form == "text":
        more = len(ordered) - MAX_PROBLEMS_SHOWN
        if more > 0:
            ordered = in_order(sorted(ordered, key=lambda problem: problem.severity != "error")[:MAX_PROBLEMS_SHOWN])
        colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ
        style = _coloured if colour else lambda text, _: text
        click.echo(report.text(ordered, _lines, style), err=True, nl=False, color=colour)
        if more > 0:
            say(f"and {plural(more, 'more problem')}")
        return
    write = {"json": report.as_json, "github": report.github, "sarif": report.sarif, "junit": report.junit}[form]
    click.echo(write(ordered), err=to_stderr, nl=False)


def exit_code(problems: Iterable[Problem], unread: bool) -> int:
    """Return 2 when a file could not be opened, 1 when there are errors, else 0."""
    return 2 if unread else int(has_errors(problems))


def plural(number: int, one: str, many: str = "") -> str:
    """Return `3 files`, `1 file`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
