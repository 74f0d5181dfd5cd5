"""A folder that only the user can read or write, and a key to sign files that must not come from anybody else."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from pathlib import Path
from typing import Final

_SECRET: Final = 32


def private_folder(name: str, project: Path) -> Path | None:
    """Return the folder `name` in the user's cache, or None if it cannot be private.

    A folder below `project` is not private: it and its content may have come with the project.
    """
    home = _cache()
    if home is None or home.is_relative_to(os.path.realpath(project)):
        return None
    above = home / "dsgen"
    folder = above / name
    try:
        for each in (*reversed(above.parents), above):
            _make(each)
        # Nobody but the user may replace this folder by another one.
        if not all(_is_safe(os.stat(each)) for each in above.parents) or not _is_own(os.lstat(above)):
            return None
        if os.lstat(above).st_mode & 0o022:
            os.chmod(above, 0o700)
        _make(folder)
        found = folder.lstat()
    except OSError:
        return None
    return folder if _is_own(found) and not found.st_mode & 0o077 else None


def _cache() -> Path | None:
    """Return the user's cache folder; a relative path is ignored."""
    stated = os.environ.get("XDG_CACHE_HOME", "")
    home = stated if os.path.isabs(stated) else os.path.join(os.path.expanduser("~"), ".cache")
    return Path(os.path.realpath(home)) if os.path.isabs(home) else None


def _make(folder: Path) -> None:
    if not folder.exists():
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)


def _is_own(found: os.stat_result) -> bool:
    return stat.S_ISDIR(found.st_mode) and (not hasattr(os, "getuid") or found.st_uid == os.getuid())


def _is_safe(above: os.stat_result) -> bool:
    """Return whether only the user and root may rename files in a folder."""
    if not hasattr(os, "getuid"):
        return True
    shared = above.st_mode & stat.S_IWOTH and not above.st_mode & stat.S_ISVTX
    return above.st_uid in (0, os.getuid()) and not shared


def signature(name: str, data: bytes, secret: bytes) -> bytes:
    """Return the signature of the `data` stored under a name; it depends on the user's secret."""
    return hashlib.blake2b(name.encode() + b"\0" + data, key=secret).hexdigest().encode()


def secret(project: Path) -> bytes | None:
    """Return the user's secret, creating it if necessary, or None if it cannot be stored. `project` is as for `private_folder`."""
    folder = private_folder("cache", project)
    if folder is None:
        return None
    path = folder / "secret"
    try:
        with contextlib.suppress(FileExistsError), open(path, "xb") as file:
            file.write(os.urandom(_SECRET))
        known = path.read_bytes()
        if len(known) != _SECRET:
            path.unlink()  # another run is writing it, or was killed while doing so
    except OSError:
        return None
    return known if len(known) == _SECRET else None
