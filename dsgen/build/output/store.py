"""The files of `.dsgen-cache/`: JSON below a signature that proves that this user's dsgen wrote it.

Otherwise a cache that comes with somebody else's project could claim that any output is up to date.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any, Final

from dsgen.build.output.files import write_file
from dsgen.reading import LISTS, read_own
from dsgen.user_cache import secret, signature

FOLDER: Final = ".dsgen-cache"
_UNFINISHED: Final = "unfinished"


class Store:
    """The cache in the folder at `path`; errors of reading and writing are ignored."""

    def __init__(self, path: str, secret: bytes) -> None:
        self._path = path
        self._secret = secret

    def read(self, name: str) -> Any:
        """Return the value stored under a name, or None."""
        try:
            proof, _, data = read_own(f"{self._path}/{name}.json", LISTS).partition(b"\n")
            if proof != signature(name, data, self._secret):
                return None
            return json.loads(data)
        except (OSError, ValueError, RecursionError):
            return None

    def write(self, name: str, value: Any) -> None:
        """Store a JSON value under a name."""
        data = json.dumps(value, separators=(",", ":")).encode()
        with contextlib.suppress(OSError):
            self._make()
            write_file(f"{self._path}/{name}.json", signature(name, data, self._secret) + b"\n" + data)

    def begin(self) -> None:
        """Record that a run begins to write."""
        with contextlib.suppress(OSError):
            self._make()
            with open(f"{self._path}/{_UNFINISHED}", "xb"):
                pass

    def is_unfinished(self) -> bool:
        """Return whether a run that began to write did not finish."""
        return os.path.lexists(f"{self._path}/{_UNFINISHED}")

    def end(self) -> None:
        """Record that the run is complete."""
        with contextlib.suppress(OSError):
            os.unlink(f"{self._path}/{_UNFINISHED}")

    def _make(self) -> None:
        if not os.path.isdir(self._path):
            os.mkdir(self._path)
            write_file(f"{self._path}/.gitignore", b"*\n")


def open_store(project: Path) -> Store | None:
    """Return the cache of the project in this folder, or None if the user has no private folder for the secret, or a symlink is in the way."""
    path = f"{project}/{FOLDER}"
    known = None if os.path.islink(path) else secret(project)
    return Store(path, known) if known else None
