"""`dsgen new`: a profile to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from dsgen.build.output.files import create_file
from dsgen.cli.presets import chosen, complete
from dsgen.cli.shell import fail, say, sound_project
from dsgen.project.new_profile import PLAIN, alone, extending
from dsgen.project.project import display_path, unreadable
from dsgen.tree import Text


@click.command()
@click.argument("name")
@click.option(
    "--from", "preset", metavar="PRESET", shell_complete=complete, help="What to extend; `dsgen presets` lists them."
)
def command(name: str, preset: str | None) -> None:
    """Example: dsgen new edge-metrics --from node-exporter

    Writes a small profile that extends the preset, NAME.yaml among the profiles of the project, with what there is to change in comments.
    Without a preset, a plain profile that stands alone, for an agent of your own. A file that is there already stays as it is.
    """
    _check(name)
    text = extending(chosen(preset), name) if preset else alone(chosen(PLAIN), name)
    project, _ = sound_project(())
    path = project.profile_folder() / f"{name}.yaml"
    try:
        if not create_file(project.root, path.relative_to(project.root).as_posix(), text):
            fail(f"{display_path(path)} is there already, and stays as it is: take another name, or change that file")
    except OSError as error:
        fail(f"cannot write {unreadable(error, error.filename or path)}")
    say(f"made {display_path(path)}")


def _check(name: str) -> None:
    """End with exit code 2 when a profile cannot be called `name`, or when that is meant as the name of its file."""
    if name.endswith((".yaml", ".yml")):
        fail(f"{name!r} is the name of a file, and the profile's is wanted: write `{Path(name).stem}`")
    from dsgen.profile.metadata import name as form

    form(Text.at(name, None), lambda _, __, message, hint: fail(f"{message}; {hint}"))
