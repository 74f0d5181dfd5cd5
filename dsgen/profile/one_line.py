"""Which values go on one line, in brackets and braces: those that are readable at a glance.

Such a line has at most `WIDTH` columns, and at most `DEPTH` levels of brackets. An entry of a table, such as a mount, may be wider. A
list, whose entries have no names, is at most `LIST_WIDTH` wide from bracket to bracket.
"""

from __future__ import annotations

from typing import Final

from dsgen.traversal import values_in
from dsgen.tree import List, Map, Value
from dsgen.yaml_writer import flow

WIDTH: Final = 100
ENTRY_WIDTH: Final = 120
LIST_WIDTH: Final = 80
DEPTH: Final = 3
# Maps that have each entry on its own line.
_BY_LINE: Final = frozenset({"profile", "Container"})
# Maps that were entries of a list: a comment on any of their lines belongs to the entry.
_ENTRIES: Final = frozenset({"EnvFromSource", "EnvVar", "Mount", "Volume"})
# Tables of which an entry that is alone, and plain, goes on the line of their key.
_TABLES: Final = frozenset({"<name:EnvVar>", "<mountPath:Mount>", "<name:Volume>"})


def is_entry(value: Value) -> bool:
    """Return whether a value was an entry of a list and is now one of a table."""
    return isinstance(value, Map) and value.type in _ENTRIES


def on_one_line(value: Map | List, start: str, written: str = "") -> str | None:
    """Return the line with a map or list after `start`, or None if that would be hard to read.

    `written` is the value as it goes there, by default without anchors and aliases.
    """
    if not (_is_short(value) and _is_shallow(value, DEPTH)):
        return None
    written = written or flow(value)
    if isinstance(value, List) and len(written) > LIST_WIDTH:
        return None
    line = f"{start} {written}"
    return line if len(line) <= (ENTRY_WIDTH if is_entry(value) else WIDTH) else None


def _is_shallow(value: Value, depth: int) -> bool:
    """Return whether brackets are nested at most `depth` levels deep."""
    children = values_in(value)
    return not children or (depth > 0 and all(_is_shallow(child, depth - 1) for child in children))


def _is_short(value: Map | List) -> bool:
    """Return whether a map or list is readable on one line, if it fits."""
    if isinstance(value, List):
        nested = [child for child in value if isinstance(child, (Map, List)) and child]
        return len(nested) <= (len(value) == 1) and all(map(_may_be_inline, value))
    maps = [child for _, child in value.children() if child]
    if value.type in _BY_LINE or value.type[:1] == "<":
        if value.type in _TABLES:
            return len(value) == 1 and "<<" not in value and all(map(_is_plain, value.values()))
        short = {"Container": 1, "<name:ContainerPort>": 3}.get(value.type, 0)
        return len(value) <= short and not (maps and len(value) > 1) and all(map(_may_be_inline, value.values()))
    return len(maps) < 2 and len(value) <= 6 and all(map(_may_be_inline, value.values()))


def _is_plain(value: Value) -> bool:
    """Return whether a value is one word, or at most two behind their keys, as in `{fieldRef: spec.nodeName}`."""
    inner = [*values_in(value)] or [value]
    return len(inner) <= 2 and all(
        not each if isinstance(each, (Map, List)) else _may_be_inline(each) for each in inner
    )


def _may_be_inline(value: Value) -> bool:
    if isinstance(value, (Map, List)):
        return not value or _is_short(value)
    return not (isinstance(value, str) and "\n" in value)
