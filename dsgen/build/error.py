"""Why a build cannot go on, in a module that costs a command nothing to load."""

from __future__ import annotations


class BuildError(Exception):
    """A build cannot go on: what was asked for is not there, or a file cannot be read or written. The message says what to do."""
