"""`dsgen presets`: list and print presets."""

from __future__ import annotations

import click

from dsgen import harmless
from dsgen.cli.options import format_option
from dsgen.cli.shell import fail
from dsgen.project.presets import Preset, presets, read
from dsgen.project.shipped import profiles


def chosen(name: str) -> Preset:
    """Return the preset with this name, or exit with the closest name as a hint."""
    path = profiles().get(name)
    if path is None:
        from dsgen.problem import did_you_mean

        if name in ("list", "show", "search", "get"):
            fail(f"no such preset {name!r}; `dsgen presets` lists them, and `dsgen presets NAME` prints one")
        parts = [each for each in profiles() if name.lower() in each.split("-")]
        if parts:
            fail(f"no such preset {name!r}; did you mean {' or '.join(f'`{each}`' for each in parts)}?")
        fail(f"no such preset {name!r}; {did_you_mean(name, profiles()) or '`dsgen presets` lists them'}")
    return read(name, path.read_text("utf-8"))


def complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Return the names of presets that begin with `incomplete`, for completion."""
    return [name for name in profiles() if name.startswith(begun)]


@click.command()
@click.argument("name", default="", metavar="[PRESET]", shell_complete=complete)
@format_option(("text", "json"), "Output format. JSON includes the description of each preset.")
def command(name: str, form: str) -> None:
    """Example: dsgen presets node-exporter

    Lists the presets with a summary, or prints one. The comment at its top says what it needs from the node and what to change.
    `extends: PRESET` in a profile uses it as the lowest layer; `dsgen new NAME --from PRESET` writes such a profile.
    """
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
