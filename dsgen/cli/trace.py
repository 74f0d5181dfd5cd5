"""`dsgen trace`: show which layer sets each value of a profile."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import click

from dsgen import harmless
from dsgen.build.selection import file_paths
from dsgen.build.targets import Target, read, targets
from dsgen.build.tasks import maker
from dsgen.cli.explain import complete_key
from dsgen.cli.options import complete_profile, environments_option, format_option
from dsgen.cli.shell import exit_code, fail, print_problems, sound_project
from dsgen.plain import plain
from dsgen.problem import Problem, did_you_mean
from dsgen.project.paths import unreadable
from dsgen.record import Record
from dsgen.resolve.trace import Traced
from dsgen.traversal import locate
from dsgen.tree import Map, Null, Value

if TYPE_CHECKING:
    from dsgen.generate.generator import Generator


class Section(Record):
    """Values of a profile in one environment, if that is not empty, and of one `variant`; those that all variants share have none."""

    environment: str
    variant: str
    heading: str
    traced: Sequence[Traced]


@click.command()
@click.argument("profile", type=click.Path(readable=False), shell_complete=complete_profile)
@click.argument("key", default="", shell_complete=complete_key)
@environments_option("none")
@format_option(("text", "json"))
def command(profile: str, key: str, environments: tuple[str, ...], form: str) -> None:
    """\b
    Example: dsgen trace first-agent containers

    Lists the values of a profile (a file or a name) in their long form, each with the file and line that sets it and the values of lower
    layers that it replaces. With KEY, lists only the values under it: `nodes.tolerate`, `containers.agent.env`, or a field of the
    DaemonSet such as `spec.template.spec`. Each variant and environment has its own heading.
    """
    project, problems = sound_project([profile])
    paths = file_paths([profile], project)
    if len(paths) != 1:
        fail(f"{profile} matches {len(paths)} profiles: name one")
    make = maker(project, None)
    work = [Target(paths[0], root=project.root)]
    if environments:
        work, found = targets(paths, project, environments, None, False, make)
        problems += found
    known = [each for target in work for each in _sections(make(), target, key, problems)]
    print_problems([problem for problem in problems if problem.severity == "error"], "text")
    sections = _below(known, key) if key else known
    if form == "json":
        values = [_as_json(each, section) for section in sections for each in section.traced]
        click.echo(harmless.as_json({"values": values}), nl=False)
    else:
        click.echo("".join(_lines(sections, len(work) > 1)), nl=False)
    sys.exit(exit_code(problems, False))


def _below(sections: Sequence[Section], key: str) -> list[Section]:
    """Return the values under a key. Exits if there are values, but none there."""
    from dsgen.resolve.trace import below

    chosen = [each._replace(traced=below(each.traced, key)) for each in sections]
    if sections and not any(each.traced for each in chosen):
        known = {
            each.path[:end]
            for section in sections
            for each in section.traced
            for end in range(len(each.path) + 1)
            if each.path[end : end + 1] in ("", ".", "[")
        }
        hint = did_you_mean(key, sorted(known))
        fail(f"no layer sets anything under `{key}`{'; ' + hint if hint else ''}")
    return [each for each in chosen if each.traced]


def _sections(generator: Generator, target: Target, key: str, problems: list[Problem]) -> list[Section]:
    """Return the values of a profile; with variants, those of each; or of the fields of DaemonSets, if that is what the key names."""
    from dsgen.resolve.trace import trace

    try:
        file = read(target.path, target.root)
    except OSError as error:
        fail(f"cannot read {unreadable(error, target.path)}")
    where = target.environment.name if target.environment else ""
    images = target.environment.images if target.environment else None
    found: list[Problem] = []
    merged = generator.merged(file, found, target.environment)
    if merged is None:
        problems += found
        return []
    first = key.partition(".")[0]
    if first == "variants" or not merged.variants:
        whole = Map({**merged.whole, "variants": merged.patches}) if merged.patches else merged.whole
        sections = [Section(where, "", "", list(trace(whole, merged.layers, images)))]
    else:
        sections = [
            Section(where, each.key, f"{each.name} (variant {each.key})", list(trace(each.whole, each.layers, images)))
            for each in merged.variants
        ]
    if first in ("metadata", "spec"):
        made = generator.make(file, target.environment)
        found = [*made.problems]  # those of the merge included
        over = {locate(each.value, ()): each.over for section in sections for each in section.traced}
        daemonsets = [
            [each._replace(over=over.get(locate(each.value, ()), ())) for each in trace(object.tree)]
            for object in made.objects
            if object.kind == "DaemonSet"
        ]
        if not merged.variants:
            daemonsets = [list(chain.from_iterable(daemonsets))]
        sections = [of._replace(traced=traced) for of, traced in zip(sections, daemonsets, strict=False)]
    problems += found
    return [*_shared(sections), *sections] if len(sections) > 1 else sections


def _shared(sections: list[Section]) -> list[Section]:
    """Take the values that are the same in all sections out of these, and return them."""
    places = [{(each.path, _place(each.value), _said(each.value)) for each in section.traced} for section in sections]
    common = set.intersection(*places)

    def is_common(each: Traced) -> bool:
        return (each.path, _place(each.value), _said(each.value)) in common

    shared = sections[0]._replace(
        variant="", heading="all variants", traced=[each for each in sections[0].traced if is_common(each)]
    )
    sections[:] = [
        section._replace(traced=[each for each in section.traced if not is_common(each)]) for section in sections
    ]
    return [shared] if shared.traced else []


def _lines(sections: Sequence[Section], several: bool) -> Iterator[str]:
    """Yield the lines of all sections; `several` means that they are of more than one environment."""
    for number, section in enumerate(sections):
        heading = ", ".join(filter(None, (section.environment if several else "", section.heading)))
        if heading:
            yield f"{chr(10) if number else ''}{harmless.line(heading)}:\n"
        yield from _rows(section.traced)


def _rows(traced: Sequence[Traced]) -> Iterator[str]:
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


def _as_json(each: Traced, section: Section) -> dict[str, object]:
    of = {"environment": section.environment, "variant": section.variant}
    return {"path": each.path, **_stated(each.value), "over": list(map(_stated, each.over)), **of}


def _stated(value: Value) -> dict[str, object]:
    origin = locate(value, ())
    place = {"file": origin.file, "line": origin.line, "column": origin.column} if origin else {}
    return {"value": plain(value), **place}
