"""What the checks of pods share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dsgen.problem import Code
from dsgen.tree import List, Map, Path

Found = Iterator[tuple[Code, Path, str, str]]
Containers = list[tuple[Path, Map]]


def maps(entries: Any) -> Iterator[tuple[int, Map]]:
    """Yield the maps of a list, with their indexes; nothing if it is not a list."""
    for index, entry in enumerate(entries) if isinstance(entries, List) else ():
        if isinstance(entry, Map):
            yield index, entry
