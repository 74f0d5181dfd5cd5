"""The command line: one module a command, each loaded when it is asked for. Files, the terminal and exit codes live here."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import click

from dsgen import harmless
from dsgen.build.error import BuildError
from dsgen.version import __version__

# Each command's module, in the order of `--help`, with the line that stands there.
COMMANDS: Final = {
    "init": "Start a project.",
    "new": "Start a profile, from a preset.",
    "presets": "List the presets, or print one.",
    "generate": "Make DaemonSets from profiles.",
    "import": "Turn manifests into profiles.",
    "validate": "Say what is wrong with profiles, and write nothing.",
    "requires": "List what the cluster must provide for profiles.",
    "trace": "Tell which layer each value of a profile comes from.",
    "diff": "Tell what a change means: what restarts, what is refused.",
    "plan": "Tell on which nodes agents run, why not on others, and what they take.",
    "kustomize": "Make and judge objects as a function of Kustomize.",
    "explain": "Tell what a key of a profile, or the code of a problem, means.",
    "schema": "Print the JSON Schema of profiles, for editors.",
    "completion": "Print the completion script for a shell.",
}


@contextmanager
def _harmless() -> Iterator[None]:
    """Let click complain of arguments without printing them as they are: they may be names of files."""
    try:
        yield
    except click.ClickException as error:
        vars(error)["message"] = harmless.lines(error.message)
        raise


class Commands(click.Group):
    """Commands by name; a module is imported when its command runs, since start-up time is a feature."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None when there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module = "import_" if cmd_name == "import" else cmd_name  # a word of Python
        command = importlib.import_module(f"dsgen.cli.{module}").command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command, and end it with a word where it is interrupted, where there is no memory left, or a file cannot be used."""
        try:
            with _harmless():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            code, why = 130, "interrupted"
        except MemoryError:
            code, why = 2, "cannot go on: out of memory"
        except OSError as error:
            if not error.filename:
                raise  # of standard output
            from dsgen.project.project import unreadable

            code, why = 2, f"cannot go on: {unreadable(error)}"
        except BuildError as error:
            code, why = 2, harmless.shortened(str(error))
        # Here what the run held is free again.
        click.echo(f"dsgen: {harmless.line(why)}", err=True)
        sys.exit(code)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the options of dsgen itself."""
        with _harmless():
            return super().make_context(info_name, args, parent, **extra)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from dsgen.problem import did_you_mean

            hint = did_you_mean(args[0], COMMANDS)
            ctx.fail(f"no such command {args[0]!r}{'; ' + hint if hint else ''}")
        return super().resolve_command(ctx, args)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="dsgen")
def main() -> None:
    """Example: dsgen generate my-profile.yaml -o -

    dsgen turns short, validated profiles into complete Kubernetes DaemonSets. Nothing leaves it that the API server would refuse.

    Exit codes: 0 all well, 1 problems were found, 2 wrong usage or a file that cannot be opened, 130 interrupted.
    """
