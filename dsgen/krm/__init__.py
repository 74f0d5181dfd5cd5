"""dsgen as a KRM function: it reads a `ResourceList`, and writes one with the generated objects."""

from __future__ import annotations

from typing import Final

from dsgen.tree import as_map

KIND: Final = "DaemonSetProfile"


def is_profile(root: object) -> bool:
    """Return whether an object is a `DaemonSetProfile`."""
    return as_map(root).get("kind") == KIND
