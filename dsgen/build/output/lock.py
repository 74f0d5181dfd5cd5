"""The lock of an output folder: one run at a time."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator


class BusyError(Exception):
    """Another run is writing to the folder."""


@contextlib.contextmanager
def locked(folder: str, shared: bool) -> Iterator[None]:
    """Hold the lock of an existing folder; with `shared`, together with others that only read.

    The folder itself is locked, so no file is left behind, and the lock is released if the run dies. Raises BusyError, and
    OSError if the folder cannot be opened.
    """
    try:
        import fcntl
    except ImportError:
        # Windows cannot lock a folder.
        yield
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                raise BusyError from None
            # Some network file systems have no locks; the run continues without.
        yield
    finally:
        os.close(handle)
