"""Files, written to a neighbour and renamed: a reader never sees half a manifest, whatever happens in between."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_file(path: Path, text: str) -> bool:
    """Write `text` to `path` as UTF-8, with its folder. Return whether anything changed.

    Raises OSError; what stood at `path` is then as it was.
    """
    data = text.encode("utf-8")
    with contextlib.suppress(FileNotFoundError):
        if path.read_bytes() == data:
            return False
    path.parent.mkdir(parents=True, exist_ok=True)
    neighbour = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    # A run that was killed may have left one, and in a container every run may have the same number.
    neighbour.unlink(missing_ok=True)
    try:
        with open(neighbour, "xb") as file:
            file.write(data)
        os.replace(neighbour, path)
    except BaseException:
        with contextlib.suppress(OSError):
            neighbour.unlink()
        raise
    return True
