"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from dsgen import report
from dsgen.kubernetes.schema import fields, formats
from dsgen.project.project import find_project

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Command = TypeVar("Command", bound=Callable[..., object])


def format_option(forms: Sequence[str], help: str = "Output format.") -> Callable[[Command], Command]:
    """Return the option `--format`, passed to a command as `form`: one of `forms`; the default is `text`."""
    return click.option("--format", "form", type=click.Choice(forms), default="text", show_default=True, help=help)


problem_format_option = format_option(
    report.FORMATS, "Format of problems: text goes to standard error, the others to standard output."
)
fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(("warning", "expired")),
    help="Exit with 1 also for warnings, or only for allowances that have expired.",
)


class KubernetesVersion(click.Choice[str]):
    """A supported minor version, also as `v1.36` or with a patch, `1.36.3`."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the minor version."""
        found = re.fullmatch(r"v?(1\.[0-9]+)(?:\.[0-9]+)?(?:[-+].*)?", value)
        return super().convert(found[1] if found else value, param, ctx)


kubernetes_option = click.option(
    "--kubernetes",
    "minor",
    type=KubernetesVersion(fields.MINORS),
    help=f"Kubernetes version to validate against. Default: the project's, or {fields.DEFAULT}.",
)


def complete_environment(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Return the names of environments that begin with `begun`, for completion."""
    try:
        project, _ = find_project(Path.cwd())
        # A shell may split a name or run parts of it, so only valid names are offered.
        return [
            name for name in project.environment_files() if name.startswith(begun) and not formats.dns_subdomain(name)
        ]
    except OSError:
        return []


def complete_profile(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the names of profiles that begin with `begun`, and files, for completion."""
    try:
        project, _ = find_project(Path.cwd())
        names = [path.stem for path in project.profile_files()]
    except OSError:
        names = []
    known = [name for name in names if name.startswith(begun) and not formats.dns_subdomain(name)]
    from click.shell_completion import CompletionItem

    return [*map(CompletionItem, known), CompletionItem(begun, type="file")]


environment_option = click.option(
    "-e",
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_environment,
    help="Only these environments: names, or patterns such as 'prod-*'. Default: all.",
)
