"""`dsgen plan`: on which nodes pods run, why not on others, and what they request."""

from __future__ import annotations

import click

from dsgen import harmless
from dsgen.build.choose import chosen
from dsgen.build.selection import file_paths, version_problems
from dsgen.cli.colour import PLAN, echo_lines
from dsgen.cli.html import html_option, write_page
from dsgen.cli.input_objects import find_objects
from dsgen.cli.kubectl import in_context, listed
from dsgen.cli.nodes import NodesOf, known_nodes
from dsgen.cli.options import (
    complete_file,
    context_option,
    environment_option,
    files_argument,
    format_option,
    kubernetes_option,
)
from dsgen.cli.shell import end, fail, print_problems, sound_project, without_project
from dsgen.generate.own_line import at_own_line
from dsgen.kubernetes.relations.check import rejected_pods
from dsgen.kubernetes.scheduling.pods import Running, running_pods
from dsgen.plan.agent import agents
from dsgen.plan.plan import plan
from dsgen.problem import has_errors, in_order
from dsgen.reading import YAML_SUFFIXES
from dsgen.report import shortened


@click.command()
@files_argument()
@click.option(
    "--nodes",
    required=True,
    type=NodesOf(),
    metavar="FILE",
    shell_complete=complete_file,
    help="Output of `kubectl get nodes -o json`, or a file of node pools; `-` for standard input, `kubectl` or `kubectl:CONTEXT` for a live cluster.",
)
@click.option(
    "--pods",
    metavar="FILE",
    shell_complete=complete_file,
    help="Other pods on the nodes: output of `kubectl get pods --all-namespaces -o json`, or `kubectl`.",
)
@context_option
@click.option(
    "--start-up",
    type=click.IntRange(min=0),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="Time until a pod is ready.",
)
@click.option(
    "--shut-down",
    type=click.IntRange(min=0),
    metavar="SECONDS",
    help="Time until an old pod has ended. Default: not known, at most its `terminationGracePeriodSeconds`.",
)
@format_option(("text", "json"), "Output format.")
@html_option
@environment_option
@kubernetes_option
def command(
    files: tuple[str, ...],
    nodes: str,
    pods: str | None,
    context: str | None,
    start_up: int,
    shut_down: int | None,
    form: str,
    html: str | None,
    environments: tuple[str, ...],
    minor: str | None,
) -> None:
    """\b
    Example: kubectl get nodes -o json | dsgen plan --nodes -

    Shows, for profiles and manifests (default: all profiles of the project), on which nodes their pods run and the first reason why
    other nodes are excluded; what the agents request from each node pool; how many pods a rollout replaces at a time, and how long it takes.
    """
    project, problems = sound_project(files)
    files = without_project(files, project)
    problems += version_problems(minor or project.kubernetes)
    nodes, *others_from = in_context(context, nodes, *([pods] if pods is not None else []))
    if [*files, nodes, pods].count("-") > 1:
        fail("only one file can be standard input")
    found = find_objects(file_paths(files, project, YAML_SUFFIXES), project, environments, minor, not files)
    if len(found.environments) > 1:
        fail(f"`--nodes` is for one cluster: select one of {', '.join(found.environments)} with -e")
    problems += found.problems
    roots = [each.root for each in found.objects]
    version = next((each.minor for each in found.objects), project.kubernetes)
    rejected = rejected_pods(roots, version, project.checks.pod_security)
    own = {id(each.root): each.own for each in found.objects}
    problems += (at_own_line(problem, own.get(id(root))) for root, problem in rejected)
    without_pods = {id(root) for root, _ in rejected}
    known = agents((root for root in roots if id(root) not in without_pods), version, own)
    members, wrong = known_nodes(nodes, project.root, len(known))
    problems += wrong
    if has_errors(wrong) and form == "text":
        print_problems(chosen(problems, project), "text")
        end(problems, found.unread)
    running: Running | None = None
    for source in others_from:
        file = listed(source, project.root, "pods", everywhere=True)
        running, wrong = running_pods(file.text, file.name, {(agent.namespace, agent.name) for agent in known})
        problems += wrong
    others, of_agents = running if running is not None else ({}, None)
    made = plan(known, members, others, start_up, of_agents, shut_down)
    problems = [shortened(each) for each in in_order(chosen([*problems, *made.problems], project))]
    if html is not None:
        from dsgen.plan.page import as_page

        write_page(html, as_page(made, problems))
    if form == "json":
        from dsgen.plan.data import as_json

        click.echo(as_json(made, problems), nl=False)
    else:
        from dsgen.plan.text import as_text

        echo_lines(harmless.lines(as_text(made)), PLAN)
        print_problems(problems, "text")
    end(problems, found.unread)
