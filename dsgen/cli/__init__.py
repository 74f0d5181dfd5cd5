"""The command line: one module per command, loaded on demand. Files, the terminal and exit codes are handled here."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import click

from dsgen import harmless
from dsgen.build.error import BuildError
from dsgen.version import __version__

# Each command's module, in the order of `--help`, with its line there.
COMMANDS: Final = {
    "init": "Create a project.",
    "new": "Create a profile, from a preset or from scratch.",
    "presets": "List, print, lock and upgrade presets.",
    "generate": "Render profiles to manifests.",
    "import": "Convert manifests to profiles.",
    "validate": "Validate profiles and manifests.",
    "test": "Run your own tests of what profiles generate.",
    "fmt": "Format profiles and environments.",
    "requires": "List what profiles require of the cluster.",
    "trace": "Show which layer sets each value of a profile.",
    "diff": "Show the effect of a change: restarts, replacements, errors.",
    "plan": "Show on which nodes agents run, why not on others, and what they request.",
    "kustomize": "Render and validate as a Kustomize function.",
    "explain": "Describe a key of a profile, or a problem code.",
    "schema": "Print the JSON Schema for profiles.",
    "completion": "Print the completion script for a shell.",
    "lsp": "Run the language server for editors.",
}


@contextmanager
def _harmless() -> Iterator[None]:
    """Escape arguments in click's error messages: they may be file names."""
    try:
        yield
    except click.NoSuchOption as error:
        from dsgen.cli.synonyms import hint_for_option

        hint = hint_for_option(error.option_name, error.ctx)
        if hint:
            vars(error).update(message=f"No such option: {error.option_name}; {hint}", possibilities=None)
        vars(error)["message"] = harmless.lines(error.message)
        raise
    except click.ClickException as error:
        vars(error)["message"] = harmless.lines(error.message)
        raise


class Commands(click.Group):
    """Commands by name; a module is imported only when its command runs, to keep start-up fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command with this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = "import_" if cmd_name == "import" else cmd_name  # a keyword in Python
        command = importlib.import_module(f"dsgen.cli.{module}").command
        assert isinstance(command, click.Command)
        # Shells show it: the help begins with an example.
        command.short_help = COMMANDS[cmd_name]
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; print a message if it is interrupted, runs out of memory, or cannot use a file."""
        try:
            with _harmless():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            code, why = 130, "interrupted"
        except MemoryError:
            code, why = 2, "error: out of memory"
        except OSError as error:
            if not error.filename:
                raise  # of standard output
            from dsgen.project.paths import unreadable

            code, why = 2, f"error: {unreadable(error)}"
        except BuildError as error:
            code, why = 2, harmless.shortened(str(error))
        # The memory of the run is free again here.
        click.echo(f"dsgen: {harmless.line(why)}", err=True)
        sys.exit(code)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Parse dsgen's own options."""
        with _harmless():
            return super().make_context(info_name, args, parent, **extra)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command, or suggest the closest one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from dsgen.cli.synonyms import COMMANDS as SYNONYMS
            from dsgen.problem import did_you_mean

            hint = SYNONYMS.get(args[0].lower()) or did_you_mean(args[0], COMMANDS)
            ctx.fail(f"no such command {args[0]!r}{'; ' + hint if hint else ''}")
        return super().resolve_command(ctx, args)


def _change_folder(context: click.Context, parameter: click.Parameter, folder: str | None) -> None:
    if folder is None:
        return
    try:
        os.chdir(folder)
    except OSError as error:
        raise click.BadParameter(f"cannot enter {folder}: {error.strerror}") from None


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "-C",
    "folder",
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    expose_value=False,
    is_eager=True,
    callback=_change_folder,
    help="Run in this folder.",
)
@click.version_option(__version__, prog_name="dsgen")
def main() -> None:
    """\b
    Example: dsgen init agents && cd agents && dsgen generate

    dsgen turns short, validated profiles into complete Kubernetes DaemonSets. It never writes what the API server would reject.

    Exit codes: 0 success, 1 errors found, 2 wrong usage or an unreadable file, 130 interrupted.
    """
