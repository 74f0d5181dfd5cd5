"""Compiled templates, kept across runs in a folder that only the user can read, and signed: they are code."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

import jinja2

from dsgen.user_cache import private_folder, secret, signature
from dsgen.version import __version__


def bytecode_cache(project: Path) -> jinja2.BytecodeCache | None:
    """Return the cache of compiled templates, or None where the user has no private folder for it that lies outside of the project."""
    folder = private_folder(f"templates-{_fingerprint()}", project)
    known = secret(project) if folder else None
    return _Cache(folder, known) if folder and known else None


class _Cache(jinja2.BytecodeCache):
    """One file a template, below its signature. What is not signed so, or damaged, is compiled anew; that it cannot be kept is no failure."""

    def __init__(self, folder: Path, known: bytes) -> None:
        self._folder = folder
        self._secret = known

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Fill the bucket with what was kept, if it was."""
        try:
            proof, _, data = (self._folder / bucket.key).read_bytes().partition(b"\n")
        except OSError:
            return
        # What is damaged can end the process when it is loaded.
        if proof == signature(bucket.key, data, self._secret):
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keep what is in the bucket."""
        data = bucket.bytecode_to_string()
        beside = self._folder / f".{bucket.key}-{os.getpid()}"
        with contextlib.suppress(OSError):
            beside.write_bytes(signature(bucket.key, data, self._secret) + b"\n" + data)
            os.replace(beside, self._folder / bucket.key)


def _fingerprint() -> str:
    """Return what changes whenever templates compile to other code: the versions, and our own part of the compiler."""
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
