"""Texts of YAML as people write them: in any style, with comments and blank lines anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

KEYS = (
    "name", "nodes", "containers", "agent", "image", "env", "args", "mounts", "resources", "limits", "serviceAccount", "create", "all",
    "overrides", "kubernetes", "livenessProbe", "httpGet", "path", "odd key", "true", "1", '"*"', "'a: b'", "labels", "select", "tolerate", "x",
)  # fmt: skip
LEAVES = (
    "a", "1.10", "yes", "0644", "null", "~", "", '""', "'1'", '"true"', "a b", "a: b".replace(": ", ":"), "'it''s # no comment'", '"a\\nb\\t"', "http://x/y#z",
    "'*'", '"\\u00a0x"', "é", "-x", "10%", "{}", "[]", "'a, b'", "a#b", '"#"', "a long text that " + "goes on " * 16,
)  # fmt: skip
BLOCKS = ("|", "|-", "|+", ">", ">-", ">+", "|2", ">2-")
LINES = ("a", "b # no comment", "  deeper", "", "", "- c", "d: e", "x" * 130)


class Writer:
    """Writes one text, asking `draw` for each choice. Anchors are defined once, and used below."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw
        self.lines: list[str] = []
        self.anchors: list[tuple[str, bool]] = []
        self.number = 0

    def chance(self, of: int) -> bool:
        return bool(self.draw(st.integers(0, of - 1)) == of - 1)

    def one(self, of: tuple[str, ...]) -> str:
        return str(self.draw(st.sampled_from(of)))

    def words(self) -> str:
        self.number += 1
        return f"#{self.one((' ', '', ' - key: ', '  '))}comment {self.number}"

    def between(self, indent: int) -> None:
        """Write blank lines and comments before an entry."""
        while self.chance(4):
            self.lines.append("" if self.chance(2) else " " * (indent + self.draw(st.integers(0, 4))) + self.words())

    def behind(self) -> str:
        return f" {self.words()}" if self.chance(6) else ""

    def anchor(self, is_map: bool) -> str:
        if not self.chance(8):
            return ""
        name = f"a{len(self.anchors)}"
        self.anchors.append((name, is_map))
        return f" &{name}"

    def keys(self, at_root: bool) -> list[str]:
        chosen = self.draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True))
        return list(chosen)

    def block(self, indent: int, depth: int, is_map: bool) -> None:
        """Write the lines of a map or list."""
        maps = [name for name, is_one in self.anchors if is_one]
        keys = self.keys(indent == 0) if is_map else [""] * self.draw(st.integers(1, 3))
        for key in keys:
            self.between(indent)
            self.value(f"{' ' * indent}{key}:" if is_map else f"{' ' * indent}-", indent, depth)
        if is_map and maps and self.chance(3):
            self.lines.append(f"{' ' * indent}{self.one(('<<', '!!merge <<'))}: *{self.one(tuple(maps))}")
        self.between(indent)

    def value(self, start: str, indent: int, depth: int) -> None:
        kind = 9 - self.draw(st.integers(0, 9))  # the simplest is text on one line
        if kind < 3 and depth:
            is_map = self.chance(2)
            own = self.anchor(is_map)
            self.lines.append(f"{start}{own}{self.behind()}")
            at = len(self.lines)
            is_list_in_column = not is_map and start.endswith(":") and self.chance(2)
            self.block(indent + (0 if is_list_in_column else self.draw(st.integers(1, 4))), depth - 1, is_map)
            # What was defined inside comes after the map itself has its name.
            assert len(self.lines) > at
        elif kind == 3:
            self.lines.append(f"{start} {self.one(BLOCKS)}{self.behind()}")
            self.lines += (
                f"{' ' * (indent + 2)}{line}" if line else ""
                for line in ("first", *self.draw(st.lists(st.sampled_from(LINES), max_size=3)))
            )
        elif kind == 4 and self.anchors:
            self.lines.append(f"{start} *{self.one(tuple(name for name, _ in self.anchors))}{self.behind()}")
        elif kind == 5:
            quote = self.one(("", "'", '"'))
            self.lines += [
                f"{start} {quote}some",
                f"{' ' * (indent + 3)}more text",
                "",
                f"{' ' * (indent + 1)}and more{quote}{self.behind()}",
            ]
        elif kind < 8 and depth:
            self.lines.append(f"{start}{self.anchor(False)} {self.flow(depth, indent)}{self.behind()}")
        else:
            leaf = self.one(LEAVES)
            self.lines.append(f"{start}{self.anchor(False) if leaf else ''} {leaf}{self.behind()}".rstrip())

    def flow(self, depth: int, indent: int) -> str:
        """Return a map or list in brackets, on one line or several, with comments."""
        broken = self.chance(4)

        def gap() -> str:
            return f"{self.behind()}\n{' ' * (indent + 1)}" if broken and self.chance(2) else " "

        is_map = self.chance(2)
        inside = [self.inside(depth, indent) for _ in range(self.draw(st.integers(0, 4)))]
        if not is_map:
            return "[" + ",".join(gap() + (each or "''") for each in inside) + gap() + "]"
        keys = self.draw(st.lists(st.sampled_from(KEYS), min_size=len(inside), max_size=len(inside), unique=True))
        return "{" + ",".join(f"{gap()}{key}: {each}" for key, each in zip(keys, inside, strict=True)) + gap() + "}"

    def inside(self, depth: int, indent: int) -> str:
        return self.flow(depth - 1, indent) if depth > 1 and self.chance(3) else self.one(LEAVES)


@st.composite
def texts(draw: Callable[[st.SearchStrategy[Any]], Any]) -> str:
    """Return a text whose root is a map. It may be invalid: some comments and indentations do not fit."""
    writer = Writer(draw)
    if writer.chance(3):
        writer.lines += [writer.words(), *([""] if writer.chance(2) else []), *(["---"] if writer.chance(3) else [])]
    writer.block(0, 3, is_map=True)
    return "\n".join([*writer.lines, *([""] if draw(st.booleans()) else [])])
