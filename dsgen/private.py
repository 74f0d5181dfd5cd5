"""A folder that only the user can read or write, for what must come from nobody else."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def private_folder(name: str) -> Path | None:
    """Return the folder `name` in the user's cache, or None where there can be no private one."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = Path(home) / "dsgen" / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    if not private or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
        return None
    return folder
