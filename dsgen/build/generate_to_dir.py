"""A run that writes into a folder: which folder, one run at a time, and what came of it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

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
from dsgen.problem import Problem, has_errors
from dsgen.project.project import MISSING_PATH, UNREAD_FILE, Project, display_path, unreadable
from dsgen.record import Record

if TYPE_CHECKING:
    from dsgen.generate.generator import Generator

# With these nobody knows what else a run should make, and nothing is removed.
_BLOCKING: Final = frozenset({MISSING_PATH.name, UNREAD_FILE.name})


class GenerateOptions(Record):
    """What was asked for. `every` tells whether it is all of the project, and `everywhere` whether it is all environments.

    `options` is what else decides over what is made: by it the cache knows what it has.
    """

    output: str | None = None
    every: bool = True
    everywhere: bool = True
    check: bool = False
    diff: bool = False
    force: bool = False
    jobs: int | None = None
    shard: Shard | None = None
    options: tuple[object, ...] = ()


class Written(Record):
    """What came of the files in `folder`: how many were written, removed and left as they were, or would be in a dry run.

    `gone` are the folders that went as a whole, by the reason; `diff` is what a dry run would change, as a unified diff.
    """

    folder: str
    written: int
    removed: int
    unchanged: int
    gone: Mapping[str, Sequence[str]]
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
    """Write what the targets make, or only find what would be written; `step` is called for each. Raises CannotWriteError.

    `wrong` is what was found before: with some of it nothing is removed. What no profile makes any more goes only in a run for all.
    """
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
            tree.write(work, generate_into(folder, asked.force, make), step)
            prune = asked.every and not collected.unread and all(each.code not in _BLOCKING for each in wrong)
            for environment in dict.fromkeys(each.environment.name for each in work if each.environment):
                tree.prune(environment, prune)
            if prune and asked.everywhere and not has_errors(wrong):
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
    return Written(folder, tree.written, tree.removed, tree.same, tree.gone, "".join(tree.diff))


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
