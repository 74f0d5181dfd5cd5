"""`dsgen validate`: what is wrong with profiles and manifests."""

from __future__ import annotations

import sys

import click

from dsgen.cli.claims import Claims
from dsgen.cli.found import Found
from dsgen.cli.processes import results
from dsgen.cli.shell import (
    environment_option,
    exit_code,
    file_paths,
    format_option,
    kubernetes_option,
    plural,
    print_problems,
    sound_project,
    version_problems,
)  # fmt: skip
from dsgen.cli.targets import targets
from dsgen.cli.work import maker, validate
from dsgen.problem import has_errors

SUFFIXES = (".yaml", ".yml", ".json")


@click.command()
@click.argument("files", nargs=-1, type=click.Path(readable=False), metavar="[FILE]...")
@click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
@environment_option
@kubernetes_option
@format_option
def command(files: tuple[str, ...], quiet: bool, environments: tuple[str, ...], minor: str | None, form: str) -> None:
    """Example: helm template my-agent ./chart | dsgen validate -

    Says everything that is wrong with profiles and with manifests of DaemonSets and what comes with them, wherever they come from: files, folders,
    `-` for standard input, or names of the project's profiles; without any, all profiles of the project. Objects of kinds that dsgen does
    not know are not judged.
    """
    project, problems = sound_project(files, form)
    problems += version_problems(minor or project.kubernetes)
    unread = []
    judged = 0
    others: list[str] = []
    claims = Claims()
    found = Found()
    make = maker(project, minor)
    work, problems_of_environments = targets(
        file_paths(files, project, SUFFIXES), project, environments, minor, not files, make
    )
    wrong = {problem.file for problem in problems_of_environments if problem.severity == "error"}
    problems += problems_of_environments
    for result in results(work, validate(make, minor or project.kubernetes, project.checks)):
        faults = [*result.problems, *claims.conflicts(result.environment, result.file, result.claims)]
        found.add(result, faults)
        judged += result.judged
        if has_errors(faults):
            wrong.add(result.file)
        others += result.others
        if result.unread:
            unread.append(result.unread)
    problems += found.problems()
    if not files:
        problems += found.unused_pins(work)
    print_problems(problems, form)
    for line in unread:
        click.echo(f"dsgen: cannot read {line}", err=True)
    if not quiet and form == "text":
        passed = f"; not judged: {plural(len(others), 'object')} ({', '.join(sorted(set(others)))})" if others else ""
        what = f"{plural(len(wrong), 'file')} with errors" if wrong else "no errors"
        click.echo(f"{plural(judged, 'object')} judged, {what}{passed}", err=True)
    sys.exit(exit_code(problems, bool(unread)))
