"""`dsgen diff`: what a change means for a cluster."""

from __future__ import annotations

import sys
from typing import Final

import click

from dsgen.build.selection import version_problems
from dsgen.cli.diff_inputs import load_inputs
from dsgen.cli.nodes import known_nodes
from dsgen.cli.objects import InputObjects
from dsgen.cli.options import environment_option, format_option, kubernetes_option
from dsgen.cli.shell import fail, plural, print_problems, say, sound_project
from dsgen.diff import report
from dsgen.diff.compare import Key, compare, key_of
from dsgen.problem import Problem, code, has_errors
from dsgen.tree import Map, origin_of

NAMELESS = code(
    "missing-name-to-compare",
    "`dsgen diff` compares objects of one kind and name, so each has a `metadata.name`. One with `generateName` is a new one every time.",
)
FORMS: Final = {"text": report.as_text, "markdown": report.as_markdown, "json": report.as_json}


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", default=".")
@click.option("--nodes", metavar="FILE", help="Tell on which nodes pods restart. The same as for `dsgen plan`.")
@format_option(list(FORMS))
@environment_option
@kubernetes_option
def command(old: str, new: str, nodes: str | None, form: str, environments: tuple[str, ...], minor: str | None) -> None:
    """Example: dsgen diff main --format markdown

    Tells what a change means for a cluster: which objects differ after defaulting, and in which fields; which pods restart; what must be
    deleted and created again; what the API server refuses. OLD and NEW are files or folders of manifests or profiles, `-`, a project, a Git
    revision (of the other's path, or REVISION:PATH), or a live cluster: `kubectl` or `kubectl:CONTEXT`. NEW is the current project by default.
    """
    project, problems = sound_project([])
    if [old, new, nodes].count("-") > 1:
        fail("only one of the files can be standard input")
    version = minor or project.kubernetes
    before, after = load_inputs(old, new, environments, minor, version)
    for line in (*before.unread, *after.unread):
        fail(f"cannot read {line}")
    several = after.environments or before.environments
    if nodes is not None and len(several) > 1:
        fail(f"the nodes are those of one cluster: choose one of {', '.join(several)} with -e")
    absent = sum(problem.severity == "error" for problem in before.problems)
    if absent:
        say(f"dsgen: {plural(absent, 'error')} in {old}: what has errors there counts as absent")
    problems += [*version_problems(version), *(each for each in after.others if each.severity == "error")]
    problems += [*_nameless(before), *_nameless(after)]
    daemonsets = sum(each.root.get("kind") == "DaemonSet" for found in (before, after) for each in found.objects)
    members, wrong = (None, []) if nodes is None else known_nodes(nodes, project.root, daemonsets)
    problems += wrong
    print_problems(problems, "text")
    if has_errors(problems):
        sys.exit(1)
    versions = {"": version} | {each.environment: each.minor for found in (before, after) for each in found.objects}
    refused = {key: each for root, each in after.refused if (key := key_of(root))}
    found = compare(_by_key(before), _by_key(after), refused, members, versions)
    click.echo(FORMS[form](found), nl=False)
    sys.exit(int(any(each.what in ("refused", "recreated") for each in found)))


def _nameless(found: InputObjects) -> list[Problem]:
    """Return a problem for each object that cannot be told from others."""
    return [
        NAMELESS.at(
            origin_of(each.root.get("kind")), f"a {each.root.get('kind')} without `metadata.name`", hint="state it"
        )
        for each in found.objects
        if key_of(each.root) is None
    ]


def _by_key(found: InputObjects) -> dict[Key, Map]:
    return {key: each.root for each in found.objects if (key := key_of(each.root, each.environment))}
