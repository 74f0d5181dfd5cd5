"""`dsgen presets`: list and print presets."""

from __future__ import annotations

import re

import click

from dsgen import harmless
from dsgen.cli.options import format_option
from dsgen.cli.shell import fail
from dsgen.problem import LISTED
from dsgen.project.presets import Preset, presets, read
from dsgen.project.shipped import profiles


def chosen(name: str) -> Preset:
    """Return the preset with this name, or exit with the closest name as a hint."""
    path = profiles().get(name)
    if path is None:
        from dsgen.problem import did_you_mean

        if name in ("list", "show", "search", "get"):
            fail(f"no such preset {name!r}; `dsgen presets` lists them, and `dsgen presets NAME` prints one")
        parts = [each for each in profiles() if name.lower() in each.split("-")] or _about(name)
        if parts:
            fail(f"no such preset {name!r}; did you mean {' or '.join(f'`{each}`' for each in parts)}?")
        fail(f"no such preset {name!r}; {did_you_mean(name, profiles()) or '`dsgen presets` lists them'}")
    return read(name, path.read_text("utf-8"))


def _about(word: str) -> list[str]:
    """Return the presets whose summary contains a word, if they are few."""
    of = re.compile(rf"\b{re.escape(word)}s?\b", re.IGNORECASE)
    found = [preset.name for preset in presets() if of.search(preset.summary)]
    return found if len(word) > 2 and len(found) <= LISTED else []


def complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Return the names of presets that begin with `incomplete`, for completion."""
    return [name for name in profiles() if name.startswith(begun)]


@click.command()
@click.argument("names", nargs=-1, metavar="[PRESET]", shell_complete=complete)
@format_option(("text", "json"), "Output format. JSON includes the description of each preset.")
def command(names: tuple[str, ...], form: str) -> None:
    """Example: dsgen presets node-exporter

    Lists the presets with a summary, or prints one. The comment at its top says what it needs from the node and what to change.
    `extends: PRESET` in a profile uses it as the lowest layer; `dsgen new NAME --from PRESET` writes such a profile.
    """
    if len(names) > 1:
        fail(f"one preset at a time: `dsgen presets {names[-1]}`")
    name = "".join(names)
    some = (chosen(name),) if name else presets()
    if form == "json":
        from dataclasses import asdict

        shown = [{key: value for key, value in asdict(preset).items() if key != "text"} for preset in some]
        click.echo(harmless.as_json({"presets": shown}), nl=False)
    elif name:
        click.echo(some[0].text, nl=False)
    else:
        width = max(len(preset.name) for preset in some)
        for preset in some:
            click.echo(f"{preset.name:<{width}}  {preset.summary}")
