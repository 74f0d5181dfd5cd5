"""`dsgen explain`: the documentation of keys and problem codes, on the terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from dsgen import harmless
from dsgen.cli.shell import fail
from dsgen.problem import did_you_mean_code
from dsgen.project.keys import KEYS
from dsgen.project.project import FILE

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# Keys of dsgen.yaml that a profile has too: `explain dsgen.yaml` lists them.
PROFILE_TOO = {"templates"}


def complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the keys of a profile and of dsgen.yaml, and the codes, that begin with `begun`."""
    from dsgen.choices import severities
    from dsgen.cli.options import items

    found = _keys(begun)
    if "." not in begun:
        found |= {key: about for key, (about, _) in KEYS.items() if key not in found}
    described = [(key, about) for key, about in found.items() if key.startswith(begun) and key[-1] != "+"]
    codes = [code for code in severities() if code.startswith(begun)]
    if begun and codes:
        # Their sentences are in all modules of dsgen.
        from dsgen.catalogue import catalogue

        return items([*described, *((code, catalogue()[code].prose) for code in codes)])
    return items([*described, *((code, severities()[code]) for code in codes)])


def _keys(begun: str) -> dict[str, str]:
    """Return the keys of a profile next to the one that is being written, with what they are about."""
    from dsgen.profile.explain import UnknownKeyError, explain

    above, dot, _ = begun.rpartition(".")
    try:
        return {f"{above}{dot}{key}": about for key, about in explain(above).keys.items()}
    except UnknownKeyError:
        return {}


def complete_key(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the keys of a profile that begin with `begun`."""
    from dsgen.cli.options import items

    return items((key, about) for key, about in _keys(begun).items() if key.startswith(begun) and key[-1] != "+")


@click.command()
@click.argument("what", default="", metavar="[KEY|CODE]", shell_complete=complete)
def command(what: str) -> None:
    """\b
    Example: dsgen explain nodes.tolerate

    Describes a key of a profile (`containers.env`, `volumes.hostPath`), of an environment (`environment.images`) or of `dsgen.yaml` (`flux`), a field as problems
    write it (`spec.template.spec.nodeSelector`), or a problem code (`duplicate-key`).
    Without an argument, lists the keys of a profile.
    """
    from dsgen.profile.explain import UnknownKeyError, explain

    what = _in_environment(what)
    key = what.removeprefix(f"{FILE}.").partition(".")[0]
    if what in ("project", FILE) or (key in KEYS and (key not in PROFILE_TOO or what.startswith(FILE))):
        _project("" if what == FILE else key)
        return
    if what.partition(".")[0] == "pools":
        _pools(what.rpartition(".")[2])
        return
    try:
        found = explain(_in_profile(what))
    except UnknownKeyError as error:
        _code(what, error)
        return
    if found.path:
        click.echo(harmless.line(f"KEY:     {found.path}"))
    only = f"Kubernetes {found.versions}" if found.versions else ""
    for label, value in (("FIELD:   ", found.kubernetes), ("TYPE:    ", found.type), ("VERSIONS: ", only)):
        if value:
            click.echo(f"{label}{value}")
    if found.description:
        click.echo("\n" + click.wrap_text(found.description, 100, "  ", "  "))
    if found.example:
        click.echo("\nEXAMPLE:\n  " + found.example.replace("\n", "\n  "))
    if found.short:
        click.echo(f"\nSHORT FORM:\n  {found.short.example}\n  means {found.short.means}")
    if found.keys:
        click.echo("\nKEYS:")
        width = max(map(len, found.keys))
        for name, about in found.keys.items():
            click.echo(f"  {name:<{width}}  {about}")


def _in_environment(what: str) -> str:
    """Return a key of an environment with `environment` before it: one that only environments have, or `environments.NAME.KEY`."""
    from dsgen.profile.environment import KEYS as OF_ENVIRONMENTS
    from dsgen.profile.schema import PROFILE

    first, _, rest = what.partition(".")
    if first == "environments" and rest:
        key = rest.partition(".")[2]
        return f"environment.{key}" if key else "environment"
    if first in OF_ENVIRONMENTS and first not in KEYS and first not in PROFILE["schema"]:
        return f"environment.{what}"
    return what


def _in_profile(field: str) -> str:
    """Return the key of a profile for a field of a DaemonSet, as problems write it: `spec.template.spec.containers[0].image`."""
    from dsgen.profile.pod import ELSEWHERE

    within = re.match(r"spec\.template\.(?:spec|metadata)\.|spec\.(?!template)|metadata\.", field)
    if not within:
        return field
    key = re.sub(r"\[[^\]]*\]", "", field[within.end() :])
    first, dot, rest = key.partition(".")
    pod = {"labels": "podLabels", "annotations": "podAnnotations"} if "template.metadata" in within[0] else {}
    return f"{pod.get(first, ELSEWHERE.get(first, first) if first != 'affinity' else first)}{dot}{rest}"


def _project(key: str) -> None:
    """Print the documentation of a key of dsgen.yaml, or of all of them."""
    _listed(key, KEYS, FILE, f"The keys of {FILE}; all are optional.")


def _pools(key: str) -> None:
    """Print the documentation of a key of a node pool, or of all of them."""
    from dsgen.kubernetes.scheduling.pools import KEYS as OF_POOLS

    about = "A file of node pools for `dsgen plan --nodes FILE`: a map by name. The keys of a pool are optional."
    example = "\n\nEXAMPLE:\n  pools: {general: {count: 10, allocatable: {cpu: 4, memory: 16Gi, pods: 110}}}"
    _listed(key, OF_POOLS, "pools", about + example)


def _listed(key: str, known: Mapping[str, tuple[str, str]], where: str, about: str) -> None:
    """Print the documentation of one of the known keys, or of all of them."""
    if key in known:
        description, example = known[key]
        click.echo(f"KEY:     {key} in {where}\n\n" + click.wrap_text(description, 100, "  ", "  "))
        click.echo(f"\nEXAMPLE:\n  {example}")
        return
    click.echo(f"{about}\n\nKEYS:")
    width = max(map(len, known))
    for name, (description, _) in known.items():
        click.echo(f"  {name:<{width}}  {description.partition('. ')[0].removesuffix('.')}")


def _code(what: str, error: Exception) -> None:
    from dsgen.catalogue import catalogue
    from dsgen.formerly import today

    codes = catalogue()
    entry = codes.get(today(what))
    if entry is None:
        is_code = re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", what)
        hint = did_you_mean_code(what, codes) if is_code else getattr(error, "hint", "")
        fail(f"{error}, and there is no such problem code" + (f"; {hint}" if hint else ""))
    if entry.code != what:
        click.echo(f"{what} was renamed to {entry.code}.\n")
    click.echo(f"CODE:    {entry.code} ({entry.severity})")
    if entry.source:
        click.echo(f"SOURCE:  Kubernetes, {entry.source}")
    if entry.versions:
        click.echo(f"VERSION: {entry.versions}")
    click.echo("\n" + click.wrap_text(entry.prose, 100, "  ", "  "))
