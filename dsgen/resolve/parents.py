"""A profile and the profiles it extends, as layers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from dsgen import source
from dsgen.problem import Problem, code
from dsgen.profile.compile import Rejected, long_form
from dsgen.resolve.file import File, Find, NotFoundError
from dsgen.tree import List, Map, Value, origin_of

UNKNOWN_PARENT = code(
    "unknown-parent",
    "`extends` names a profile that is not there. A name is a shipped preset; a path is relative to the file that states it.",
)
EXTENDS_CYCLE = code("extends-cycle", "A profile extends itself, directly or by way of others.")


class Layers:
    """The `layers` of one profile, the lowest first, in long form; empty when one of them cannot be used. `files` are those that state them."""

    def __init__(self) -> None:
        self.layers: list[Map] = []
        self.problems: list[Problem] = []
        self.files: list[File] = []


class Parents:
    """Reads profiles with everything they extend; a file is read once, however many profiles extend it."""

    def __init__(self, find: Find) -> None:
        self._find: Final = find
        self._known: dict[File, tuple[Map | None, list[Problem]]] = {}

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
        """Keep nothing of a file that is not asked for again."""
        self._known.pop(file, None)

    def _collect(self, file: File, result: Layers) -> bool:
        """Enter the layers of a file, and tell whether all of them can be used. Chains may be long: this is no recursion."""
        seen: set[str] = set()
        # From the file to the parent that is looked at: each with its layer, and the references that are still to follow.
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
        parents = layer.get("extends")
        way[file.key] = file, layer, iter(parents if isinstance(parents, List) else ())
        return True

    def _parent(self, reference: Value, file: File, way: Collection[str], result: Layers) -> File | None:
        """Return the file that a profile extends, or None, if it is not there or is on the `way` to that profile."""
        try:
            parent = self._find(str(reference), file)
        except NotFoundError as error:
            result.problems.append(UNKNOWN_PARENT.at(origin_of(reference), str(error), hint=error.hint, path="extends"))
            return None
        if parent.key not in way:
            return parent
        itself = parent.key == file.key
        found = "the profile extends itself" if itself else f"`{reference}` extends this profile again"
        hint = "remove it" if itself else "take one of the two out"
        result.problems.append(EXTENDS_CYCLE.at(origin_of(reference), found, hint=hint, path="extends"))
        return None


def read_layer(file: File) -> tuple[Map | None, list[Problem]]:
    """Read one file into a layer in long form; None, with the problems, when it has not the shape of one."""
    root, problems = source.read(file.text, file.name)
    if root is None:
        return None, problems
    try:
        return (None if problems else long_form(root)), problems
    except Rejected:
        from dsgen.profile import shape_errors

        return None, problems + shape_errors.problems(root)
