"""`dsgen diff`: what a change means for a cluster."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from dsgen.cli.kubectl import is_live, listed
from dsgen.cli.nodes import known_nodes
from dsgen.cli.objects import Found, find_objects, objects_in
from dsgen.cli.revisions import export, revision
from dsgen.cli.shell import (
    current_project,
    fail,
    file_paths,
    kubernetes_option,
    plural,
    print_problems,
    version_problems,
)
from dsgen.diff import report
from dsgen.diff.compare import Key, compare, key_of
from dsgen.problem import has_errors
from dsgen.project import find_project

SUFFIXES: Final = (".yaml", ".yml", ".json")
FORMS: Final = {"text": report.as_text, "markdown": report.as_markdown, "json": report.as_json}
NOTHING: Final = Found([], [], [], [])


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", default=".")
@click.option("--nodes", metavar="FILE", help="Tell on which nodes pods restart. The same as for `dsgen plan`.")
@click.option(
    "--format", "form", type=click.Choice(list(FORMS)), default="text", show_default=True, help="How it is printed."
)
@kubernetes_option
def command(old: str, new: str, nodes: str | None, form: str, minor: str | None) -> None:
    """Example: dsgen diff main --format markdown

    Tells what a change means for a cluster: which objects differ after defaulting, and in which fields; which pods restart; what must be
    deleted and created again; what the API server refuses. OLD and NEW are files or folders of manifests or profiles, `-`, a project, a Git
    revision (of the other's path, or REVISION:PATH), or a live cluster: `kubectl` or `kubectl:CONTEXT`. NEW is the current project by default.
    """
    project, problems = current_project([])
    if has_errors(problems):
        print_problems(problems, "text")
        sys.exit(1)
    version = minor or project.kubernetes
    if [old, new, nodes].count("-") > 1:
        fail("only one of the files can be standard input")
    sides: dict[str, Found] = {}
    with ExitStack() as stack:
        # What a cluster is asked for are the kinds that the other side has.
        for argument in sorted((old, new), key=is_live):
            kinds = [key for found in sides.values() for root in found.objects if (key := key_of(root))]
            sides[argument] = (
                _live(argument, kinds, version) if is_live(argument) else _side(argument, old, new, version, stack)
            )
    before, after = sides[old], sides[new]
    for line in (*before.unread, *after.unread):
        fail(f"cannot read {line}")
    absent = sum(problem.severity == "error" for problem in before.problems)
    if absent:
        click.echo(f"dsgen: {plural(absent, 'error')} in {old}: what has errors there counts as absent", err=True)
    problems += [*version_problems(version), *(each for each in after.others if each.severity == "error")]
    print_problems(problems, "text")
    members, wrong = (None, []) if nodes is None else known_nodes(nodes)
    print_problems(wrong, "text")
    if has_errors([*problems, *wrong]):
        sys.exit(1)
    found = compare(before.objects, after.objects, after.refused, members, version)
    click.echo(FORMS[form](found), nl=False)
    sys.exit(int(any(each.what in ("refused", "recreated") for each in found)))


def _live(argument: str, kinds: list[Key], minor: str) -> Found:
    names = {f"{key.kind.lower()}{key.group and '.'}{key.group}" for key in kinds} or {"daemonset.apps"}
    return objects_in(listed(argument, ",".join(sorted(names)), "--all-namespaces"), minor)


def _side(argument: str, old: str, new: str, minor: str, stack: ExitStack) -> Found:
    """Return the objects of a file, a folder, a project, or a Git revision."""
    path = Path(argument)
    named = ""
    if argument != "-" and not path.exists():
        name, colon, below = argument.partition(":")
        of = revision(name)
        if of is None:
            fail(f"{argument}: no such file or folder, and no Git revision")
        other = Path(old if argument == new else new)
        wanted = of.top / below if colon else (other if str(other) != "-" and other.exists() else Path()).resolve()
        root = find_project(wanted if wanted.is_dir() else wanted.parent)[0].root
        if not wanted.is_relative_to(of.top.resolve()):
            fail(f"{argument}: {wanted} is not in the repository")
        target = Path(stack.enter_context(TemporaryDirectory(prefix="dsgen-"))).resolve()
        export(of, root if root.is_relative_to(of.top) else wanted, target)
        path, named = target / wanted.relative_to(of.top), f"{target}{os.sep}"
        if not path.exists():
            return NOTHING if not colon else fail(f"{argument}: no such file or folder at this revision")
    project, problems = find_project(path if path.is_dir() else path.parent)
    profiles = project.profile_files() if project.root == path.resolve() else []
    paths = profiles or file_paths([str(path)], project, SUFFIXES)
    found = find_objects(paths, project, minor)
    found.others.extend(problems)
    if not named:
        return found
    others = [each._replace(file=each.file.replace(named, f"{argument}:")) for each in found.others]
    return found._replace(others=others)
