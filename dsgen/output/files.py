"""Files, written to a neighbour and renamed: a reader never sees half a manifest, whatever happens in between."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path


def write_file(path: Path, text: str) -> bool:
    """Write `text` to `path` as UTF-8, with its folder. Return whether anything changed.

    Raises OSError; what stood at `path` is then as it was.
    """
    data = text.encode("utf-8")
    with contextlib.suppress(FileNotFoundError), open(path, "rb") as file:
        if file.read() == data:
            return False
    folder, name = os.path.split(path)
    neighbour = os.path.join(folder, f".{name}.{os.getpid()}.tmp")
    if os.path.isdir(folder):
        # A run that was killed may have left one, and in a container every run may have the same number.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(neighbour)
    else:
        os.makedirs(folder, exist_ok=True)
    try:
        with open(neighbour, "xb") as file:
            file.write(data)
        os.replace(neighbour, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(neighbour)
        raise
    return True


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
