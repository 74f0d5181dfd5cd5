"""Digests of files that are computed again only when a file may have changed, as Git does it.

A file is known by its size, its number and its times. A change within the tick of the file system's clock leaves the times as they are,
so a file is known again only when its times were two seconds old when it was read, or when it bears the time that dsgen gave it: see
`new_file`.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable
from typing import Final

from dsgen.reading import read_file
from dsgen.record import Record

# In nanoseconds: the coarsest clock of a file system in use, FAT's.
_TICK: Final = 2_000_000_000


class FileFingerprint(Record):
    """A file's digest, and by what the file is known to be the same. Without a number, it is not known again."""

    digest: str
    size: int
    modified: int
    changed: int
    number: int

    def matches(self, found: os.stat_result) -> bool:
        """Tell whether a file is surely as it was."""
        return (self.number, self.size, self.modified, self.changed) == (
            found.st_ino,
            found.st_size,
            found.st_mtime_ns,
            found.st_ctime_ns,
        )


def digest(data: bytes) -> str:
    """Return the digest by which the cache knows a text."""
    return hashlib.sha256(data).hexdigest()[:32]


def digest_of_files(files: Iterable[tuple[str, bytes]]) -> str:
    """Return the digest of files and their paths."""
    return digest("\0".join(f"{path}\0{digest(data)}" for path, data in files).encode("utf-8", "surrogatepass"))


def known(of: str, found: os.stat_result, read_at: int, given: int | None = None) -> FileFingerprint:
    """Return how a file is known again, whose digest was `of` at the time `read_at`, or which was written with the time `given`."""
    settled = max(found.st_mtime_ns, found.st_ctime_ns) < read_at - _TICK or found.st_mtime_ns == given
    return FileFingerprint(of, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino if settled else 0)


class Stats:
    """The digests of files, each looked at once; `files` is what is known of them, and `changed` tells whether it is more now, `began` when.

    Where a link leads out of the folder `within`, a file is not read.
    """

    def __init__(self, files: dict[str, FileFingerprint], within: str = "") -> None:
        self.files = files
        self._within = within
        self.changed = False
        self.began = time.time_ns()
        self._asked: dict[str, str] = {}

    def digest(self, path: str) -> str:
        """Return the digest of a file; empty when it cannot be read."""
        found = self._asked.get(path)
        if found is None:
            found = self._asked[path] = self._look(path)
        return found

    def _look(self, path: str) -> str:
        before = self.files.get(path)
        try:
            found = os.stat(path)
            if before is not None and before.matches(found):
                return before.digest
            of = digest(read_file(path, self._within))
        except OSError:
            return ""
        self.files[path] = known(of, found, self.began)
        self.changed = True
        return of
