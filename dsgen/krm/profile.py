"""A `DaemonSetProfile` in a file: the profile in it, with the position of every value."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dsgen import yaml_writer
from dsgen.krm import KIND
from dsgen.origin import Origin
from dsgen.problem import Problem, code
from dsgen.resolve.file import File
from dsgen.syntax import LINE_BREAK
from dsgen.tree import Map, origin_of

if TYPE_CHECKING:
    from dsgen.generate.result import GenerateResult

NO_SPEC = code(
    "missing-profile-spec",
    "A `DaemonSetProfile` must have the profile under `spec`, and under `metadata.name` the profile's default name.",
)


def lacking(root: Map) -> str:
    """Return what the object lacks, or an empty string."""
    if not isinstance(root.map("metadata").get("name"), str):
        return "`metadata.name`"
    return "" if root.child("spec") is not None else "map under `spec`"


def no_spec(root: Map, origin: Origin | None) -> Problem:
    """Return the problem, at `origin`, of an object that lacks something."""
    hint = "write the profile under `spec`, and its name under `metadata.name`"
    return NO_SPEC.at(origin, f"the {KIND} has no {lacking(root)}", hint=hint)


def made_of(
    root: Map, file: File, make: Callable[[File], GenerateResult]
) -> tuple[GenerateResult | None, list[Problem]]:
    """Return the result for the object `root` in `file`, and its problems."""
    if lacking(root):
        return None, [no_spec(root, origin_of(root.get("kind")))]
    made = make(File(file.name, _text(root, file.text).encode(), file.key))
    own = [each._replace(path=f"spec.{each.path}") if each.path else each for each in made.problems]
    return made, own


def _text(root: Map, text: bytes) -> str:
    """Return the text of the profile, with blanks instead of everything before it, and with its name added if it sets none."""
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
            # The name fits before the brace, or into the line above.
            blank[-1:] = [f"{{{name}{', ' * bool(spec)}"] if blank else []
            rest[0] = (" " if blank else f"{{{name}{', ' * bool(spec)}") + rest[0][1:]
    else:
        rest = [first, *_block(lines[origin.line :], origin.column - 1)]
        blank[-1:] = [indent + name] if name else blank[-1:]
    return "\n".join([*blank, indent + rest[0], *rest[1:]]) + "\n"


def _block(lines: list[str], indent: int) -> list[str]:
    """Return the lines that belong to a map with this indentation."""
    for index, line in enumerate(lines):
        written = line.lstrip(" ")
        if written.strip() and not written.startswith("#") and len(line) - len(written) < indent:
            return lines[:index]
    return lines
