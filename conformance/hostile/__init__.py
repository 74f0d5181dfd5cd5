"""Inputs that nobody means well with, and runs that are killed: no traceback, no hang, nothing lost and nothing stale."""

from __future__ import annotations


class Wrong(Exception):
    """Something that dsgen promises does not hold."""


def require(holds: bool, what: str) -> None:
    """Raise Wrong unless it holds."""
    if not holds:
        raise Wrong(what)
