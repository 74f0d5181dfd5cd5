"""`dsgen requires`: what the cluster must provide for profiles."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import click

from dsgen.cli.shell import (
    current_project,
    environment_option,
    exit_code,
    file_paths,
    kubernetes_option,
    print_problems,
    unreadable,
    version_problems,
)  # fmt: skip
from dsgen.cli.targets import read, targets
from dsgen.cli.work import maker
from dsgen.kubernetes.requires import Requirement
from dsgen.problem import has_errors

_CALLED = {"API": "API", "NodeLabel": "node label"}


@click.command()
@click.argument("profiles", nargs=-1, type=click.Path(readable=False), metavar="[PROFILE]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How it is printed.",
)
@environment_option
@kubernetes_option
def command(profiles: tuple[str, ...], form: str, environments: tuple[str, ...], minor: str | None) -> None:
    """Example: dsgen requires profiles/node-exporter.yaml

    Lists what the cluster must provide for profiles, all of the project by default: the secrets, config maps, service accounts, namespaces
    and classes that they refer to and none of them makes, the APIs of custom resources, and the labels of nodes that they select by.
    """
    from dsgen.kubernetes.requires import requires

    project, problems = current_project(profiles)
    if has_errors(problems):
        print_problems(problems, "text")
        sys.exit(1)
    problems += version_problems(minor or project.kubernetes)
    make = maker(project, minor)
    work, found = targets(file_paths(profiles, project), project, environments, minor, not profiles, make)
    problems += found
    objects = []
    unread = []
    for target in work:
        try:
            made = make().make(read(target.path), target.environment)
        except OSError as error:
            unread.append(unreadable(error, error.filename or target.path))
            continue
        problems += made.problems
        objects += [each.tree for each in made.objects]
    print_problems((problem for problem in problems if problem.severity == "error"), "text")
    for line in unread:
        click.echo(f"dsgen: cannot read {line}", err=True)
    needed = requires(objects)
    if form == "json":
        click.echo(json.dumps({"requires": list(map(_as_json, needed))}, indent=2, ensure_ascii=False))
    else:
        click.echo("".join(_lines(needed)), nl=False)
    sys.exit(exit_code(problems, bool(unread)))


def _lines(found: list[Requirement]) -> Iterator[str]:
    for each in found:
        where = f"{each.namespace}/" if each.namespace else ""
        keys = f" with {', '.join(each.keys)}" if each.keys else ""
        yield f"{_CALLED.get(each.kind, each.kind)} {where}{each.name}{keys}{' (optional)' if each.optional else ''}\n"


def _as_json(each: Requirement) -> dict[str, object]:
    place = {"file": each.origin.file, "line": each.origin.line} if each.origin else {"file": "", "line": 0}
    return {
        "kind": each.kind,
        "namespace": each.namespace,
        "name": each.name,
        "keys": list(each.keys),
        "optional": each.optional,
        **place,
    }
