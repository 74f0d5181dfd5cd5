"""`dsgen new`: create a profile."""

from __future__ import annotations

from pathlib import Path

import click

from dsgen.build.output.files import create_file
from dsgen.cli.preset_names import chosen, complete
from dsgen.cli.shell import fail, say, sound_project
from dsgen.project.new_profile import PLAIN, alone, extending
from dsgen.project.paths import display_path, unreadable
from dsgen.project.presets import shipped_preset
from dsgen.project.shipped import profiles
from dsgen.tree import Text


@click.command()
@click.argument("name")
@click.option(
    "--from", "preset", metavar="PRESET", shell_complete=complete, help="Preset to extend; `dsgen presets` lists them."
)
def command(name: str, preset: str | None) -> None:
    """\b
    Example: dsgen new edge-metrics --from node-exporter

    Writes a small profile that extends the preset to NAME.yaml in the project's profiles, with comments on what you may want to change.
    Without a preset, writes a plain profile for an agent of your own. An existing file is never overwritten.
    """
    _check(name)
    project, _ = sound_project(())
    base = chosen(preset) if preset else shipped_preset(PLAIN)
    text = extending(base, name) if preset else alone(base, name)
    path = project.profile_folder() / f"{name}.yaml"
    try:
        if not create_file(project.root, path.relative_to(project.root).as_posix(), text):
            fail(f"{display_path(path)} already exists: choose another name, or edit the file")
    except OSError as error:
        fail(f"cannot write {unreadable(error, error.filename or path)}")
    say(f"created {display_path(path)}")
    if base.pack and base.name not in (each.name for each in project.presets):
        say(f"{base.name} is a preset of the pack `{base.pack}`: run `dsgen presets lock`, then `dsgen generate`")
    if not preset and name in profiles():
        say(f"there is a preset of this name: to extend it, remove the file and run `dsgen new {name} --from {name}`")


def _check(name: str) -> None:
    """Exit with 2 if `name` is not a valid name of a profile, or looks like a file name."""
    if name.endswith((".yaml", ".yml")):
        fail(f"expected a profile's name, got the file name {name!r}: write `{Path(name).stem}`")
    from dsgen.profile.metadata import name as form

    form(Text.at(name, None), lambda _, __, message, hint: fail(f"{message}; {hint}"))
