"""Where a name is declared, and how it is renamed in all layers of the profiles that have it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from dsgen import source
from dsgen.lsp.symbols import Symbol, symbols
from dsgen.problem import is_shipped
from dsgen.project.project import Finder, Project, find_project, open_file
from dsgen.reading import is_below
from dsgen.record import Record
from dsgen.resolve.file import File, NotFoundError
from dsgen.resolve.parents import Parents
from dsgen.tree import List, Map, Text, as_map, origin_of

SPACES: Final = {"container": "container", "volume": "volume", "configMap": "config map", "port": "port"}


class NamePlace(Record):
    """A range of one line in a file: line and columns count from 1, the end is exclusive."""

    file: str
    line: int
    column: int
    end_column: int


class RenameError(Exception):
    """The name cannot be changed."""


def declared(path: Path, line: int, column: int) -> list[NamePlace]:
    """Return where what is at a position, counted from 1, is declared: the file that is extended, or the key of a name in each layer."""
    project, _ = find_project(path.parent)
    file = open_file(path, project.root)
    root = _root(file)
    stated = root.get("extends")
    for reference in stated if isinstance(stated, List) else (stated,):
        place = origin_of(reference)
        if isinstance(reference, Text) and place and place.line == line and place.column <= column <= place.end_column:
            found = _extended(reference, file, project)
            return [NamePlace(found.key, 1, 1, 1)] if found else []
    symbol = _symbol_at(root, line, column)
    if symbol is None:
        return []
    layers = [file, *(each for each in _layers(file, project) if each.key != file.key)]
    return [
        _place(each.key, other)
        for each in layers
        for other in _in_document(_root(each))
        if other.identity == symbol.identity and other.is_key
    ]


def renamed(path: Path, line: int, column: int, name: str) -> list[NamePlace]:
    """Return every place at which the name at a position, counted from 1, must be replaced by `name`: in all layers that share it.

    Raises RenameError if nothing there can be renamed, if the name is declared in a preset, or if `name` is already used.
    """
    project, _ = find_project(path.parent)
    file = open_file(path, project.root)
    symbol = _symbol_at(_root(file), line, column)
    if symbol is None:
        raise RenameError("only names of containers, volumes, config maps and ports can be renamed")
    what = SPACES[symbol.space]
    places: dict[NamePlace, None] = {}
    for each, own in _sharing(symbol, file, project):
        if any(other.identity == (symbol.space, name, symbol.owner) for other in own):
            raise RenameError(f"{each.name} already has a {what} `{name}`")
        found = [other for other in own if other.identity == symbol.identity]
        if found and (is_shipped(each.name) or not is_below(each.key, str(project.root))):
            raise RenameError(f"the {what} `{symbol.name}` is named in {each.name}, which is not part of the project")
        places |= dict.fromkeys(_place(each.key, other) for other in found)
    return list(places)


def _sharing(symbol: Symbol, file: File, project: Project) -> Iterator[tuple[File, list[Symbol]]]:
    """Yield each file whose names must change together with a symbol of `file`, and its names."""
    profiles = (
        [_layers(open_file(path, project.root), project) for path in project.profile_files()] if project.stated else []
    )
    profiles += [[file, *_layers(file, project)]]
    shared = {file.key: file}
    size = 0
    while size != len(shared):
        size = len(shared)
        for layers in profiles:
            if any(each.key in shared for each in layers):
                shared |= {each.key: each for each in layers if _has(each, symbol)}
    for each in shared.values():
        yield each, list(symbols(_root(each)))
    names = {
        str(_root(layers[-1]).get("name", "")) for layers in profiles if any(each.key in shared for each in layers)
    }
    for path in project.environment_files().values() if project.stated else ():
        each = open_file(path, project.root)
        if any(other.identity == symbol.identity for other in symbols(_root(each).get("all"))):
            raise RenameError(f"`all` in {each.name} has it for every profile: rename it by hand")
        overrides = _root(each).map("overrides")
        yield each, [found for name in names for found in symbols(overrides.get(name))]


def _has(file: File, symbol: Symbol) -> bool:
    return any(other.identity == symbol.identity for other in symbols(_root(file)))


# A rename looks at each layer of each profile several times.
@lru_cache(maxsize=256)
def _root(file: File) -> Map:
    return as_map(source.read(file.text, file.name)[0])


def _symbol_at(root: Map, line: int, column: int) -> Symbol | None:
    return next((each for each in _in_document(root) if each.contains(line, column)), None)


def _in_document(root: Map) -> Iterator[Symbol]:
    """Yield the names in a profile, or in the layers of an environment."""
    yield from symbols(root)
    yield from symbols(root.get("all"))
    for layer in root.map("overrides").values():
        yield from symbols(layer)


def _place(file: str, symbol: Symbol) -> NamePlace:
    return NamePlace(file, symbol.place.line, symbol.column, symbol.column + len(symbol.name))


def _extended(reference: Text, file: File, project: Project) -> File | None:
    try:
        return Finder(project)(str(reference), file)
    except NotFoundError:
        return None


def _layers(file: File, project: Project) -> list[File]:
    return Parents(Finder(project)).layers(file).files
