"""The names of files in output: the same on every machine, if the file is in the user's project or repository."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Final

FILE: Final = "dsgen.yaml"


def shown(absolute: str, path: Path) -> str:
    """Return the name of the file `absolute`, which the user called `path`, relative to the current folder if both are in one project."""
    here = os.getcwd()
    if absolute == here:
        return "."
    if absolute.startswith(here + os.sep):
        return absolute[len(here) + 1 :]
    return os.path.relpath(absolute, here) if absolute.startswith(around(here)) else str(path)


@lru_cache(maxsize=8)
def around(here: str) -> str:
    """Return the path of the outermost project or repository that a folder is in, up to the separator, or else of the folder itself."""
    parents = [here, *map(str, Path(here).parents)]
    own = [each for each in parents if any(os.path.lexists(os.path.join(each, name)) for name in (FILE, ".git"))]
    return os.path.join(own[-1] if own else here, "")
