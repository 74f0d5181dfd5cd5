"""The error that ends a build, in a module of its own that loads fast."""

from __future__ import annotations


class BuildError(Exception):
    """Something that was asked for does not exist, or a file cannot be read or written. The message says what to do."""
