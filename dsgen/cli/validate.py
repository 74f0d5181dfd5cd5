"""`dsgen validate`: validate profiles and manifests."""

from __future__ import annotations

from typing import Final

import click

from dsgen.build.object_owners import ObjectOwners
from dsgen.build.problem_collector import ProblemCollector
from dsgen.build.processes import results
from dsgen.build.related import RelatedObjects
from dsgen.build.selection import MISSING_VERSION, UNVALIDATED_VERSION, default_version, file_paths, version_problems
from dsgen.build.targets import targets
from dsgen.build.tasks import maker, validate
from dsgen.cli.options import environment_option, kubernetes_option, problem_format_option
from dsgen.cli.shell import end, plural, print_problems, sound_project
from dsgen.problem import has_errors
from dsgen.reading import YAML_SUFFIXES

# The notes that text has line by line.
SHOWN: Final = (MISSING_VERSION.name, UNVALIDATED_VERSION.name)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(readable=False), metavar="[FILE]...")
@click.option("-q", "--quiet", is_flag=True, help="Print only problems and skipped objects.")
@environment_option
@kubernetes_option
@problem_format_option
def command(files: tuple[str, ...], quiet: bool, environments: tuple[str, ...], minor: str | None, form: str) -> None:
    """Example: helm template my-agent ./chart | dsgen validate -

    Validates profiles and manifests: files, folders, `-` for standard input, or names of profiles in the project. Default: all profiles of
    the project. Of kinds that dsgen has no rules for, only fields, metadata and pods are validated; custom resources are skipped. Both
    are listed as such.
    """
    project, problems = sound_project(files, form)
    problems += version_problems(minor or project.kubernetes)
    unread = []
    judged = 0
    in_part: list[str] = []
    others: list[str] = []
    claims = ObjectOwners()
    found = ProblemCollector()
    make = maker(project, minor)
    paths = file_paths(files, project, YAML_SUFFIXES)
    work, problems_of_environments = targets(paths, project, environments, minor, not files, make)
    wrong = {problem.file for problem in problems_of_environments if problem.severity == "error"}
    problems += problems_of_environments
    if not quiet:
        problems += default_version(project, minor, (each.environment for each in work))
    related = RelatedObjects(project, work, make, minor, paths if files else ())
    task = validate(make, minor or project.kubernetes, project.checks, related.are_several)
    for result in results(work, task):
        faults = [*result.problems, *claims.conflicts(result.environment, result.file, result.claims)]
        found.add(result, faults)
        related.add(result)
        judged += result.judged
        if has_errors(faults):
            wrong.add(result.file)
        in_part += result.in_part
        others += result.others
        if result.unread:
            unread.append(result.unread)
    for each in related.problems():
        found.add_related(each)
        if each.problem.severity == "error":
            wrong.add(each.file)
    problems += found.problems()
    if not files:
        problems += found.unused_pins(work)
    # Text has one line for all skipped objects; the other formats list each.
    shown = [each for each in problems if form != "text" or each.severity != "note" or each.code in SHOWN]
    print_problems(shown, form)
    said: list[str] = []
    if form == "text":
        what = f"{plural(len(wrong), 'file')} with errors" if wrong else "no errors"
        said += [] if quiet else [f"{plural(judged, 'object')} validated, {what}"]
        if in_part:
            said.append(f"{plural(len(in_part), 'object')} validated only in part ({', '.join(sorted(set(in_part)))})")
        if others:
            said.append(f"skipped {plural(len(others), 'object')} of other kinds ({', '.join(sorted(set(others)))})")
        if unread and not quiet:
            said.append(f"{plural(len(set(unread)), 'file')} not read")
    end(problems, unread, ["; ".join(said)] if said else [])
