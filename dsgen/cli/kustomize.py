"""`dsgen kustomize`: dsgen as a KRM function."""

from __future__ import annotations

import sys

import click

from dsgen.build.selection import default_version, version_problems
from dsgen.build.tasks import maker
from dsgen.cli.options import kubernetes_option
from dsgen.cli.shell import current_project, print_problems
from dsgen.krm.function import failed, results, run
from dsgen.krm.resource_list import read
from dsgen.krm.text import written
from dsgen.problem import has_errors
from dsgen.project.cluster import of_cluster, problems_of_policies


@click.command()
@kubernetes_option
def command(minor: str | None) -> None:
    """\b
    Example: kustomize build --enable-alpha-plugins --enable-exec overlays/prod

    A KRM function for Kustomize and kpt: reads a ResourceList from standard input and writes one to standard output. A `DaemonSetProfile`, whose
    `spec` is a profile, is replaced by its objects, whether it is the `functionConfig` or an item. All other items are validated. Problems are
    printed to standard error, and listed with field and file under `results`, as are objects that were not validated. The exit code is 1 if there are errors.

    An example of a profile that Kustomize renders if it is listed under `generators`:

    \b
    kind: DaemonSetProfile
    apiVersion: dsgen/v1
    metadata:
      name: node-agent
      annotations:
        config.kubernetes.io/function: "exec: {path: dsgen, args: [kustomize]}"
    spec:
      containers: {agent: {image: "example.com/agent:1.0"}}
    """
    project, problems = current_project(())
    problems += [*version_problems(minor or project.kubernetes), *default_version(project, minor)]
    given, faults = read(sys.stdin.buffer.read(), "-")
    if given is None or has_errors(problems):
        print_problems(problems + faults, "text")
        sys.exit(1)
    make = maker(project, minor)
    problems += problems_of_policies(project, [None], minor)
    checks = of_cluster(project)
    outcome = run(given, lambda file: make().make(file), minor or project.kubernetes, checks)
    print_problems([*problems, *(each.problem for each in outcome.told if each.problem.severity != "note")], "text")
    click.echo(written(given, outcome.items, results(outcome)), nl=False)
    sys.exit(failed(outcome))
