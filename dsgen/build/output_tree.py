"""A run that writes a tree of files, or reports how the tree differs from what it would write."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from dsgen.build.cache import Cache
from dsgen.build.output.changes import FolderChanges, folder_changes
from dsgen.build.output.drift import diff_of_file, drift, drift_of_file, unified_diff
from dsgen.build.output.environment_listing import Listing, Objects, begin, listing
from dsgen.build.output.files import remove, write_file
from dsgen.build.output.fingerprints import Fingerprints, fingerprints_after
from dsgen.build.output.folder import in_the_way
from dsgen.build.output.kustomization import of_environment
from dsgen.build.output.orphans import indexed_folders, orphaned
from dsgen.build.output.write import apply
from dsgen.build.processes import results
from dsgen.build.results import CannotWriteError, RunResults
from dsgen.build.targets import Target
from dsgen.build.tasks import Work
from dsgen.generate.header import path_in
from dsgen.project.project import unreadable
from dsgen.record import Record

# Why the folder of a profile, or of an environment, is removed.
_NOT_MADE: Final = "no profile generates it any longer"
_FORMER: Final = "the environment no longer exists"
_MOVED: Final = "the project now has environments, each with its own folder"

_NOTHING: Final = of_environment(()).encode()

# So many profiles are rendered, compared and written at a time, so that their objects fit into memory.
BATCH_SIZE = 4096


class Run(Record):
    """The output folder of the project at `root`; whether to write, to report differences as problems, and to overwrite any file."""

    folder: str
    root: Path
    dry: bool
    check: bool
    force: bool
    jobs: int | None
    # Whether this run may remove a folder, by its name and the path of its profile.
    owns: Callable[[str, str], bool]


class OutputTree:
    """The tree of one run: how many files were written, removed and unchanged, and the `diff` of a run that writes nothing.

    All its methods raise CannotWriteError, and OSError if something cannot be read.
    """

    def __init__(self, run: Run, collected: RunResults, cache: Cache | None) -> None:
        self._run = run
        self._collected = collected
        self._cache = cache
        self._began = time.time_ns()
        self.written = self.removed = self.same = 0
        self.diff: list[str] = []
        # Folders that are removed as a whole, by reason.
        self.gone: dict[str, list[str]] = {}
        self._made: dict[str, dict[str, Objects]] = {}
        # Profiles that failed, by their paths in the project: their names, if known.
        self._failed: dict[str, str] = {}

    def generate_and_write(self, targets: Sequence[Target], work: Work, step: Callable[[], None]) -> None:
        """Build the targets and write their objects; `step` is called for each."""
        for start in range(0, len(targets), BATCH_SIZE):
            some = targets[start : start + BATCH_SIZE]
            known = [self._cache.result(target) if self._cache else None for target in some]
            unknown = [target for target, result in zip(some, known, strict=True) if not result]
            made = results(unknown, work, self._run.jobs)
            new = []
            for target, before in zip(some, known, strict=True):
                result = before or next(made)
                step()
                if not self._collected.take(result) or result.plan is None or self._report_conflicts(result.plan):
                    self._failed[path_in(self._run.root, os.path.abspath(target.path))] = result.name
                    continue
                self._made.setdefault(result.environment, {})[result.name] = (
                    result.objects if result.environment else {}
                )
                if before is None:
                    new.append((target, result, result.plan))
                else:
                    self._count(result.plan)
            self._begin({each.environment.name for each, _, todo in new if each.environment and not todo.is_done})
            standing = self._carry_out([todo for _, _, todo in new])
            if self._cache:
                for (target, result, _), files in zip(new, standing, strict=not self._run.dry):
                    self._cache.keep(target, result, files)
                following = targets[start + BATCH_SIZE : start + BATCH_SIZE + 1]
                self._cache.save(but=following[0].environment.name if following and following[0].environment else "")

    def _begin(self, environments: Iterable[str]) -> None:
        """Let the folders of environments hold a list before they hold anything else: by it, the next run knows them as dsgen's."""
        for environment in () if self._run.dry else environments:
            path = os.path.join(self._run.folder, environment)
            if in_the_way(path) is None:
                try:
                    begin(path, _NOTHING)
                except OSError as error:
                    raise CannotWriteError(f"cannot write {unreadable(error, path)}") from None

    def update_folder(self, environment: str, prune: bool, former: bool = False) -> None:
        """Remove what is no longer generated from the folder of an environment, or of a `former` one, and list the rest.

        Without a name, this is the output folder itself, of a project without environments.
        """
        path = os.path.join(self._run.folder, environment) if environment else self._run.folder
        problem = in_the_way(path) if environment else None
        if problem:
            self._collected.add([problem])
            return
        made = self._made.get(environment, {})
        present, left = indexed_folders(path)
        for name in [] if self._run.dry else left:
            remove(f"{path}/{name}")
        candidates = [name for name in present if name not in made]
        gone = orphaned(path, candidates, self._failed, self._run.force) if prune else []
        if not environment:
            gone = [folder for folder in gone if self._run.owns(os.path.basename(folder.path), folder.profile)]
        plans = [folder_changes(folder, "", {}, self._run.force) for folder in gone]
        plans = [each for each in plans if not self._report_conflicts(each)]
        if former and len(plans) == len(present):
            self.gone.setdefault(_FORMER, []).append(path)
        elif plans:
            reason = _MOVED if not environment and any(self._made) else _NOT_MADE
            self.gone.setdefault(reason, []).extend(each.path for each in plans)
        if not environment:
            self._carry_out(plans)
            return
        stay = {*made, *present} - {os.path.basename(each.path) for each in plans}
        wanted = listing(path, sorted(stay), made, self._run.force)
        self._tell(wanted)
        # The list of what stays is written first: what it lists is dsgen's as long as it has an index. An empty list is removed last, so that
        # the next run recognizes an environment whose removal was interrupted.
        last = wanted.text is None and bool(plans)
        self._write(wanted._replace(text=_NOTHING) if last else wanted)
        self._carry_out(plans)
        if last:
            self._write(wanted)
        if not self._run.dry:
            with contextlib.suppress(OSError):
                os.rmdir(path)

    def _tell(self, wanted: Listing) -> None:
        if wanted.conflict:
            self._collected.add([wanted.conflict])
        if wanted.is_done:
            self.same += wanted.is_there
        elif self._run.dry:
            self.diff.append(diff_of_file(wanted.path, wanted.text))
            if self._run.check and not wanted.conflict:
                self._collected.add([drift_of_file(wanted.path, wanted.is_there)])
        if not wanted.is_done and not wanted.conflict:
            self.written += wanted.text is not None
            self.removed += wanted.text is None

    def _write(self, wanted: Listing) -> None:
        if self._run.dry or wanted.is_done or wanted.conflict:
            return
        try:
            if wanted.text is not None:
                write_file(wanted.path, wanted.text)
            else:
                os.unlink(wanted.path)
        except OSError as error:
            raise CannotWriteError(f"cannot write {unreadable(error, wanted.path)}") from None

    def _report_conflicts(self, todo: FolderChanges) -> bool:
        if todo.conflicts:
            self._collected.add(todo.conflicts)
            self._collected.failed += 1
            if self._run.dry:
                self.diff.append(unified_diff(todo))
        return bool(todo.conflicts)

    def _carry_out(self, plans: Sequence[FolderChanges]) -> list[Fingerprints]:
        """Carry out the plans and return what is in their folders then, or only count what would be done."""
        for each in plans:
            self._count(each)
            if self._run.dry and not each.is_done:
                self._collected.add(drift(each) if self._run.check else ())
                self.diff.append(unified_diff(each))
        if self._run.dry:
            return []
        if self._cache and not all(each.is_done for each in plans):
            self._cache.begin()
        standing = []
        for error, files in results(plans, self._applied, self._run.jobs):
            if error:
                raise CannotWriteError(f"cannot write {error}")
            standing.append(files)
        return standing

    def _applied(self, todo: FolderChanges) -> tuple[str, Fingerprints]:
        try:
            return "", fingerprints_after(todo, apply(todo), self._began)
        except OSError as error:
            return unreadable(error, todo.path), {}

    def _count(self, todo: FolderChanges) -> None:
        self.written += len(todo.writes)
        self.removed += len(todo.removals)
        self.same += len(todo.same)
