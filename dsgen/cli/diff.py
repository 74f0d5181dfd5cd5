"""`dsgen diff`: the effect of a change on a cluster."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NoReturn

import click

from dsgen import harmless
from dsgen.build.selection import MISSING_VERSION, version_problems
from dsgen.cli.colour import EFFECT, echo_lines
from dsgen.cli.diff_inputs import UNLISTED_KIND, UNSERVED_KIND, load_inputs
from dsgen.cli.html import html_option, write_page
from dsgen.cli.input_objects import InputObject, InputObjects
from dsgen.cli.kubectl import in_context, is_live
from dsgen.cli.nodes import known_nodes
from dsgen.cli.options import (
    complete_file,
    context_option,
    environment_option,
    format_option,
    kubernetes_option,
    namespace_option,
)
from dsgen.cli.shell import fail, print_problems, say, sound_project
from dsgen.diff import markdown, report
from dsgen.diff.compare import compare
from dsgen.diff.key import Key, key_of
from dsgen.diff.left_over import projects
from dsgen.generate.own_line import at_own_line
from dsgen.kubernetes.apply import allotted
from dsgen.kubernetes.pod_security import invalid_labels
from dsgen.kubernetes.relations.check import rejected_pods
from dsgen.kubernetes.relations.levels import INVALID_LABEL
from dsgen.kubernetes.schema.decode import decode
from dsgen.kubernetes.update_effect import accepts_update
from dsgen.problem import Problem, code, has_errors, in_order, plural
from dsgen.tree import Map, origin_of

if TYPE_CHECKING:
    from dsgen.kubernetes.scheduling.placement import Node

NAMELESS = code(
    "missing-name-to-compare",
    "`dsgen diff` compares objects by kind and name, so `metadata.name` is required. With `generateName`, every apply creates another object.",
)
FORMS: Final = {"text": report.as_text, "markdown": markdown.as_markdown, "json": report.as_json}


@click.command()
@click.argument("old", metavar="[OLD]", default="HEAD", shell_complete=complete_file)
@click.argument("new", metavar="[NEW]", required=False, shell_complete=complete_file)
@click.option(
    "--nodes",
    metavar="FILE",
    shell_complete=complete_file,
    help="Show on which nodes pods restart. Takes the same values as in `dsgen plan`.",
)
@click.option(
    "--server",
    is_flag=True,
    help="Let the cluster OLD determine what applying does, in a dry run with its admission plugins and webhooks. Default: dsgen does.",
)
@context_option
@namespace_option("Objects of other namespaces are not compared.")
@format_option(list(FORMS))
@html_option
@environment_option
@kubernetes_option
def command(
    old: str,
    new: str | None,
    nodes: str | None,
    server: bool,
    context: str | None,
    namespace: str,
    form: str,
    html: str | None,
    environments: tuple[str, ...],
    minor: str | None,
) -> None:
    """\b
    Example: dsgen diff main --format markdown

    Shows the effect of a change on a cluster: which objects and fields differ after defaulting, which pods restart, what must be deleted
    and recreated, and what the API server rejects. OLD and NEW can be files or folders of manifests or profiles, `-`, a project, a Git
    revision (of the other argument's path, or REVISION:PATH), the name of a profile, or a live cluster: `kubectl` or `kubectl:CONTEXT`. OLD
    defaults to the last commit, NEW to the current project.
    """
    project, problems = sound_project([])
    new = new or (os.path.relpath(project.root) if project.stated else os.curdir)
    if [old, new, nodes].count("-") > 1:
        fail("only one file can be standard input")
    version = minor or project.kubernetes
    old, new, *members_from = in_context(context, old, new, *([nodes] if nodes is not None else []))
    if server and not is_live(old):
        fail("`--server` compares with a cluster: OLD must be `kubectl`")
    before, after = load_inputs(old, new, environments, minor, version, namespace)
    for line in (*before.unread, *after.unread):
        fail(f"cannot read {line}")
    several = after.environments or before.environments
    if nodes is not None and len(several) > 1:
        fail(f"`--nodes` is for one cluster: select one of {', '.join(several)} with -e")
    daemonsets = sum(each.root.get("kind") == "DaemonSet" for found in (before, after) for each in found.objects)
    members: list[Node] | None = None
    wrong: list[Problem] = []
    for source in members_from:
        members, wrong = known_nodes(source, project.root, daemonsets)
    conflicts: list[Problem] = []
    if server:
        from dsgen.cli.dry_run import as_the_cluster_stores

        after, conflicts = as_the_cluster_stores(old, after, project.checks.apply)
    show_effect(
        before,
        after,
        version,
        form,
        old,
        [*problems, *version_problems(version), *wrong, *conflicts],
        members,
        project.checks.apply,
        project.checks.pod_security,
        html=html,
    )


def show_effect(
    before: InputObjects,
    after: InputObjects,
    version: str,
    form: str,
    old: str,
    problems: Sequence[Problem] = (),
    members: Sequence[Node] | None = None,
    how: str = "",
    default: str = "",
    renamed: bool = False,
    html: str | None = None,
) -> NoReturn:
    """Print the effect of a change from `before`, which the user calls `old`, to `after`, and exit.

    `version` is that of the clusters that no environment sets one for; `problems` were found already; with `members`, the nodes are named
    on which pods restart. `how` is how objects are applied: `server-side`, `client-side`, or empty if unset. `default` is the
    Pod Security level of a namespace without a label. With `renamed`, what is renamed is listed too, unless the format is JSON. `html` is the
    file of a page to write, or None.
    """
    absent = [problem for problem in before.problems if problem.severity == "error"]
    if absent:
        say(f"dsgen: {plural(len(absent), 'error')} in {old}: objects with errors are treated as absent. The first:")
        print_problems(in_order(absent)[:1], "text")
    told = (each for each in after.others if each.severity == "error" or each.code == MISSING_VERSION.name)
    unserved = (
        each
        for found in (before, after)
        for each in found.others
        if each.code in (UNSERVED_KIND.name, UNLISTED_KIND.name)
    )
    problems = [*problems, *told, *unserved]
    problems += [*_nameless(before), *_nameless(after)]
    print_problems(problems, "text")
    if has_errors(problems):
        sys.exit(1)
    versions = {"": version} | {each.environment: each.minor for found in (before, after) for each in found.objects}
    old_roots = _by_key(before)
    after = _accepted_as_updates(old_roots, after, version)
    new_roots = _by_key(after)
    refused = {key: each for root, each in after.refused if (key := key_of(root))}
    refused |= _rejected(old_roots, after, default)
    found = compare(old_roots, new_roots, refused, members, versions, how)
    if html is not None:
        from dsgen.diff.page import as_page

        write_page(html, as_page(found))
    echo_lines(FORMS[form](found), EFFECT if form == "text" else ())
    unclaimed = old_roots.keys() - new_roots.keys() - {each.key for each in found}
    if unclaimed and not projects([each.root for each in after.objects]):
        many = plural(len(unclaimed), "other object")
        say(
            f"dsgen: {many} in the cluster may be of this project or of another one: set `projectName` in dsgen.yaml to find out"
        )
    if renamed and form != "json":
        from dsgen.diff.renames import renames

        for each in renames(found):
            click.echo(f"renamed: {harmless.line(each)}" if form == "text" else f"\nRenamed: {harmless.code(each)}")
    sys.exit(int(any(each.what in ("refused", "recreated") for each in found)))


def _nameless(found: InputObjects) -> list[Problem]:
    """Return a problem for each object without a name to compare it by."""
    return [
        NAMELESS.at(
            origin_of(each.root.get("kind")),
            f"{each.root.get('kind')} has no `metadata.name`",
            hint="set `metadata.name`",
        )
        for each in found.objects
        if key_of(each.root) is None
    ]


def _accepted_as_updates(before: Mapping[Key, Map], after: InputObjects, version: str) -> InputObjects:
    """Return the new objects with those that the server would reject as new, but accepts as updates of what a cluster has."""
    objects, refused = list(after.objects), []
    for root, wrong in after.refused:
        key = key_of(root)
        old = before.get(key) if key else None
        if old is not None and allotted.is_live(old) and accepts_update(old, root, wrong, version):
            objects.append(InputObject(decode(root, version).root, version))
        else:
            refused.append((root, wrong))
    return after._replace(objects=objects, refused=refused)


def _rejected(before: Mapping[Key, Map], found: InputObjects, default: str) -> dict[Key, list[Problem]]:
    """Return why a Namespace that is seen too is rejected for its labels, or lets objects or their pods be rejected."""
    result: dict[Key, list[Problem]] = {}
    for environment in dict.fromkeys(each.environment for each in found.objects):
        objects = [each for each in found.objects if each.environment == environment]
        own = {id(each.root): each.own for each in objects}
        for root, problem in rejected_pods((each.root for each in objects), objects[0].minor, default):
            key = key_of(root, environment)
            if key and not (problem.code == INVALID_LABEL.name and _keeps_levels(before.get(key), root)):
                result.setdefault(key, []).append(at_own_line(problem, own[id(root)]))
    return result


def _keeps_levels(old: Map | None, new: Map) -> bool:
    """Return whether a Namespace of a cluster has the same invalid labels as before: the server accepts these.

    Source: pod-security-admission/admission: ValidateNamespace.
    """
    labels = [root.map("metadata", "labels") for root in (old or Map(), new)]
    wrong = [{name: each[name] for name, _ in invalid_labels(each)} for each in labels]
    return old is not None and allotted.is_live(old) and wrong[0] == wrong[1]


def _by_key(found: InputObjects) -> dict[Key, Map]:
    return {key: each.root for each in found.objects if (key := key_of(each.root, each.environment))}
