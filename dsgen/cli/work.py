"""Many profiles on all cores: each process makes its share, and results come back in the order of the profiles."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from dsgen.cli.claims import Claim, claims_of
from dsgen.cli.shell import unreadable
from dsgen.cli.targets import Target, read
from dsgen.problem import Problem
from dsgen.project import Project, shown

if TYPE_CHECKING:
    from dsgen.generate import Generator, Made

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
    environment: str = ""
    images: tuple[str, ...] = ()


Work = Callable[[Target], Result]


def maker(project: Project, minor: str | None, defaults: bool = False) -> Callable[[], Generator]:
    """Return what loads the generator of a project, once, when it is first asked: not every run needs templates and all that."""

    @cache
    def make() -> Generator:
        from dsgen.api import generator

        return generator(project, minor, defaults)

    return make


def generate(generator: Callable[[], Generator]) -> Work:
    """Return what makes the objects of one profile, for an environment if there is one."""

    def work(target: Target) -> Result:
        made = generator().make(read(target.path), target.environment)
        objects = [(object.filename, object.text) for object in made.objects]
        return _result(made, objects)

    return work


def validate(generator: Callable[[], Generator], minor: str) -> Work:
    """Return what judges one file, of manifests (by the version `minor`) or a profile."""
    from dsgen.kubernetes.stream import judge_if_manifests

    def work(target: Target) -> Result:
        file = read(target.path)
        found = judge_if_manifests(file.text, file.name, minor) if target.environment is None else None
        if found is not None:
            return Result(file.name, "", [], tuple(found.problems), judged=found.judged, others=tuple(found.others))
        return _result(generator().make(file, target.environment), [])

    return work


def _result(made: Made, objects: list[tuple[str, str]]) -> Result:
    return Result(
        made.file,
        made.name,
        objects,
        made.problems,
        claims_of(made),
        judged=1,
        environment=made.environment,
        images=made.images,
    )


def results(targets: Sequence[Target], work: Work) -> Iterator[Result]:
    """Yield the result of each target, in their order."""
    jobs = min(os.cpu_count() or 1, len(targets) // WORTH_A_PROCESS + 1)
    if jobs == 1 or not hasattr(os, "fork"):
        for target in targets:
            yield _one(work, target)
        return
    # The first is made here, so that what is compiled or loaded once is there when the processes part.
    yield _one(work, targets[0])
    bounds = [1 + (len(targets) - 1) * job // jobs for job in range(jobs + 1)]
    shares = [targets[start:end] for start, end in pairwise(bounds)]
    helpers = [_Helper(work, share) for share in shares[1:]]
    try:
        for target in shares[0]:
            yield _one(work, target)
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

    def __init__(self, work: Work, targets: Sequence[Target]) -> None:
        import pickle
        import tempfile

        self._work, self._targets = work, targets
        # Closed in `end`.
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        parent = os.getpid()
        self._process = os.fork()
        if self._process:
            return
        status = 1
        try:
            for target in targets:
                if os.getppid() != parent:
                    break  # nobody waits for the results any more
                pickle.dump(_one(work, target), self._file)
            self._file.flush()
            status = 0
        finally:
            os._exit(status)

    def results(self) -> Iterator[Result]:
        """Wait for the process and yield its results in order; those of a process that died are made here."""
        import pickle

        process, self._process = self._process, 0
        if os.waitpid(process, 0)[1]:
            yield from (_one(self._work, target) for target in self._targets)
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


def _one(work: Work, target: Target) -> Result:
    try:
        return work(target)
    except OSError as error:
        # A template that cannot be read is named, not the profile.
        return Result(shown(target.path), "", [], (), unread=unreadable(error, error.filename or target.path))
