"""Files, written to a neighbour and renamed: a reader never sees half a manifest, whatever happens in between."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from pathlib import Path
from typing import Final

# The end of the name of what is written beside a file or a folder, to be renamed.
TEMP_SUFFIX: Final = ".dsgen-new"


def temp_name(name: str) -> str:
    """Return the name under which a file or folder is made before it is renamed."""
    return f"{'' if name.startswith('.') else '.'}{name}{TEMP_SUFFIX}"


def write_file(path: str, data: bytes) -> int:
    """Write one file, whole or not at all, and return the time it was given. Raises OSError."""
    folder, name = os.path.split(path)
    beside = f"{folder}/{temp_name(name)}"
    when = new_file(beside, data)
    try:
        os.replace(beside, path)
    except BaseException:
        # An interrupt may come when it is renamed already.
        with contextlib.suppress(FileNotFoundError):
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


def path_below(folder: Path, name: str) -> Path:
    """Return the path of a new file that is called `name`, of parts with `/` between them, in a folder and nowhere else.

    Raises OSError for a name that leads elsewhere, and where a link is in the way: what lies behind it may be somebody else's.
    """
    parts = name.split("/")
    if not all(part and part not in (os.curdir, os.pardir) and part.isprintable() for part in parts) or (
        os.sep != "/" and (os.sep in name or ":" in name)
    ):
        raise OSError(errno.EINVAL, "it is no name of a file", name)
    for end in range(1, len(parts)):
        between = folder.joinpath(*parts[:end])
        if between.is_symlink():
            raise OSError(errno.ELOOP, "it is a link, and dsgen makes no files behind one", str(between))
    return folder.joinpath(*parts)


def create_file(folder: Path, name: str, text: str) -> bool:
    """Write a new file of this name below a folder, as UTF-8, with all folders. Return False, and leave what is there, when something is.

    Raises OSError, also where `path_below` does; nothing stands there then.
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
