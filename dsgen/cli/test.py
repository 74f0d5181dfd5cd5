"""`dsgen test`: check what profiles generate."""

from __future__ import annotations

from pathlib import Path

import click

from dsgen import harmless, report
from dsgen.assertions import report as of_cases
from dsgen.assertions.case import Case, cases
from dsgen.assertions.run import PASSED, files, run
from dsgen.build.targets import read
from dsgen.cli.colour import TESTS, echo_lines
from dsgen.cli.options import environment_option, format_option, kubernetes_option
from dsgen.cli.shell import end, fail, print_problems, sound_project
from dsgen.problem import plural
from dsgen.project.paths import unreadable
from dsgen.reading import MANIFESTS


@click.command()
@click.argument("tests", nargs=-1, type=click.Path(readable=False), metavar="[FILE]...")
@click.option("-q", "--quiet", is_flag=True, help="Print only cases that do not pass.")
@environment_option
@kubernetes_option
@format_option(report.FORMATS, "Format of the report: text goes to standard error, the others to standard output.")
def command(tests: tuple[str, ...], quiet: bool, environments: tuple[str, ...], minor: str | None, form: str) -> None:
    """\b
    Example: dsgen test tests/first-agent.yaml

    Checks that profiles generate what tests expect. FILE is a file or folder of tests. Default: the folder `tests` of the project. The exit
    code is 1 if a case fails, or cannot be evaluated.

    \b
    tests:
    - name: the agent uses the host's network
      profile: node-exporter
      environments: [prod-eu]
      object: DaemonSet
      expect: {spec: {template: {spec: {hostNetwork: true}}}}
      rules: ["object.spec.template.spec.containers.all(c, has(c.resources.limits))"]
    """
    project, problems = sound_project([], form)
    found: list[Case] = []
    paths = files(project, tests)
    if not paths:
        fail("no tests found: pass a file, or add files to the folder `tests` of the project")
    unread: list[str] = []
    for path in paths:
        try:
            found += cases(read(Path(path), project.root, MANIFESTS), problems)
        except OSError as error:
            unread.append(unreadable(error, error.filename or path))
    outcomes, stated = run(project, found, environments, minor)
    problems += [*stated, *(problem for each in outcomes for problem in each.problems)]
    shown = [each for each in outcomes if not quiet or each.result != PASSED]
    if form == "json":
        click.echo(of_cases.as_json(outcomes, problems), nl=False)
    elif form == "junit":
        click.echo(of_cases.as_junit(outcomes, problems), nl=False)
    else:
        if form == "text":
            echo_lines(harmless.lines(of_cases.as_text(shown)), TESTS, err=True)
        print_problems(problems, form)
    passed = sum(each.result == PASSED for each in outcomes)
    summary = f"{plural(len(outcomes), 'case')}, {passed} passed"
    end(problems, unread, [summary] if form == "text" and not quiet else [], None)
