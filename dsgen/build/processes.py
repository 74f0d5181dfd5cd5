"""Work on all cores: each process does its share, and results come back in the order of the work."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO, Generic, TypeVar, cast

# For fewer items, another process costs more than it saves.
MIN_ITEMS_PER_PROCESS = 64
# How many results a process sends at once: classes and equal texts are sent once for all of them.
_AT_ONCE = 16

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


def results(items: Sequence[Item], work: Callable[[Item], Outcome], jobs: int | None = None) -> Iterator[Outcome]:
    """Yield the result of `work` for each item, in order, with at most `jobs` processes (default: one per core)."""
    jobs = min(jobs or os.cpu_count() or 1, len(items) // MIN_ITEMS_PER_PROCESS + 1)
    if jobs == 1 or not hasattr(os, "fork"):
        yield from map(work, items)
        return
    # The first item is done here, so that what is compiled or loaded once is there before the fork.
    yield work(items[0])
    bounds = [1 + (len(items) - 1) * job // jobs for job in range(jobs + 1)]
    shares = [items[start:end] for start, end in pairwise(bounds)]
    helpers = [_Helper(work, share) for share in shares[1:]]
    try:
        yield from map(work, shares[0])
        for helper in helpers:
            yield from helper.results()
    finally:
        for helper in helpers:
            helper.end()


_SIGKILL = 9


def _nameless() -> BinaryIO:
    """Return a file without a name, in memory if possible: importing `tempfile` takes as long as rendering 20 profiles."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("dsgen"), "w+b")
    import tempfile

    return cast(BinaryIO, tempfile.TemporaryFile())


class _Helper(Generic[Item, Outcome]):
    """A forked process that does a share of the work and writes its results to a file without a name.

    A process pool takes longer to import and to feed than a thousand profiles take to render.
    """

    def __init__(self, work: Callable[[Item], Outcome], items: Sequence[Item]) -> None:
        import pickle

        self._work, self._items = work, items
        self._file: BinaryIO | None = None
        self._process = 0
        parent = os.getpid()
        try:
            self._file = _nameless()
            self._process = os.fork()
        except OSError:
            return  # too many processes, or too little memory: the parent does this share
        if self._process:
            return
        status = 1
        try:
            for start in range(0, len(items), _AT_ONCE):
                if os.getppid() != parent:
                    break  # the reader is gone
                pickle.dump([work(item) for item in items[start : start + _AT_ONCE]], self._file)
            self._file.flush()
            status = 0
        finally:
            os._exit(status)

    def results(self) -> Iterator[Outcome]:
        """Wait for the process and yield its results in order; if it died, or could not be forked, do its share here."""
        import pickle

        process, self._process = self._process, 0
        if self._file is None or not process or os.waitpid(process, 0)[1]:
            yield from map(self._work, self._items)
            return
        self._file.seek(0)
        while True:
            try:
                found = pickle.load(self._file)
            except EOFError:
                return
            yield from found

    def end(self) -> None:
        """Stop the process if it is still running."""
        if self._process:
            os.kill(self._process, _SIGKILL)
            os.waitpid(self._process, 0)
        if self._file is not None:
            self._file.close()
