"""`dsgen requires`: what profiles require of the cluster."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from dsgen import harmless
from dsgen.build.selection import NOTES_OF_VERSIONS, default_version, file_paths, version_problems
from dsgen.build.targets import targets
from dsgen.build.tasks import make as made_of
from dsgen.build.tasks import maker
from dsgen.cli.options import environment_option, files_argument, format_option, kubernetes_option
from dsgen.cli.progress import counted
from dsgen.cli.shell import exit_code, print_problems, say_unread, sound_project, without_project
from dsgen.kubernetes.requires import RequiredObject, more_requirements, requires
from dsgen.project.paths import unreadable
from dsgen.tree import Map

_CALLED = {"NodeLabel": "node label", "Taint": "tolerated taint", "Image": "image"}


@click.command()
@files_argument("profiles")
@format_option(("text", "json"))
@environment_option
@kubernetes_option
def command(profiles: tuple[str, ...], form: str, environments: tuple[str, ...], minor: str | None) -> None:
    """\b
    Example: dsgen requires first-agent

    Lists what the cluster must provide for profiles (default: all profiles of the project): secrets, config maps, service accounts,
    namespaces and classes that they refer to but do not generate, APIs of custom resources, images, the node labels that they select, the taints
    that they tolerate, and, if not all versions of Kubernetes accept them, those that do. Each namespace is listed with the strictest Pod
    Security level that admits its pods.
    In a project with environments, lists this for each environment.
    """
    project, problems = sound_project(profiles)
    profiles = without_project(profiles, project)
    problems += version_problems(minor or project.kubernetes)
    make = maker(project, minor)
    work, found = targets(file_paths(profiles, project), project, environments, minor, not profiles, make)
    problems += [*found, *default_version(project, minor, (each.environment for each in work))]
    clusters: dict[str, list[Map]] = {}
    unread = []
    for target in counted(work, len(work)):
        try:
            made = made_of(make(), target)
        except OSError as error:
            unread.append(unreadable(error, error.filename or target.path))
            continue
        problems += made.problems
        clusters.setdefault(made.environment, []).extend(each.tree for each in made.objects)
    print_problems((each for each in problems if each.severity == "error" or each.code in NOTES_OF_VERSIONS), "text")
    say_unread(unread)
    minors = {target.environment.name: target.environment.kubernetes for target in work if target.environment}
    needs = [
        (environment, each)
        for environment, objects in clusters.items()
        for each in _all(objects, minors.get(environment, minor or project.kubernetes))
    ]
    if form == "json":
        listed = [_as_json(environment, each) for environment, each in needs]
        click.echo(harmless.as_json({"requires": listed}), nl=False)
    else:
        for environment, each in needs:
            click.echo(harmless.line((f"{environment}: " if environment else "") + _as_text(each)))
    sys.exit(exit_code(problems, bool(unread)))


def _all(objects: Sequence[Map], minor: str) -> list[RequiredObject]:
    found = [*requires(objects, minor), *more_requirements(objects, minor)]
    return sorted(found, key=lambda each: (each.reference.kind, each.reference.namespace, each.reference.name))


def _as_text(required: RequiredObject) -> str:
    each = required.reference
    where = f"{each.namespace}/" if each.namespace else ""
    keys = f" with {', '.join(each.keys)}" if each.keys else ""
    level = f" (Pod Security: {required.level})" if required.level else ""
    optional = " (optional)" if each.optional and each.kind != "Taint" else ""
    return f"{_CALLED.get(each.kind, each.kind)} {where}{each.name or 'of your choice'}{keys}{optional}{level}"


def _as_json(environment: str, required: RequiredObject) -> dict[str, object]:
    each = required.reference
    place = {"file": each.origin.file, "line": each.origin.line} if each.origin else {"file": "", "line": 0}
    return {
        "environment": environment,
        "kind": each.kind,
        "namespace": each.namespace,
        "name": each.name,
        "keys": list(each.keys),
        "optional": each.optional,
        "podSecurity": required.level,
        **place,
    }
