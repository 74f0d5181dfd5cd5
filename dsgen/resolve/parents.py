"""A profile and the profiles it extends, as layers."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from dsgen import source
from dsgen.problem import Problem, code
from dsgen.profile.compile import Rejected, long_form
from dsgen.resolve.file import File, Find, NotFoundError
from dsgen.tree import Map, Value, origin_of

UNKNOWN_PARENT = code(
    "unknown-parent",
    "`extends` refers to a profile that does not exist. A name means a preset; a path is relative to the file that contains it.",
)
EXTENDS_CYCLE = code("extends-cycle", "A profile extends itself, directly or through others.")


class Layers:
    """The `layers` of one profile, lowest first, in long form; empty if one of them is invalid. `files` are the files of the layers."""

    def __init__(self) -> None:
        self.layers: list[Map] = []
        self.problems: list[Problem] = []
        self.files: list[File] = []


class Parents:
    """Reads profiles with everything they extend; each file is read once."""

    def __init__(self, find: Find) -> None:
        self._find: Final = find
        self._known: dict[File, tuple[Map | None, list[Problem]]] = {}

    def finding(self, files: Iterable[File]) -> Parents:
        """Return parents that also find these files, which may not be written yet, by their paths."""
        known = {each.key: each for each in files}

        def find(reference: str, stated_in: File) -> File:
            path = os.path.abspath(os.path.join(os.path.dirname(stated_in.key), reference))
            return known[path] if path in known else self._find(reference, stated_in)

        return Parents(find)

    def layers(self, file: File) -> Layers:
        """Return the layers of the profile in `file`."""
        result = Layers()
        if not self._collect(file, result):
            result.layers = []
        return result

    def read(self, file: File) -> tuple[Map | None, list[Problem]]:
        """Return one layer in long form, or None, and its problems."""
        known = self._known.get(file)
        if known is None:
            known = self._known[file] = read_layer(file)
        return known

    def forget(self, file: File) -> None:
        """Drop what is stored for a file that is not needed again."""
        self._known.pop(file, None)

    def _collect(self, file: File, result: Layers) -> bool:
        """Add the layers of a file, and return whether all of them are valid. Not recursive, since chains may be long."""
        seen: set[str] = set()
        # The files from the profile to the current parent, each with its layer and the references still to follow.
        way: dict[str, tuple[File, Map, Iterator[Value]]] = {}
        usable = self._enter(file, way, result)
        while way:
            file, layer, references = next(reversed(way.values()))
            reference = next(references, None)
            if reference is None:
                del way[file.key]
                seen.add(file.key)
                result.layers.append(layer.without("extends"))
                result.files.append(file)
                continue
            parent = self._parent(reference, file, way, result)
            usable = parent is not None and (parent.key in seen or self._enter(parent, way, result)) and usable
        return usable

    def _enter(self, file: File, way: dict[str, tuple[File, Map, Iterator[Value]]], result: Layers) -> bool:
        layer, problems = self.read(file)
        result.problems += problems
        if layer is None:
            return False
        way[file.key] = file, layer, iter(layer.entries("extends"))
        return True

    def _parent(self, reference: Value, file: File, way: Collection[str], result: Layers) -> File | None:
        """Return the file that a profile extends, or None if it does not exist, or is already on the `way`."""
        try:
            parent = self._find(str(reference), file)
        except NotFoundError as error:
            kind = error.code or UNKNOWN_PARENT
            result.problems.append(kind.at(origin_of(reference), str(error), hint=error.hint, path="extends"))
            return None
        if parent.key not in way:
            return parent
        itself = parent.key == file.key
        found = "the profile extends itself" if itself else f"`{reference}` extends this profile again"
        hint = "remove it" if itself else "remove one of the two"
        result.problems.append(EXTENDS_CYCLE.at(origin_of(reference), found, hint=hint, path="extends"))
        return None


def read_layer(file: File) -> tuple[Map | None, list[Problem]]:
    """Read one file as a layer in long form; return None, and the problems, if it does not match the schema."""
    root, problems = source.read(file.text, file.name)
    if root is None or problems:
        return None, problems
    try:
        return long_form(root), []
    except Rejected as error:
        return None, list(error.problems)
