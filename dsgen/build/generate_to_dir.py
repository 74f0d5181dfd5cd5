"""A run that writes into a folder: which folder, one run at a time, and what is said of it at the end."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from dsgen import harmless
from dsgen.build.cache import Cache
from dsgen.build.output.environment_listing import is_listing
from dsgen.build.output.lock import BusyError, locked
from dsgen.build.output.orphans import folders, foreign_project, has_index
from dsgen.build.output.store import open_store
from dsgen.build.output_dir import OutputDir, Run
from dsgen.build.results import CannotWriteError, RunResults
from dsgen.build.shard import Shard
from dsgen.build.targets import Target
from dsgen.build.tasks import generate_into
from dsgen.cli.progress import Progress
from dsgen.cli.shell import plural, unreadable
from dsgen.project.project import Project, display_path
from dsgen.record import Record

if TYPE_CHECKING:
    from dsgen.generate.generator import Generator


# So many of the folders that go are named.
_NAMED: Final = 8


class GenerateOptions(Record):
    """What was asked for: `every` profile of the project or only some, `everywhere` or only in some environments.

    `prune` tells whether what nobody makes any more is removed.
    """

    output: str | None
    every: bool
    prune: bool
    everywhere: bool
    check: bool
    diff: bool
    show_diff: bool
    force: bool
    jobs: int | None
    shard: Shard | None
    # What else decides over what is made.
    options: tuple[object, ...]


def generate_to_dir(
    asked: GenerateOptions,
    project: Project,
    work: Sequence[Target],
    make: Callable[[], Generator],
    collected: RunResults,
    progress: Progress,
) -> str:
    """Write what the targets make, or only say what would be written, and return a line that sums it up. Raises CannotWriteError."""
    folder = display_path(Path(asked.output) if asked.output is not None else project.root / project.output)
    dry = asked.check or asked.diff
    shard = asked.shard
    owns = shard.owner(project) if shard else lambda folder, profile: True
    run = Run(folder, project.root, dry, asked.check, asked.force, asked.jobs, owns)
    try:
        _look_at(folder, project, asked)
        if not dry:
            os.makedirs(folder, exist_ok=True)
        with locked(folder, shared=dry) if os.path.isdir(folder) else contextlib.nullcontext():
            store = open_store(project.root) if project.stated else None
            cache = Cache(store, project, folder, asked.options, asked.every and not shard, dry) if store else None
            tree = OutputDir(run, collected, cache)
            tree.write(work, generate_into(folder, asked.force, make), progress.step)
            prune = asked.prune and not collected.unread
            for environment in dict.fromkeys(each.environment.name for each in work if each.environment):
                tree.prune(environment, prune)
            if prune and asked.everywhere:
                for name in _former_environments(folder, project):
                    if shard is None or shard.has(name):
                        tree.prune(name, prune=True, former=True)
                tree.prune("", prune=True)
            if cache:
                cache.end()
            if not dry:
                with contextlib.suppress(OSError):
                    os.rmdir(folder)
    except BusyError:
        raise CannotWriteError(f"another run is writing to {folder}: wait until it ends") from None
    except OSError as error:
        raise CannotWriteError(f"cannot write {unreadable(error, error.filename or folder)}") from None
    progress.end()
    if asked.show_diff:
        click.echo(harmless.lines("".join(tree.diff)), nl=False)
    return _summary(tree, asked, folder, collected.failed)


def _look_at(folder: str, project: Project, asked: GenerateOptions) -> None:
    if os.path.lexists(folder) and not os.path.isdir(folder):
        what = "a link that leads nowhere" if os.path.islink(folder) else "not a folder"
        raise CannotWriteError(f"{folder} is {what}: remove it, or choose another folder with --output")
    real = os.path.realpath(folder)
    if asked.output is None and not Path(real).is_relative_to(os.path.realpath(project.root)):
        raise CannotWriteError(f"{folder} is a link out of the project, to {real}: give that folder with --output")
    outside = not Path(real).is_relative_to(project.root)
    if outside and asked.every and not asked.force and os.path.isdir(folder):
        other = foreign_project(folder, str(project.root))
        if other:
            raise CannotWriteError(
                f"{folder} holds what was made from {other}, and nothing of any profile of this project: it is another project's, or "
                "the profiles had other names. Choose another folder, or give --force, and all that dsgen wrote there is taken for this "
                "project's, and removed where it does not make it"
            )


def _former_environments(folder: str, project: Project) -> list[str]:
    """Return the folders that dsgen wrote for environments that the project has no more.

    They have a list of profiles; where other environments are, whatever holds folders of profiles is one.
    """
    if not os.path.isdir(folder):
        return []
    known = project.environment_files()
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False) and entry.name not in known]
    # A folder of a profile has an index: most are, and need no reading.
    bare = (name for name in names if not has_index(f"{folder}/{name}"))
    return sorted(name for name in bare if is_listing(f"{folder}/{name}") or (known and folders(f"{folder}/{name}")[0]))


def _summary(tree: OutputDir, asked: GenerateOptions, folder: str, failed: int) -> str:
    wrote, removed = ("would write", "would remove") if asked.check or asked.diff else ("wrote", "removed")
    gone = f", {removed} {plural(tree.removed, 'file')}" if tree.removed else ""
    left = f", {plural(tree.same, 'file')} as before" if tree.same else ""
    bad = f"; nothing for {plural(failed, 'profile')}" if failed else ""
    line = f"{wrote} {plural(tree.written, 'file')} to {folder}{gone}{left}{bad}"
    lines = [line, *(f"{removed} {_named(paths)} ({why})" for why, paths in tree.gone.items())]
    return "\n".join(map(harmless.line, lines))


def _named(paths: Sequence[str]) -> str:
    """Return the names of folders, but of not more than a few."""
    more = len(paths) - _NAMED
    return ", ".join(paths[:_NAMED]) + (f" and {plural(more, 'folder')} more" if more > 0 else "")
