"""The files of `.dsgen-cache/`: each is JSON, below a line that proves that this user's dsgen wrote it.

Somebody else's cache, which may come with a project, would say of any output that it is as it should be.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from typing import Any, Final

from dsgen.output.files import write_file
from dsgen.private import private_folder

_UNFINISHED: Final = "unfinished"
_SECRET: Final = 32


class Store:
    """The cache in the folder at `path`; whatever cannot be read or written there is no reason to fail."""

    def __init__(self, path: str, secret: bytes) -> None:
        self._path = path
        self._secret = secret

    def read(self, name: str) -> Any:
        """Return what was kept under a name, or None."""
        try:
            with open(f"{self._path}/{name}.json", "rb") as file:
                proof, _, data = file.read().partition(b"\n")
            if proof != self._proof(name, data):
                return None
            return json.loads(data)
        except (OSError, ValueError, RecursionError):
            return None

    def write(self, name: str, value: Any) -> None:
        """Keep a value, which JSON can hold, under a name."""
        data = json.dumps(value, separators=(",", ":")).encode()
        with contextlib.suppress(OSError):
            self._make()
            write_file(f"{self._path}/{name}.json", self._proof(name, data) + b"\n" + data)

    def begin(self) -> None:
        """Note that a run begins to write."""
        with contextlib.suppress(OSError):
            self._make()
            with open(f"{self._path}/{_UNFINISHED}", "xb"):
                pass

    def is_unfinished(self) -> bool:
        """Tell whether a run that began to write did not come to its end."""
        return os.path.lexists(f"{self._path}/{_UNFINISHED}")

    def end(self) -> None:
        """Note that the run came to its end."""
        with contextlib.suppress(OSError):
            os.unlink(f"{self._path}/{_UNFINISHED}")

    def _proof(self, name: str, data: bytes) -> bytes:
        return hashlib.blake2b(name.encode() + b"\0" + data, key=self._secret).hexdigest().encode()

    def _make(self) -> None:
        if not os.path.isdir(self._path):
            os.mkdir(self._path)
            write_file(f"{self._path}/.gitignore", b"*\n")


def open_store(path: str) -> Store | None:
    """Return the cache at `path`, or None where the user has no private folder for the secret, or a link is in the way."""
    folder = private_folder("cache")
    if folder is None or os.path.islink(path):
        return None
    secret = folder / "secret"
    try:
        if not secret.exists():
            write_file(str(secret), os.urandom(_SECRET))
        known = secret.read_bytes()
        return Store(path, known) if len(known) == _SECRET else None
    except OSError:
        return None
