"""`dsgen generate`: the main job."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from dsgen.cli.claims import Claims
from dsgen.cli.found import Found
from dsgen.cli.shell import (
    current_project,
    environment_option,
    exit_code,
    fail,
    file_paths,
    format_option,
    kubernetes_option,
    plural,
    print_problems,
    unreadable,
    version_problems,
)  # fmt: skip
from dsgen.cli.targets import targets
from dsgen.cli.work import generate, maker, results
from dsgen.output.files import write_file
from dsgen.problem import Problem, code, has_errors
from dsgen.project import shown

SAME_NAME = code(
    "same-name", "Two profiles of the project have one name. A profile is known by its name, and its folder bears it."
)


@click.command()
@click.argument("profiles", nargs=-1, type=click.Path(readable=False), metavar="[PROFILE]...")
@click.option(
    "-o",
    "--output",
    type=click.Path(readable=False),
    metavar="DIR",
    help="Where to write; `-` for standard output. Default: the project's `out`.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
@click.option("--defaults", is_flag=True, help="Write the API's defaults out, which stops drift in tools that compare.")
@environment_option
@kubernetes_option
@format_option
def command(
    profiles: tuple[str, ...],
    output: str | None,
    quiet: bool,
    defaults: bool,
    environments: tuple[str, ...],
    minor: str | None,
    form: str,
) -> None:
    """Example: dsgen generate profiles/node-exporter.yaml -o -

    Makes DaemonSets, and what comes with them, from profiles: files, folders, or names of the project's profiles; without any, all of the project.
    Each object goes to DIR/PROFILE/KIND-NAME.yaml, in a project with environments to DIR/ENVIRONMENT/PROFILE/. Nothing is written for a profile with errors, and what it had written before stays.
    """
    project, problems = current_project(profiles)
    if has_errors(problems):
        print_problems(problems, form)
        sys.exit(1)
    problems += version_problems(minor or project.kubernetes)
    make = maker(project, minor, defaults)
    work, wrong = targets(file_paths(profiles, project), project, environments, minor, not profiles, make)
    problems += wrong
    stream = output == "-"
    folder = Path(output) if output is not None else project.root / project.output
    written = changed = failed = 0
    unread: list[str] = []
    seen: dict[tuple[str, str], str] = {}
    claims = Claims()
    found = Found()
    progress = _Progress(len(work), quiet)
    documents = []
    for result in results(work, generate(make)):
        progress.step()
        found.add(result, result.problems)
        if result.unread:
            unread.append(result.unread)
        if not result.objects:
            failed += 1
            continue
        which = (result.environment, result.name)
        if which in seen:
            failed += 1
            found.add(result, [_same_name(result.name, result.file, seen[which])])
            continue
        seen[which] = result.file
        conflicts = claims.conflicts(result.environment, result.file, result.claims)
        if conflicts:
            failed += 1
            found.add(result, conflicts)
            continue
        for filename, text in result.objects:
            written += 1
            if stream:
                documents.append(text)
                continue
            path = folder / result.environment / result.name / filename
            try:
                changed += write_file(path, text)
            except OSError as error:
                progress.end()
                print_problems([*problems, *found.problems()], form)
                fail(f"cannot write {unreadable(error, path)}")
    progress.end()
    problems += found.problems()
    if not profiles:
        problems += found.unused_pins(work)
    if stream:
        click.echo("---\n".join(documents), nl=False)
    print_problems(problems, form, to_stderr=stream)
    for line in unread:
        click.echo(f"dsgen: cannot read {line}", err=True)
    if not quiet and not stream:
        left = f", {plural(written - changed, 'file')} as before" if written > changed else ""
        bad = f"; nothing for {plural(failed, 'profile')}" if failed else ""
        click.echo(f"wrote {plural(changed, 'file')} to {shown(folder)}{left}{bad}", err=True)
    sys.exit(exit_code(problems, bool(unread)))


def _same_name(name: str, file: str, other: str) -> Problem:
    return Problem(
        SAME_NAME.name,
        "error",
        f"`{name}` is also the name of {other}",
        "give one of the two another name",
        file,
        path="name",
    )


class _Progress:
    """A line on the terminal that counts profiles, once the work takes longer than a moment."""

    def __init__(self, total: int, quiet: bool) -> None:
        self._total = total
        self._done = 0
        self._shown = False
        self._due = time.monotonic() + 1 if sys.stderr.isatty() and not quiet else float("inf")

    def step(self) -> None:
        self._done += 1
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + 0.1
            self._shown = True
            click.echo(f"\r{self._done} of {self._total} profiles", nl=False, err=True)

    def end(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
