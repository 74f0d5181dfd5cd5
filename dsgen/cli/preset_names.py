"""The presets that a command can name: those of dsgen, and those of the packs of the current folder's project."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from dsgen.build.error import BuildError
from dsgen.cli.options import items
from dsgen.cli.shell import current_project, fail
from dsgen.problem import LISTED, has_errors
from dsgen.project.presets import Preset, presets, shipped_preset
from dsgen.project.project import find_project
from dsgen.project.shipped import profiles

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from dsgen.project.project import Project


def chosen(name: str) -> Preset:
    """Return the preset with this name, or exit with the closest name as a hint."""
    project, problems = current_project(())
    if project.packs and not has_errors(problems):
        from dsgen.build.packs import Available

        with Available(project) as available:
            return available.preset(name) if available.pack(name) is not None else unknown(name, available.names())
    return shipped_preset(name) if name in profiles() else unknown(name, profiles())


def every() -> tuple[list[Preset], str]:
    """Return all presets by name, and why the packs could not be read; then only those of dsgen are returned."""
    project, problems = current_project(())
    if not project.packs or has_errors(problems):
        return list(presets()), ""
    try:
        return _with_packs(project, fetches=True), ""
    except BuildError as error:
        return list(presets()), str(error)


def _with_packs(project: Project, fetches: bool) -> list[Preset]:
    from dsgen.build.packs import Available

    with Available(project, fetches) as available:
        return [available.preset(name) for name in available.names()]


def unknown(name: str, known: Iterable[str]) -> NoReturn:
    """Exit because none of the `known` presets has this name, with the closest ones as a hint."""
    from dsgen.problem import did_you_mean

    if name in ("list", "search", "get"):
        fail(f"no such preset {name!r}; `dsgen presets` lists them, and `dsgen presets NAME` prints one")
    names = list(known)
    parts = [each for each in names if name.lower() in each.split("-")] or _about(name)
    if parts:
        fail(f"no such preset {name!r}; did you mean {' or '.join(f'`{each}`' for each in parts)}?")
    fail(f"no such preset {name!r}; {did_you_mean(name, names) or '`dsgen presets` lists them'}")


def _about(word: str) -> list[str]:
    """Return the shipped presets whose summary contains a word, if they are few."""
    of = re.compile(rf"\b{re.escape(word)}s?\b", re.IGNORECASE)
    found = [preset.name for preset in presets() if of.search(preset.summary)]
    return found if len(word) > 2 and len(found) <= LISTED else []


def complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the names of presets that begin with `begun`, for completion."""
    return preset_items(begun)


def preset_items(begun: str) -> list[CompletionItem]:
    """Return the presets whose names begin with `begun`; those of Git repositories only if they are locked."""
    found, locked = list(presets()), list[str]()
    try:
        project, problems = find_project(Path.cwd())
        if not has_errors(problems):
            locked = [each.name for each in project.presets]
            found = _with_packs(project, fetches=False) if project.packs else found
    except (OSError, BuildError):
        pass  # there is still something to complete
    described = {**dict.fromkeys(locked, ""), **{preset.name: preset.summary for preset in found}}
    return items((name, about) for name, about in sorted(described.items()) if name.startswith(begun))
