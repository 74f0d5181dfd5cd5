"""The option `--html` of the commands that also write a page."""

from __future__ import annotations

import os

import click

from dsgen.build.output.files import write_file
from dsgen.cli.options import complete_file
from dsgen.cli.shell import fail
from dsgen.project.paths import unreadable

html_option = click.option(
    "--html", metavar="FILE", shell_complete=complete_file, help="Also write an HTML page, a single file for a browser."
)


def write_page(name: str, page: str) -> None:
    """Write a page, and the folder that it is in. Exits with 2 if that fails."""
    path = os.path.abspath(name)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_file(path, page.encode("utf-8", "backslashreplace"))
    except OSError as error:
        fail(f"cannot write {unreadable(error, name)}")
