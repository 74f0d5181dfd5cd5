"""What no profile makes any more."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from dsgen.output import index
from dsgen.output.folder import Folder, look


def folders(path: str) -> list[str]:
    """Return the names of the folders at `path` that dsgen wrote, sorted: they have an index. Raises OSError."""
    try:
        with os.scandir(path) as entries:
            names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []
    return sorted(name for name in names if name[0] != "." and os.path.lexists(f"{path}/{name}/{index.NAME}"))


def stale(path: str, names: Iterable[str], failed: Mapping[str, str], force: bool = False) -> list[Folder]:
    """Return those of the folders `names` at `path` that may go, although no profile of the run makes them. Raises OSError.

    `failed` are the profiles that could not be made, by their paths in the project, and their names where these are known: what they
    made before stays. Where the folder of one of them is not found, any may be its folder.
    """
    found = {name: look(f"{path}/{name}", force=force) for name in names}
    recorded = {folder.profile for folder in found.values()}
    if any(not name and profile not in recorded for profile, name in failed.items()):
        return []
    named = set(failed.values())
    return [folder for name, folder in found.items() if folder.profile not in failed and name not in named]
