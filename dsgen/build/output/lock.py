"""One run at a time in an output folder."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator


class BusyError(Exception):
    """Another run is writing to the folder."""


@contextlib.contextmanager
def locked(folder: str, shared: bool) -> Iterator[None]:
    """Hold the lock of a folder that is there; with `shared`, as one of several that only read.

    It is the folder itself that is locked: no file is left behind, and the lock of a run that dies dies with it. Raises BusyError, and
    OSError when the folder cannot be opened.
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
            # Some network file systems know no locks; there a run goes on without.
        yield
    finally:
        os.close(handle)
