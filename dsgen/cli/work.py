"""Many profiles on all cores: each process makes its share, and results come back in the order of the profiles."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dsgen.cli.shell import unreadable
from dsgen.kubernetes.stream import judge_if_manifests
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
    unread: str = ""
    # Of a file of manifests: how many objects were judged, and the kinds of those that were not.
    judged: int = 0
    others: tuple[str, ...] = ()


Work = Callable[[Path], Result]


def generate(project: Project, minor: str | None, defaults: bool) -> Work:
    """Return what makes the objects of one profile."""
    from dsgen.api import generator

    make = generator(project, minor, defaults)

    def work(path: Path) -> Result:
        made = make.make(open_file(path))
        return Result(made.file, made.name, [(object.filename, object.text) for object in made.objects], made.problems)

    return work


def validate(project: Project, minor: str | None) -> Work:
    """Return what judges one file, of manifests or a profile."""

    @cache
    def make() -> Generator:
        # Only profiles need templates and all that: manifests are judged without loading it.
        from dsgen.api import generator

        return generator(project, minor)

    def work(path: Path) -> Result:
        file = File("-", sys.stdin.buffer.read(), "-") if str(path) == "-" else open_file(path)
        found = judge_if_manifests(file.text, file.name, minor or project.kubernetes)
        if found is not None:
            return Result(file.name, "", [], tuple(found.problems), judged=found.judged, others=tuple(found.others))
        made = make().make(file)
        return Result(made.file, made.name, [], made.problems, judged=1)

    return work


def results(paths: Sequence[Path], work: Work) -> Iterator[Result]:
    """Yield the result of each file, in the order of `paths`."""
    # Trees are many small objects without cycles: the collector only costs time.
    gc.disable()
    jobs = min(os.cpu_count() or 1, len(paths) // WORTH_A_PROCESS + 1)
    if jobs == 1 or not hasattr(os, "fork"):
        for path in paths:
            yield _one(work, path)
        return
    import multiprocessing

    # The first is made here, so that what is compiled or loaded once is there when the processes part.
    yield _one(work, paths[0])
    paths = paths[1:]
    global _work
    _work = work
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        for share in pool.imap(_share, [paths[start : start + 32] for start in range(0, len(paths), 32)]):
            yield from share


# What the processes of a pool do: they are forked, and so have it without its being sent.
_work: Work | None = None


def _share(paths: Sequence[Path]) -> list[Result]:
    assert _work is not None
    return [_one(_work, path) for path in paths]


def _one(work: Work, path: Path) -> Result:
    try:
        return work(path)
    except OSError as error:
        return Result(shown(path), "", [], (), unreadable(error, path))
