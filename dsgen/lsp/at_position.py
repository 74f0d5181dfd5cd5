"""What is at a position of an open document: what to say of it, and what can be written there."""

from __future__ import annotations

import re
from typing import Any

from lsprotocol import types
from pygls.workspace import TextDocument

from dsgen import source
from dsgen.lsp import words
from dsgen.lsp.analysis import FileKind, kind_of
from dsgen.lsp.cursor import Cursor, cursor
from dsgen.lsp.protocol import path_of
from dsgen.lsp.symbols import symbols
from dsgen.project.project import Project, find_project
from dsgen.record import Record
from dsgen.tree import Map


class Context(Record):
    """A position in a document: the kind of the document, its project, and what is at the cursor."""

    document: Any
    kind: FileKind
    project: Project
    line: int
    at: Cursor


def kind_in(document: TextDocument) -> tuple[FileKind, Project]:
    """Return what a document is, and its project."""
    path = path_of(document.uri)
    try:
        project, _ = find_project(path.parent)
    except OSError:
        return FileKind.MANIFEST, Project(path.parent)
    return kind_of(path, document.source, project), project


def context(document: TextDocument, position: types.Position) -> Context | None:
    """Return what is at a position of a client, or None if that is nothing to answer for."""
    at = _cursor(document, position)
    return Context(document, *kind_in(document), position.line, at) if at else None


def _cursor(document: TextDocument, position: types.Position) -> Cursor | None:
    lines = [line.rstrip("\r\n") for line in document.lines]
    if position.line >= len(lines):
        return cursor(lines, position.line, 0)
    at = document.position_from_client_units(position)
    return cursor(lines, at.line, at.character)


def _header(document: TextDocument, line: int) -> Map:
    """Return a map with the header of the object at a line."""
    stated: dict[str, str] = {}
    for number, text in enumerate(document.lines):
        if text.startswith("---"):
            if number > line:
                break
            stated = {}
        found = re.match(r"""(apiVersion|kind)\s*:\s*["']?([^\s"'#]+)""", text)
        if found:
            stated[found[1]] = found[2]
    return Map(stated)


def about(place: Context) -> str:
    """Return the documentation of what is at a position, as Markdown; empty if there is none."""
    at = place.at
    if place.kind is FileKind.MANIFEST:
        return words.field_about(_header(place.document, place.line), at.path, place.project.kubernetes)
    preset = words.preset_about(at.word, place.project) if at.path[:1] == ("extends",) and not at.is_key else ""
    return preset or words.about(place.kind, at.path)


def words_at(place: Context) -> list[words.Word]:
    """Return what can be written at a position."""
    kind, at = place.kind, place.at
    # The keys beside the one under the cursor, or those of the map that a new one would be in.
    path = at.path[:-1] if at.word and at.path[-1:] == (at.word,) and not at.is_value else at.path
    if kind is FileKind.MANIFEST:
        minor = place.project.kubernetes
        return words.fields_at(_header(place.document, place.line), path, minor) if at.is_key else []
    found = words.keys_at(kind, path) if at.is_key else []
    if at.is_value:
        found = [*found, *words.values_at(kind, at.path), *_names(place.document, at, place.line)]
    return found


def _names(document: TextDocument, at: Cursor, line: int) -> list[words.Word]:
    """Return the names that the profile declares and that the value at the cursor can be one of."""
    spaces = {"mounts": "volume", "volumeMounts": "volume", "configMap": "configMap", "configMapKeyRef": "configMap"}
    spaces |= {"httpGet": "port", "tcpSocket": "port", "grpc": "port"}
    space = next((spaces[step] for step in reversed(at.path) if step in spaces), None)
    if space is None:
        return []
    # The line at the cursor is not finished.
    root, _ = source.read("".join((*document.lines[:line], *document.lines[line + 1 :])), "")
    names = {each.name for each in symbols(root) if each.space == space and each.is_key}
    return [words.Word(name) for name in sorted(names)]


def has_colon(place: Context) -> bool:
    """Return whether a colon follows the word at a position."""
    lines = place.document.lines
    return place.line < len(lines) and lines[place.line][place.at.end :].lstrip().startswith(":")
