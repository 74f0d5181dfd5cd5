"""A profile and the profiles it extends, as layers."""

from __future__ import annotations

from typing import Final

from dsgen import source
from dsgen.problem import Problem, code
from dsgen.profile.accept import Refused, long_form
from dsgen.resolve.file import File, Find, NotFoundError
from dsgen.tree import List, Map, origin_of

MISSING_PARENT = code(
    "missing-parent",
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
        if not self._collect(file, (), result, {}):
            result.layers = []
        return result

    def read(self, file: File) -> tuple[Map | None, list[Problem]]:
        """Return one layer in long form, or None, and its problems."""
        known = self._known.get(file)
        if known is None:
            known = self._known[file] = read_layer(file)
        return known

    def _collect(self, file: File, above: tuple[str, ...], result: Layers, seen: dict[str, None]) -> bool:
        if file.key in seen:
            return True
        layer, problems = self.read(file)
        result.problems += problems
        if layer is None:
            return False
        parents = layer.get("extends")
        usable = True
        for reference in parents if isinstance(parents, List) else ():
            try:
                parent = self._find(str(reference), file)
            except NotFoundError as error:
                result.problems.append(
                    MISSING_PARENT.at(origin_of(reference), str(error), hint=error.hint, path="extends")
                )
                usable = False
                continue
            if parent.key == file.key or parent.key in above:
                itself = parent.key == file.key
                found = "the profile extends itself" if itself else f"`{reference}` extends this profile again"
                hint = "remove it" if itself else "take one of the two out"
                result.problems.append(EXTENDS_CYCLE.at(origin_of(reference), found, hint=hint, path="extends"))
                usable = False
                continue
            usable = self._collect(parent, (*above, file.key), result, seen) and usable
        seen[file.key] = None
        result.layers.append(
            Map(((key, value) for key, value in layer.items() if key != "extends"), layer.origin, layer.type)
        )
        result.files.append(file)
        return usable


def read_layer(file: File) -> tuple[Map | None, list[Problem]]:
    """Read one file into a layer in long form; None, with the problems, when it has not the shape of one."""
    root, problems = source.read(file.text, file.name)
    if root is None:
        return None, problems
    try:
        return (None if problems else long_form(root)), problems
    except Refused:
        from dsgen.profile import words

        return None, problems + words.problems(root)
