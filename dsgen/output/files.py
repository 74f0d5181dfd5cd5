"""Files, written to a neighbour and renamed: a reader never sees half a manifest, whatever happens in between."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from pathlib import Path
from typing import Final

# The end of the name of what is written beside a file or a folder, to be renamed.
NEIGHBOUR: Final = ".dsgen-new"


def neighbour(name: str) -> str:
    """Return the name under which a file or folder is made before it is renamed."""
    return f"{'' if name.startswith('.') else '.'}{name}{NEIGHBOUR}"


def write_file(path: str, data: bytes) -> int:
    """Write one file, whole or not at all, and return the time it was given. Raises OSError."""
    folder, name = os.path.split(path)
    beside = f"{folder}/{neighbour(name)}"
    when = new_file(beside, data)
    try:
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise
    return when


def new_file(path: str, data: bytes) -> int:
    """Write a file that nobody reads yet, and return the time it was given. Raises OSError; then nothing stands there."""
    try:
        file = open(path, "xb")  # noqa: SIM115
    except FileExistsError:
        # What a killed run left; if it is a link, it is not followed.
        os.unlink(path)
        file = open(path, "xb")  # noqa: SIM115
    try:
        with file:
            file.write(data)
            file.flush()
            # To the nanosecond: whoever changes it within the same tick of the file system's clock gives it another time.
            when = time.time_ns()
            os.utime(file.fileno(), ns=(when, when))
    except BaseException:
        os.unlink(path)
        raise
    return when


def remove(path: str) -> None:
    """Remove what a killed run left: a file, or a folder that was not renamed yet. Raises OSError."""
    import shutil

    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        os.unlink(path)


def create_file(path: Path, text: str) -> bool:
    """Write a new file, as UTF-8, with its folder. Return False, and leave what is there, when something is.

    Raises OSError; nothing stands at `path` then.
    """
    try:
        os.makedirs(path.parent, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        in_the_way = next(folder for folder in path.parents if os.path.lexists(folder))
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(in_the_way)) from None
    try:
        file = open(path, "xb")  # noqa: SIM115
    except FileExistsError:
        return False
    try:
        with file:
            file.write(text.encode("utf-8"))
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise
    return True
