"""Digests of files, computed again only if a file may have changed, as Git does.

A file is recognized by its size, inode and times. A change within one tick of the file system's clock does not change the times, so a
file is recognized only if its times were two seconds old when it was read, or if it has the time that dsgen gave it: see `new_file`.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable
from typing import Final

from dsgen.reading import read_file
from dsgen.record import Record

# In nanoseconds: FAT has the coarsest clock of all file systems in use.
_TICK: Final = 2_000_000_000


class FileFingerprint(Record):
    """A file's digest, and its inode and times. Without an inode, the file is read again."""

    digest: str
    size: int
    modified: int
    changed: int
    number: int

    def matches(self, found: os.stat_result) -> bool:
        """Return whether the file is certainly unchanged."""
        return (self.number, self.size, self.modified, self.changed) == (
            found.st_ino,
            found.st_size,
            found.st_mtime_ns,
            found.st_ctime_ns,
        )


def digest(data: bytes) -> str:
    """Return the digest of a text, as used in the cache."""
    return hashlib.sha256(data).hexdigest()[:32]


def digest_of_files(files: Iterable[tuple[str, bytes]]) -> str:
    """Return the digest of files and their paths."""
    return digest("\0".join(f"{path}\0{digest(data)}" for path, data in files).encode("utf-8", "surrogatepass"))


def known(of: str, found: os.stat_result, read_at: int, given: int | None = None) -> FileFingerprint:
    """Return the entry for a file whose digest was `of` at the time `read_at`, or that was written with the time `given`."""
    settled = max(found.st_mtime_ns, found.st_ctime_ns) < read_at - _TICK or found.st_mtime_ns == given
    return FileFingerprint(of, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino if settled else 0)


class Stats:
    """The digests of files, each read once: `files` are the entries, `changed` says whether any were added, and `began` when the run did.

    A file is not read if a symlink leads to it out of the folder `within`.
    """

    def __init__(self, files: dict[str, FileFingerprint], within: str = "") -> None:
        self.files = files
        self._within = within
        self.changed = False
        self.began = time.time_ns()
        self._asked: dict[str, str] = {}

    def digest(self, path: str) -> str:
        """Return the digest of a file; empty if it cannot be read."""
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
