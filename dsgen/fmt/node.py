"""A text of YAML as it was written: values with their anchors and aliases, and the comments of each entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal


@dataclass(eq=False)
class Remark:
    """A comment. `column` is None if it was on a line with something else than an entry."""

    words: str
    column: int | None
    after_blank: bool = False


@dataclass(eq=False)
class YamlNode:
    """A value. A map has `entries` with keys, a list some without; `text` is that of a scalar, or the name of an alias.

    `plain` is False for a scalar in quotes. `lines` are those of a scalar on several lines, without their indentation.
    """

    kind: Literal["scalar", "null", "alias", "map", "list"]
    text: str = ""
    plain: bool = True
    lines: list[str] = field(default_factory=list)
    anchor: str = ""
    entries: list[YamlEntry] = field(default_factory=list)
    # Comments after the last entry.
    tail: list[Remark] = field(default_factory=list)
    # The type of a map, as in `dsgen.tree`: it decides what goes on one line.
    type: str = ""

    @property
    def is_block(self) -> bool:
        """Return whether this is text that was written as a block, with `|` or `>`."""
        return bool(self.lines) and self.lines[0][0] in "|>"

    def nodes(self) -> Iterator[YamlNode]:
        """Yield this value and all values below it, in their order."""
        yield self
        for entry in self.entries:
            yield from entry.value.nodes()

    def has_remarks(self) -> bool:
        """Return whether a comment is inside this value."""
        return any(
            node.tail or any(entry.above or entry.behind for entry in node.entries)
            for node in self.nodes()
            if node.kind in ("map", "list")
        )


@dataclass(eq=False)
class YamlEntry:
    """An entry of a map (with a `key`) or of a list, with the comments above it, and those behind its line."""

    key: str
    value: YamlNode
    # Whether the key is a merge: `<<` without quotes.
    is_merge: bool = False
    above: list[Remark] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    after_blank: bool = False


@dataclass(eq=False)
class YamlDocument:
    """A text: the comments at its head, and its root. `marked` says how many of them come before a line `---`, or -1 without one."""

    root: YamlNode
    head: list[Remark]
    marked: int = -1
    blank_after_head: bool = False
