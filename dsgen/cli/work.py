"""Many profiles on all cores: each process makes its share, and results come back in the order of the profiles."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dsgen.cli.claims import Claim, claims_of
from dsgen.cli.shell import unreadable
from dsgen.problem import Problem
from dsgen.project import Project, open_file, shown
from dsgen.resolve.file import File

if TYPE_CHECKING:
    from dsgen.generate import Generator

# Below this many profiles another process costs more than it saves.
WORTH_A_PROCESS = 64


class Result(NamedTuple):
    """What came of one file: the files it makes by name, in order, or why it could not be read."""

    file: str
    name: str
    objects: list[tuple[str, str]]
    problems: tuple[Problem, ...]
    claims: tuple[Claim, ...] = ()
    unread: str = ""
    # Of a file of manifests: how many objects were judged, and the kinds of those that were not.
    judged: int = 0
    others: tuple[str, ...] = ()


Work = Callable[[Path], Result]


def read(path: Path) -> File:
    """Return a file, or what stands on standard input when the path is `-`. Raises OSError."""
    if str(path) == "-":
        return File("-", sys.stdin.buffer.read(), os.path.abspath("-"))
    return open_file(path)


def generate(project: Project, minor: str | None, defaults: bool) -> Work:
    """Return what makes the objects of one profile."""
    from dsgen.api import generator

    make = generator(project, minor, defaults)

    def work(path: Path) -> Result:
        made = make.make(read(path))
        objects = [(object.filename, object.text) for object in made.objects]
        return Result(made.file, made.name, objects, made.problems, claims_of(made))

    return work


def validate(project: Project, minor: str | None) -> Work:
    """Return what judges one file, of manifests or a profile."""
    from dsgen.kubernetes.stream import judge_if_manifests

    @cache
    def make() -> Generator:
        # Only profiles need templates and all that: manifests are judged without loading it.
        from dsgen.api import generator

        return generator(project, minor)

    def work(path: Path) -> Result:
        file = read(path)
        found = judge_if_manifests(file.text, file.name, minor or project.kubernetes)
        if found is not None:
            return Result(file.name, "", [], tuple(found.problems), judged=found.judged, others=tuple(found.others))
        made = make().make(file)
        return Result(made.file, made.name, [], made.problems, claims_of(made), judged=1)

    return work


def results(paths: Sequence[Path], work: Work) -> Iterator[Result]:
    """Yield the result of each file, in the order of `paths`."""
    jobs = min(os.cpu_count() or 1, len(paths) // WORTH_A_PROCESS + 1)
    if jobs == 1 or not hasattr(os, "fork"):
        for path in paths:
            yield _one(work, path)
        return
    # The first is made here, so that what is compiled or loaded once is there when the processes part.
    yield _one(work, paths[0])
    bounds = [1 + (len(paths) - 1) * job // jobs for job in range(jobs + 1)]
    shares = [paths[start:end] for start, end in pairwise(bounds)]
    helpers = [_Helper(work, share) for share in shares[1:]]
    try:
        for path in shares[0]:
            yield _one(work, path)
        for helper in helpers:
            yield from helper.results()
    finally:
        for helper in helpers:
            helper.end()


_SIGKILL = 9


class _Helper:
    """A forked process that does a share of the work and leaves its results in a file without a name.

    A pool of processes takes longer to import and to feed than its work takes for a thousand profiles.
    """

    def __init__(self, work: Work, paths: Sequence[Path]) -> None:
        import pickle
        import tempfile

        self._work, self._paths = work, paths
        # Closed in `end`.
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        parent = os.getpid()
        self._process = os.fork()
        if self._process:
            return
        status = 1
        try:
            for path in paths:
                if os.getppid() != parent:
                    break  # nobody waits for the results any more
                pickle.dump(_one(work, path), self._file)
            self._file.flush()
            status = 0
        finally:
            os._exit(status)

    def results(self) -> Iterator[Result]:
        """Wait for the process and yield its results in order; those of a process that died are made here."""
        import pickle

        process, self._process = self._process, 0
        if os.waitpid(process, 0)[1]:
            yield from (_one(self._work, path) for path in self._paths)
            return
        self._file.seek(0)
        while True:
            try:
                yield pickle.load(self._file)
            except EOFError:
                return

    def end(self) -> None:
        """Stop the process, if it still runs."""
        if self._process:
            os.kill(self._process, _SIGKILL)
            os.waitpid(self._process, 0)
        self._file.close()


def _one(work: Work, path: Path) -> Result:
    try:
        return work(path)
    except OSError as error:
        # A template that cannot be read is named, not the profile.
        return Result(shown(path), "", [], (), unread=unreadable(error, error.filename or path))
