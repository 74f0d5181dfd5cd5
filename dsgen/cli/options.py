"""The options that several commands have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from dsgen import report
from dsgen.kubernetes.schema import fields, formats
from dsgen.project.project import find_project

Command = TypeVar("Command", bound=Callable[..., object])


def format_option(forms: Sequence[str], help: str = "How it is printed.") -> Callable[[Command], Command]:
    """Return the option `--format`, given to a command as `form`: one of `forms`, of which `text` is the default."""
    return click.option("--format", "form", type=click.Choice(forms), default="text", show_default=True, help=help)


problem_format_option = format_option(
    report.FORMATS, "How problems are printed: text on standard error, the others on standard output."
)
kubernetes_option = click.option(
    "--kubernetes",
    "minor",
    type=click.Choice(fields.MINORS),
    help=f"The version of Kubernetes to judge by. Default: the project's, or {fields.DEFAULT}.",
)


def complete_environment(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Return the names of the project's environments that begin so, for the shell."""
    try:
        project, _ = find_project(Path.cwd())
        # Shells take a name apart, or run what stands in it: only one that could be is offered.
        return [
            name for name in project.environment_files() if name.startswith(begun) and not formats.dns_subdomain(name)
        ]
    except OSError:
        return []


environment_option = click.option(
    "-e",
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_environment,
    help="Only for these environments: names, or patterns such as 'prod-*'. Default: all.",
)
