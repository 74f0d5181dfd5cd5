"""`dsgen completion`: completion scripts for shells."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """\b
    Example: eval "$(dsgen completion bash)"

    Prints the completion script for a shell. For fish:

    \b
      dsgen completion fish | source
    """
    from dsgen.cli import main

    script = get_completion_class(shell)
    assert script is not None
    click.echo(script(main, {}, "dsgen", "_DSGEN_COMPLETE").source())
