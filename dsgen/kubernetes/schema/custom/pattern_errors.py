"""What keeps a pattern from being matched."""

from __future__ import annotations


class UnsupportedPatternError(Exception):
    """A pattern that is not matched here: invalid, too large, or with a part whose meaning depends on the version of Unicode."""


class InvalidPatternError(UnsupportedPatternError):
    """A pattern that is not one of RE2's."""
