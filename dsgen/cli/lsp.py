"""`dsgen lsp`: the language server."""

from __future__ import annotations

import gc
import os
import sys

import click

from dsgen.cli.shell import fail


@click.command()
def command() -> None:
    """\b
    Example: dsgen lsp

    Speaks the Language Server Protocol on standard input and output, for editors: problems while you type, in profiles, environments, `dsgen.yaml`
    and manifests; documentation, completion, definitions, quick fixes and renaming. Needs the extra `lsp`.
    """
    try:
        from dsgen.lsp.server import build
    except ModuleNotFoundError as error:
        fail(f"the language server needs {error.name}, which is not installed; run: pip install 'pygls>=2'")
    # Unlike other commands, it runs for days.
    gc.enable()
    # The server closes its output, and the process flushes its own at the end.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as output:
        build().start_io(stdout=output)
