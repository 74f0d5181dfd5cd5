"""A `DaemonSetProfile` in a file: the profile that it holds, with every value at its place in the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from dsgen import yaml_writer
from dsgen.problem import Problem, code
from dsgen.resolve.file import File
from dsgen.syntax import LINE_BREAK
from dsgen.tree import Map, as_map, origin_of

if TYPE_CHECKING:
    from dsgen.generate.generator import GenerateResult

KIND: Final = "DaemonSetProfile"
NO_SPEC = code(
    "missing-profile-spec",
    "A `DaemonSetProfile` states the profile under `spec`, and under `metadata.name` the name that the profile has if it states none.",
)


def is_profile(root: object) -> bool:
    """Tell whether an object is a profile in the shape of an object."""
    return as_map(root).get("kind") == KIND


def lacking(root: Map) -> str:
    """Return what the object needs, and has not; an empty text if it has all."""
    if not isinstance(root.map("metadata").get("name"), str):
        return "`metadata.name`"
    return "" if isinstance(root.get("spec"), Map) else "a map under `spec`"


def made_of(
    root: Map, file: File, make: Callable[[File], GenerateResult]
) -> tuple[GenerateResult | None, list[Problem]]:
    """Return what is made of the object `root`, which stands in `file`, and what is wrong with it."""
    if lacking(root):
        found = f"a {KIND} without {lacking(root)}"
        return None, [NO_SPEC.at(origin_of(root.get("kind")), found, hint="write the profile under `spec`")]
    made = make(File(file.name, _text(root, file.text).encode(), file.key))
    own = [each._replace(path=f"spec.{each.path}") if each.path else each for each in made.problems]
    return made, own


def _text(root: Map, text: bytes) -> str:
    """Return the text of the profile, with nothing but blanks where something else stands before it, and its name if it states none."""
    spec, metadata = root.map("spec"), root.map("metadata")
    origin = spec.origin
    assert origin is not None
    lines = LINE_BREAK.split(text.decode("utf-8-sig", "replace"))
    indent, first = " " * (origin.column - 1), lines[origin.line - 1][origin.column - 1 :]
    blank = [""] * (origin.line - 1)
    name = "" if "name" in spec else f"name: {yaml_writer.quoted(str(metadata['name']))}"
    if first.startswith("{"):
        rest = [first, *lines[origin.line : origin.end_line]]
        end = len(lines[origin.end_line - 1]) - (origin.end_column - 1)
        rest[-1] = rest[-1][: len(rest[-1]) - end]
        if name:
            # Before the brace there is room in the line above, if there is one.
            blank[-1:] = [f"{{{name}{', ' * bool(spec)}"] if blank else []
            rest[0] = (" " if blank else f"{{{name}{', ' * bool(spec)}") + rest[0][1:]
    else:
        rest = [first, *_block(lines[origin.line :], origin.column - 1)]
        blank[-1:] = [indent + name] if name else blank[-1:]
    return "\n".join([*blank, indent + rest[0], *rest[1:]]) + "\n"


def _block(lines: list[str], indent: int) -> list[str]:
    """Return the lines that belong to a map which is indented so far."""
    for index, line in enumerate(lines):
        written = line.lstrip(" ")
        if written.strip() and not written.startswith("#") and len(line) - len(written) < indent:
            return lines[:index]
    return lines
