"""A run that writes to a folder: select the folder, lock it, write, and return the result."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dsgen.build.cache import Cache
from dsgen.build.output.environment_listing import is_listing
from dsgen.build.output.folder import has_index
from dsgen.build.output.lock import BusyError, locked
from dsgen.build.output.orphans import foreign_project, indexed_folders
from dsgen.build.output.store import open_store
from dsgen.build.output_tree import OutputTree, Removed, Run
from dsgen.build.results import CannotWriteError, RunResults
from dsgen.build.shard import Shard
from dsgen.build.targets import Target
from dsgen.build.tasks import generate_into
from dsgen.problem import Problem, code
from dsgen.project.paths import MISSING_PATH, OUTSIDE, display_path, unreadable
from dsgen.project.project import UNREAD_FILE, Project
from dsgen.record import Record

if TYPE_CHECKING:
    from dsgen.generate.generator import Generator

STALE_OUTPUT = code(
    "stale-output",
    """A folder of the output that no profile generates any longer was not removed: something could not be read, so it is unknown what else
    the project generates.""",
    severity="warning",
)

# At most so many folders and reasons are named.
_NAMED: Final = 3


class GenerateOptions(Record):
    """What was asked for: `every` means all profiles of the project, and `everywhere` all environments.

    `options` is what else the result depends on; it is part of the cache's key.
    """

    output: str | None = None
    all_profiles: bool = True
    all_environments: bool = True
    check: bool = False
    diff: bool = False
    force: bool = False
    jobs: int | None = None
    shard: Shard | None = None
    options: tuple[object, ...] = ()


class Written(Record):
    """How many files in `folder` were written, removed and unchanged, or would be in a dry run.

    `gone` are the folders that were removed; `diff` is what a dry run would change, as a unified diff.
    """

    folder: str
    written: int
    removed: int
    unchanged: int
    gone: Sequence[Removed]
    diff: str


def generate_to_dir(
    asked: GenerateOptions,
    project: Project,
    work: Sequence[Target],
    wrong: Sequence[Problem],
    make: Callable[[], Generator],
    collected: RunResults,
    step: Callable[[], None],
) -> Written:
    """Write the output of the targets, or find out what would be written; `step` is called for each. Raises CannotWriteError.

    `wrong` are problems found before; with some of them nothing is removed. Files that no profile generates any longer are removed only if
    the run covers everything.
    """
    folder = display_path(Path(asked.output) if asked.output is not None else project.root / project.output)
    dry = asked.check or asked.diff
    shard = asked.shard
    owns = shard.owner(project) if shard else lambda folder, profile: True
    run = Run(folder, project.root, dry, asked.check, asked.force, asked.jobs, owns)
    try:
        _check_output_folder(folder, project, asked)
        if not dry:
            os.makedirs(folder, exist_ok=True)
        with locked(folder, shared=dry) if os.path.isdir(folder) else contextlib.nullcontext():
            store = open_store(project.root) if project.stated else None
            cache = (
                Cache(store, project, folder, asked.options, asked.all_profiles and not shard, dry) if store else None
            )
            tree = OutputTree(run, collected, cache)
            tree.generate_and_write(work, generate_into(folder, asked.force, make, collected.related.are_several), step)
            unread = [*_unread(wrong), *(f"cannot read {line}" for line in dict.fromkeys(collected.unread))]
            environments = dict.fromkeys(each.environment.name for each in work if each.environment)
            for environment in environments:
                tree.update_folder(environment, asked.all_profiles and not unread)
            if asked.all_profiles and unread:
                for environment in environments:
                    tree.note_stale(environment)
            if asked.all_profiles and asked.all_environments:
                unread += [
                    f"{each.file} has errors" for each in wrong if each.severity == "error" and not _prevents(each)
                ]
                former = [each for each in _former_environments(folder, project) if shard is None or shard.has(each)]
                for name in former:
                    if unread:
                        tree.note_stale(name, former=True)
                    else:
                        tree.update_folder(name, prune=True, former=True)
                if unread:
                    tree.note_stale("")
                else:
                    tree.update_folder("", prune=True)
            collected.add(_stale(tree, unread))
            if cache:
                cache.end()
            if not dry:
                with contextlib.suppress(OSError):
                    os.rmdir(folder)
    except BusyError:
        raise CannotWriteError(f"another run is writing to {folder}: wait until it ends") from None
    except OSError as error:
        raise CannotWriteError(f"cannot write {unreadable(error, error.filename or folder)}") from None
    return Written(folder, tree.written, tree.removed, tree.same, tree.gone, "".join(tree.diff))


def _prevents(problem: Problem) -> bool:
    """Return whether it is unknown, because of a problem, what else the run should generate; then nothing is removed."""
    return problem.code in (MISSING_PATH.name, OUTSIDE.name, UNREAD_FILE.name)


def _unread(problems: Iterable[Problem]) -> list[str]:
    """Return the reasons why it is unknown what else the run should generate."""
    return [
        f"{each.file} is not read" if each.code == UNREAD_FILE.name else each.message
        for each in problems
        if _prevents(each)
    ]


def _stale(tree: OutputTree, unread: Sequence[str]) -> list[Problem]:
    """Return a warning if folders stay that no profile generates any longer."""
    if not tree.stale:
        return []
    reasons = list(dict.fromkeys(unread)) or [
        f"{profile} has errors, and its name is unknown" for profile in tree.unknown
    ]
    found = (
        f"{_few(tree.stale)} {'is' if len(tree.stale) == 1 else 'are'} no longer generated, but kept: {_few(reasons)}"
    )
    return [STALE_OUTPUT.at(None, found, hint="fix this, then run `dsgen generate` again")]


def _few(texts: Sequence[str]) -> str:
    """Return the first few texts, and how many more there are."""
    more = len(texts) - _NAMED
    return ", ".join(texts[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _check_output_folder(folder: str, project: Project, asked: GenerateOptions) -> None:
    if os.path.lexists(folder) and not os.path.isdir(folder):
        what = "a broken symlink" if os.path.islink(folder) else "not a folder"
        raise CannotWriteError(f"{folder} is {what}: remove it, or choose another folder with --output")
    real = os.path.realpath(folder)
    if asked.output is None and not Path(real).is_relative_to(os.path.realpath(project.root)):
        raise CannotWriteError(f"{folder} is a symlink out of the project, to {real}: pass that folder with --output")
    outside = not Path(real).is_relative_to(project.root)
    if outside and asked.all_profiles and not asked.force and os.path.isdir(folder):
        other = foreign_project(folder, str(project.root))
        if other:
            raise CannotWriteError(
                f"{folder} was generated from {other}, which is not in this project: choose another --output, or pass --force to take the "
                "folder over; files that this project does not generate will be removed"
            )


def _former_environments(folder: str, project: Project) -> list[str]:
    """Return the folders that dsgen wrote for environments that the project no longer has.

    They contain a list of profiles. If the project has other environments, any folder that contains profiles' folders is one.
    """
    if not os.path.isdir(folder):
        return []
    known = project.environment_files()
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False) and entry.name not in known]
    # A profile's folder has an index; most folders are of this kind, and need not be listed.
    bare = (name for name in names if not has_index(f"{folder}/{name}"))
    return sorted(
        name for name in bare if is_listing(f"{folder}/{name}") or (known and indexed_folders(f"{folder}/{name}")[0])
    )
