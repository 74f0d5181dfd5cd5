"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

from dsgen import harmless, report
from dsgen.kubernetes.schema import fields, formats
from dsgen.project.project import find_project
from dsgen.project.run_keys import FAIL_ON
from dsgen.reading import read_file

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# At most so many profiles are completed with a sentence on each.
_DESCRIBED: Final = 40

Command = TypeVar("Command", bound=Callable[..., object])


def format_option(forms: Sequence[str], help: str = "Output format.") -> Callable[[Command], Command]:
    """Return the option `--format`, passed to a command as `form`: one of `forms`; the default is `text`."""
    return click.option("--format", "form", type=click.Choice(forms), default="text", show_default=True, help=help)


problem_format_option = format_option(
    report.FORMATS, "Format of problems: text goes to standard error, the others to standard output."
)
fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    help="Exit with 1 also for warnings, or only for allowances that have expired. For every run, set `failOn` in dsgen.yaml.",
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


context_option = click.option(
    "--context",
    metavar="NAME",
    help="The context of kubectl for `kubectl`, as in `kubectl:NAME`. Default: the current one.",
)


def _namespace(context: click.Context, parameter: click.Parameter, name: str) -> str:
    if name and formats.dns_label(name):
        raise click.BadParameter(f"{name!r} is not a valid name of a namespace")
    return name


def namespace_option(more: str) -> Callable[[Command], Command]:
    """Return the option `--namespace`, whose help continues with what `more` it does."""
    return click.option(
        "--namespace",
        default="",
        callback=_namespace,
        metavar="NAME",
        help=f"The namespace of objects that set none, as for `kubectl apply -n`. {more}",
    )


def items(described: Iterable[tuple[str, str]]) -> list[CompletionItem]:
    """Return words for completion, each with a sentence on it."""
    from click.shell_completion import CompletionItem

    # Shells show one line.
    return [
        CompletionItem(word, help=" ".join(about.split()).partition(". ")[0].rstrip(".")) for word, about in described
    ]


def complete_file(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Let the shell complete the names of files."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(begun, type="file")]


def complete_environment(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the names of environments that begin with `begun`, for completion."""
    try:
        project, _ = find_project(Path.cwd())
        known = project.environment_files()
    except OSError:
        return []
    return items((name, _about(path)) for name, path in known.items() if _is_safe(name, begun))


def complete_profile(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the names of profiles that begin with `begun`, and files, for completion."""
    try:
        project, _ = find_project(Path.cwd())
        known = {path.stem: path for path in project.profile_files()}
    except OSError:
        known = {}
    found = [(name, path) for name, path in known.items() if _is_safe(name, begun)]
    # Nobody reads the sentences of hundreds.
    described = ((name, _about(path) if len(found) <= _DESCRIBED else "") for name, path in found)
    # In bash, files replace the words before them.
    return [*complete_file(context, parameter, begun), *items(described)]


def _is_safe(name: str, begun: str) -> bool:
    """Return whether a name begins with `begun` and is valid: a shell may split others, or run parts of them."""
    return name.startswith(begun) and not formats.dns_subdomain(name)


def _about(path: Path) -> str:
    """Return the first sentence of the comment at the top of a file, or an empty string."""
    try:
        lines = read_file(path).decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    head = takewhile(lambda line: line.startswith("#"), lines)
    words = [line.lstrip("# ") for line in head if not line.startswith("# yaml-language-server:")]
    return harmless.line(" ".join(words))


def files_argument(name: str = "files") -> Callable[[Command], Command]:
    """Return the argument for any number of files, folders and names of profiles; help calls each of them by the singular of `name`."""
    return click.argument(
        name,
        nargs=-1,
        type=click.Path(readable=False),
        metavar=f"[{name.removesuffix('s').upper()}]...",
        shell_complete=complete_profile,
    )


def environments_option(default: str) -> Callable[[Command], Command]:
    """Return the option `--environment`, whose help says what its `default` is."""
    return click.option(
        "-e",
        "--environment",
        "environments",
        multiple=True,
        metavar="NAME",
        shell_complete=complete_environment,
        help=f"Only these environments: names, or patterns such as 'prod-*'. Default: {default}.",
    )


environment_option = environments_option("all")
