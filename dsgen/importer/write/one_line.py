"""What stands on one line, in brackets and braces.

That is what the eye takes in at once: a line of at most `WIDTH` columns, in which no more than `DEPTH` brackets are open at one place.
An entry of a table, such as a mount, may be wider; a list, whose entries have no names to find them by, is at most `LIST_WIDTH` wide
from bracket to bracket.
"""

from __future__ import annotations

from typing import Final

from dsgen.tree import List, Map, Value
from dsgen.yaml_writer import flow

WIDTH: Final = 100
ENTRY_WIDTH: Final = 120
LIST_WIDTH: Final = 80
DEPTH: Final = 3
# Maps whose entries stand each on a line of its own.
_BY_LINE: Final = frozenset({"profile", "Container"})
# What was an entry of a list: a comment at any of its lines is one on the entry.
_ENTRIES: Final = frozenset({"EnvFromSource", "EnvVar", "Mount", "Volume"})


def is_entry(value: Value) -> bool:
    """Tell whether a value was an entry of a list and is one of a table."""
    return isinstance(value, Map) and value.type in _ENTRIES


def on_one_line(value: Map | List, start: str) -> str | None:
    """Return the line with a map or list behind `start`, or None where that does not read well."""
    if not (_is_short(value) and _is_shallow(value, DEPTH)):
        return None
    written = flow(value)
    if isinstance(value, List) and len(written) > LIST_WIDTH:
        return None
    line = f"{start} {written}"
    return line if len(line) <= (ENTRY_WIDTH if is_entry(value) else WIDTH) else None


def _is_shallow(value: Value, depth: int) -> bool:
    """Tell whether no more than `depth` brackets are open at one place."""
    children = value.values() if isinstance(value, Map) else value if isinstance(value, List) else ()
    return not children or (depth > 0 and all(_is_shallow(child, depth - 1) for child in children))


def _is_short(value: Map | List) -> bool:
    """Tell whether what a map or list holds reads well on one line, if it fits."""
    if isinstance(value, List):
        nested = [child for child in value if isinstance(child, (Map, List)) and child]
        return len(nested) <= (len(value) == 1) and all(map(_may_stand_in_line, value))
    maps = [child for child in value.values() if isinstance(child, Map) and child]
    if value.type in _BY_LINE or value.type[:1] == "<":
        short = {"Container": 1, "<name:ContainerPort>": 3}.get(value.type, 0)
        return len(value) <= short and not (maps and len(value) > 1) and all(map(_may_stand_in_line, value.values()))
    return len(maps) < 2 and len(value) <= 6 and all(map(_may_stand_in_line, value.values()))


def _may_stand_in_line(value: Value) -> bool:
    if isinstance(value, (Map, List)):
        return not value or _is_short(value)
    return not (isinstance(value, str) and "\n" in value)
