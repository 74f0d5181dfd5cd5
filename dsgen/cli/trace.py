"""`dsgen trace`: show which layer sets each value of a profile."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from dsgen import harmless
from dsgen.build.selection import file_paths
from dsgen.build.targets import Target, read, targets
from dsgen.build.tasks import maker
from dsgen.cli.options import complete_environment, complete_profile, format_option
from dsgen.cli.shell import exit_code, fail, print_problems, sound_project
from dsgen.problem import Problem, did_you_mean
from dsgen.project.paths import unreadable
from dsgen.traversal import locate
from dsgen.tree import Map, Null, Value, plain

if TYPE_CHECKING:
    from dsgen.generate.generator import Generator
    from dsgen.resolve.trace import Traced


@click.command()
@click.argument("profile", type=click.Path(readable=False), shell_complete=complete_profile)
@click.argument("key", default="")
@click.option(
    "-e",
    "--environment",
    default="",
    metavar="NAME",
    shell_complete=complete_environment,
    help="Resolve the values for this environment.",
)
@format_option(("text", "json"))
def command(profile: str, key: str, environment: str, form: str) -> None:
    """Example: dsgen trace node-exporter containers -e prod-eu

    Lists the values of a profile (a file or a name) in their long form, each with the file and line that sets it and the values of lower
    layers that it replaces. With KEY, lists only the values under it: `nodes.tolerate`, `containers.agent.env`, or a field of the
    DaemonSet such as `spec.template.spec`.
    """
    project, problems = sound_project([profile])
    paths = file_paths([profile], project)
    if len(paths) != 1:
        fail(f"{profile} matches {len(paths)} profiles: name one")
    make = maker(project, None)
    work = [Target(paths[0], root=project.root)]
    if environment:
        work, found = targets(paths, project, [environment], None, False, make)
        problems += found
        if len(work) > 1:
            fail(f"{environment} matches {len(work)} environments: name one")
    traced = _traced(make(), work[0], key, problems) if work else []
    errors = [problem for problem in problems if problem.severity == "error"]
    print_problems(errors, "text")
    if key and traced:
        from dsgen.resolve.trace import below

        chosen = below(traced, key)
        if not chosen:
            known = {
                each.path[:end]
                for each in traced
                for end in range(len(each.path) + 1)
                if each.path[end : end + 1] in ("", ".", "[")
            }
            hint = did_you_mean(key, sorted(known))
            fail(f"no layer sets anything under `{key}`{'; ' + hint if hint else ''}")
        traced = chosen
    if form == "json":
        click.echo(harmless.as_json({"values": list(map(_as_json, traced))}), nl=False)
    else:
        click.echo("".join(_lines(traced)), nl=False)
    sys.exit(exit_code(problems, False))


def _traced(generator: Generator, target: Target, key: str, problems: list[Problem]) -> list[Traced]:
    from dsgen.resolve.trace import trace

    try:
        file = read(target.path, target.root)
    except OSError as error:
        fail(f"cannot read {unreadable(error, target.path)}")
    if key.partition(".")[0] in ("metadata", "spec"):
        made = generator.make(file, target.environment)
        problems += made.problems
        return [each for object in made.objects if object.kind == "DaemonSet" for each in trace(object.tree)]
    merged = generator.merged(file, problems, target.environment)
    if merged is None:
        return []
    whole = Map({**merged.whole, "variants": merged.patches}) if merged.patches else merged.whole
    return list(trace(whole, merged.layers, target.environment.images if target.environment else None))


def _lines(traced: list[Traced]) -> Iterator[str]:
    rows = []
    for each in traced:
        rows.append((harmless.line(each.path), _place(each.value), _said(each.value)))
        rows += (("", _place(value), f"over {_said(value)}") for value in each.over)
    widths = [min(max((len(row[column]) for row in rows), default=0), 60) for column in (0, 1)]
    for path, place, value in rows:
        yield f"{path:<{widths[0]}}  {place:<{widths[1]}}  {value}\n"


def _said(value: Value) -> str:
    if isinstance(value, Null):
        return "(removed)"
    data = plain(value)
    plainly = isinstance(data, str) and data.isprintable() and data
    return harmless.line(str(data) if plainly else harmless.as_json(data, None).rstrip("\n"))


def _place(value: Value) -> str:
    origin = locate(value, ())
    return harmless.line(f"{origin.file}:{origin.line}") if origin else ""


def _as_json(each: Traced) -> dict[str, object]:
    return {"path": each.path, **_stated(each.value), "over": list(map(_stated, each.over))}


def _stated(value: Value) -> dict[str, object]:
    origin = locate(value, ())
    place = {"file": origin.file, "line": origin.line, "column": origin.column} if origin else {}
    return {"value": plain(value), **place}
