"""The cache of compiled templates, in a folder that only the user can read. They are code, so they are signed."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

import jinja2

from dsgen.user_cache import private_folder, secret, signature
from dsgen.version import __version__


def bytecode_cache(project: Path) -> jinja2.BytecodeCache | None:
    """Return the cache of compiled templates, or None if the user has no private folder for it outside of the project."""
    folder = private_folder(f"templates-{_fingerprint()}", project)
    known = secret(project) if folder else None
    return _Cache(folder, known) if folder and known else None


class _Cache(jinja2.BytecodeCache):
    """One file per template, below its signature. If it is unsigned or damaged, the template is compiled again; write errors are ignored."""

    def __init__(self, folder: Path, known: bytes) -> None:
        self._folder = folder
        self._secret = known

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Fill the bucket from the cache, if possible."""
        try:
            proof, _, data = (self._folder / bucket.key).read_bytes().partition(b"\n")
        except OSError:
            return
        # Loading damaged bytecode can crash the process.
        if proof == signature(bucket.key, data, self._secret):
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Store the content of the bucket."""
        data = bucket.bytecode_to_string()
        beside = self._folder / f".{bucket.key}-{os.getpid()}"
        with contextlib.suppress(OSError):
            beside.write_bytes(signature(bucket.key, data, self._secret) + b"\n" + data)
            os.replace(beside, self._folder / bucket.key)


def _fingerprint() -> str:
    """Return what the compiled code depends on: the versions, and our own part of the compiler."""
    own = (
        Path(__file__).with_name(name).read_bytes()
        for name in (
            "budget.py",
            "compiler.py",
            "jinja_environment.py",
            "expressions.py",
            "filters.py",
            "placeholders.py",
        )
    )
    return hashlib.sha256(b"\0".join([__version__.encode(), jinja2.__version__.encode(), *own])).hexdigest()[:16]
