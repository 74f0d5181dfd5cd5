"""`dsgen validate`: what is wrong with profiles."""

from __future__ import annotations

import sys

import click

from dsgen.cli.shell import current_project, exit_code, format_option, plural, print_problems, profile_paths
from dsgen.cli.work import results
from dsgen.problem import has_errors


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
@format_option
def command(files: tuple[str, ...], quiet: bool, form: str) -> None:
    """Example: dsgen validate profiles/

    Says everything that is wrong with profiles: files, folders, or names of the project's profiles; without any, all of the project.
    """
    project, problems = current_project()
    if has_errors(problems):
        print_problems(problems, form)
        sys.exit(1)
    paths = profile_paths(files, project)
    unread = []
    good = 0
    for result in results(paths, project):
        problems += result.problems
        good += bool(result.objects)
        if result.unread:
            unread.append(result.unread)
    print_problems(problems, form)
    for line in unread:
        click.echo(f"dsgen: cannot read {line}", err=True)
    if not quiet and form == "text":
        click.echo(f"{good} of {plural(len(paths), 'profile')} {'is' if good == 1 else 'are'} right", err=True)
    sys.exit(exit_code(problems, bool(unread)))
