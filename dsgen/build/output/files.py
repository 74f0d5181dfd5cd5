"""Atomic writes: a file is written under a temporary name and renamed, so that a reader never sees half a manifest."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from pathlib import Path
from typing import Final

# The suffix of temporary files and folders, which are renamed when complete.
TEMP_SUFFIX: Final = ".dsgen-new"


def temp_name(name: str) -> str:
    """Return the temporary name of a file or folder."""
    return f"{'' if name.startswith('.') else '.'}{name}{TEMP_SUFFIX}"


def is_temp(name: str) -> bool:
    """Return whether a file or folder has a temporary name: if no run is under way, a killed one left it."""
    return name.startswith(".") and name.endswith(TEMP_SUFFIX)


def write_file(path: str, data: bytes) -> int:
    """Write a file atomically, and return the time it was given. Raises OSError."""
    folder, name = os.path.split(path)
    beside = f"{folder}/{temp_name(name)}"
    when = new_file(beside, data)
    try:
        os.replace(beside, path)
    except BaseException:
        # An interrupt may come after the rename.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside)
        raise
    return when


def new_file(path: str, data: bytes) -> int:
    """Write a file that nobody reads yet, and return the time it was given. Raises OSError; then there is no file."""
    try:
        file = open(path, "xb")  # noqa: SIM115
    except FileExistsError:
        # A killed run left it; if it is a symlink, it is not followed.
        os.unlink(path)
        file = open(path, "xb")  # noqa: SIM115
    try:
        with file:
            file.write(data)
            file.flush()
            # To the nanosecond: a change within the same tick of the file system's clock gives the file another time.
            when = time.time_ns()
            os.utime(file.fileno(), ns=(when, when))
    except BaseException:
        os.unlink(path)
        raise
    return when


def remove(path: str) -> None:
    """Remove what a killed run left: a temporary file or folder. Raises OSError."""
    import shutil

    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        os.unlink(path)


def path_below(folder: Path, name: str) -> Path:
    """Return the path of the new file `name`, a relative path with `/`, which must be inside a folder.

    Raises OSError for a name that leads elsewhere, and if a folder on the way is a symlink: its target may belong to somebody else.
    """
    parts = name.split("/")
    if not all(part and part not in (os.curdir, os.pardir) and part.isprintable() for part in parts) or (
        os.sep != "/" and (os.sep in name or ":" in name)
    ):
        raise OSError(errno.EINVAL, "not a valid file name", name)
    for end in range(1, len(parts)):
        between = folder.joinpath(*parts[:end])
        if between.is_symlink():
            raise OSError(errno.ELOOP, "it is a symlink, and dsgen creates no files behind one", str(between))
    return folder.joinpath(*parts)


def create_file(folder: Path, name: str, text: str) -> bool:
    """Write the new file `name` below a folder, as UTF-8, and create its folders. Return False if something exists there already.

    Raises OSError, also in the cases of `path_below`; then there is no file.
    """
    path = path_below(folder, name)
    try:
        os.makedirs(path.parent, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        in_the_way = next(each for each in path.parents if os.path.lexists(each))
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
