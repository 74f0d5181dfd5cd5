"""Compiled templates, kept across runs in a folder that only the user can read: they are code."""

from __future__ import annotations

import hashlib
from pathlib import Path

import jinja2

from dsgen.private import private_folder
from dsgen.version import __version__


def bytecode_cache() -> jinja2.BytecodeCache | None:
    """Return the cache of compiled templates, or None where the user has no private folder for it."""
    folder = private_folder(f"templates-{_fingerprint()}")
    return _Cache(str(folder), "%s") if folder else None


class _Cache(jinja2.FileSystemBytecodeCache):
    """Jinja2's own, except that a cache that cannot be read or written is no reason to fail."""

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:
            # A damaged file fails in any of pickle's and marshal's ways.
            bucket.reset()

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        try:
            super().dump_bytecode(bucket)
        except OSError:
            return


def _fingerprint() -> str:
    """Return what changes whenever templates compile to other code: the versions, and our own part of the compiler."""
    own = (Path(__file__).with_name(name).read_bytes() for name in ("environment.py", "expressions.py", "handles.py"))
    return hashlib.sha256(b"\0".join([__version__.encode(), jinja2.__version__.encode(), *own])).hexdigest()[:16]
