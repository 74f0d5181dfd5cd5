"""A run that writes a tree of files, or says how the tree differs from what it would write."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dsgen.cli.collect import CannotWriteError, Collected
from dsgen.cli.processes import results
from dsgen.cli.shell import unreadable
from dsgen.cli.targets import Target
from dsgen.cli.work import Work
from dsgen.output.drift import diff, diff_of_file, drift, drift_of_file
from dsgen.output.environment import Objects, listing
from dsgen.output.files import write_file
from dsgen.output.header import path_in
from dsgen.output.plan import Plan, plan
from dsgen.output.stale import folders, stale
from dsgen.output.write import apply

# So many profiles are made, held against each other and written at a time: what they make fits into memory.
AT_A_TIME = 4096


class Tree:
    """The tree of one run: how many files were written, removed and left as they were, and the `diff` of a run that writes nothing.

    All its methods raise CannotWriteError, and OSError for what cannot be read.
    """

    def __init__(
        self, folder: str, root: Path, collected: Collected, dry: bool, check: bool, force: bool, jobs: int | None
    ) -> None:
        self._folder = folder
        self._root = root
        self._collected = collected
        self._dry = dry
        self._check = check
        self._force = force
        self._jobs = jobs
        self.written = self.removed = self.same = 0
        self.diff: list[str] = []
        self._made: dict[str, dict[str, Objects]] = {}
        # The profiles that could not be made, by their paths in the project: their names, where these are known.
        self._failed: dict[str, str] = {}

    def fill(self, targets: Sequence[Target], work: Work, step: Callable[[], None]) -> None:
        """Make the targets, and write what they make; `step` is called for each."""
        for start in range(0, len(targets), AT_A_TIME):
            some = targets[start : start + AT_A_TIME]
            plans = []
            for target, result in zip(some, results(some, work, self._jobs), strict=True):
                step()
                todo = result.plan
                if not self._collected.take(result) or todo is None or self._in_conflict(todo):
                    self._failed[path_in(self._root, os.path.abspath(target.path))] = result.name
                    continue
                self._made.setdefault(result.environment, {})[result.name] = (
                    result.objects if result.environment else {}
                )
                plans.append(todo)
            self._carry_out(plans)

    def finish(self, environment: str, prune: bool) -> None:
        """Remove what nobody makes any more in the folder of an environment, and list what stands there.

        Without a name, it is the output folder itself, of a project without environments.
        """
        path = os.path.join(self._folder, environment) if environment else self._folder
        made = self._made.get(environment, {})
        present = folders(path)
        candidates = [name for name in present if name not in made]
        gone = stale(path, candidates, self._failed, self._force) if prune else []
        plans = [plan(folder, "", {}, self._force) for folder in gone]
        plans = [each for each in plans if not self._in_conflict(each)]
        self._carry_out(plans)
        if environment:
            stay = {*made, *present} - {os.path.basename(each.path) for each in plans}
            self._list(path, sorted(stay), made)

    def _list(self, path: str, names: Sequence[str], made: Mapping[str, Objects]) -> None:
        wanted = listing(path, names, made, self._force)
        if wanted.conflict:
            self._collected.add([wanted.conflict])
        if wanted.is_done:
            self.same += wanted.is_there
        elif self._dry:
            self.diff.append(diff_of_file(wanted.path, wanted.text))
            if self._check and not wanted.conflict:
                self._collected.add([drift_of_file(wanted.path, wanted.is_there)])
        if wanted.is_done or wanted.conflict:
            return
        self.written += wanted.text is not None
        self.removed += wanted.text is None
        if self._dry:
            return
        try:
            if wanted.text is not None:
                write_file(wanted.path, wanted.text)
            else:
                os.unlink(wanted.path)
                os.rmdir(path)
        except OSError as error:
            raise CannotWriteError(f"cannot write {unreadable(error, wanted.path)}") from None

    def _in_conflict(self, todo: Plan) -> bool:
        if todo.conflicts:
            self._collected.add(todo.conflicts)
            self._collected.failed += 1
            if self._dry:
                self.diff.append(diff(todo))
        return bool(todo.conflicts)

    def _carry_out(self, plans: Sequence[Plan]) -> None:
        for each in plans:
            self.written += len(each.writes)
            self.removed += len(each.removals)
            self.same += len(each.same)
            if self._dry and not each.is_done:
                self._collected.add(drift(each) if self._check else ())
                self.diff.append(diff(each))
        todo = [] if self._dry else [each for each in plans if not each.is_done]
        for error in results(todo, _applied, self._jobs):
            if error:
                raise CannotWriteError(f"cannot write {error}")


def _applied(todo: Plan) -> str:
    try:
        apply(todo)
    except OSError as error:
        return unreadable(error, todo.path)
    return ""
