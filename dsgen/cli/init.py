"""`dsgen init`: create a project."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from dsgen import harmless
from dsgen.build.output.files import create_file, write_file
from dsgen.cli.schema import FILES, is_own, schema_text
from dsgen.cli.shell import fail, say
from dsgen.project.paths import display_path, unreadable
from dsgen.project.project import FILE
from dsgen.project.shipped import starter
from dsgen.reading import read_file

# Folders that belong to the user: if one exists, no file is added to it.
OWN = ("profiles", "environments", "tests")


@click.command()
@click.argument("folder", default=".", metavar="[DIR]", type=click.Path(path_type=Path))
@click.option("--flux", is_flag=True, help="Flux applies the output: report text that Flux would substitute.")
def command(folder: Path, flux: bool) -> None:
    """\b
    Example: dsgen init node-agents

    Creates a project in DIR, or in the current folder: `dsgen.yaml`, a first profile with a test, a folder for environments, a GitHub workflow,
    a pre-commit hook, and the JSON Schemas with the editor settings that use them. Existing files are kept, except for schemas of an earlier version,
    which are renewed.
    """
    left = [name for name in OWN if os.path.lexists(folder / name)]
    # The tests are those of the first profile.
    without = {*left, "tests"} if "profiles" in left else left
    files = {name: text for name, text in starter().items() if name.split("/")[0] not in without}
    if flux:
        files[FILE] = files[FILE].replace("# flux:", "flux:")
        if os.path.lexists(folder / FILE):
            fail(f"{display_path(folder / FILE)} already exists: write `flux: {{substitution: warn}}` into it")
    for name, text in {**files, **{name: schema_text(what) for name, what in FILES.items()}}.items():
        path = folder / name
        try:
            made = create_file(folder, name, text)
            if not made and name in FILES and _is_old_schema(path, text):
                write_file(str(path), text.encode())
                say(f"renewed {display_path(path)}")
                continue
        except OSError as error:
            fail(f"cannot write {unreadable(error, error.filename or path)}")
        if made:
            say(f"created {display_path(path)}")
        else:
            left.append(name)
    for name in left:
        say(f"kept {display_path(folder / name)} (already exists)")
    there = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(display_path(folder))} && "
    click.echo(harmless.lines(f"\nNext:\n  {there}dsgen generate\n  dsgen presets"), err=True)


def _is_old_schema(path: Path, text: str) -> bool:
    """Return whether a file has a schema of an earlier dsgen, which nobody changed."""
    if path.is_symlink() or not path.is_file():
        return False
    found = read_file(path)
    return found != text.encode() and is_own(found)
