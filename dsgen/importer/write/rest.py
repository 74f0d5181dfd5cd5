"""Objects that no profile generates, as they were written: with their comments, in their own order and form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from dsgen import yaml_writer
from dsgen.generate.objects import filename
from dsgen.importer.read.objects import SourceObject
from dsgen.kubernetes.apply.allotted import is_live
from dsgen.kubernetes.manifest import read
from dsgen.kubernetes.semantics.normalize import NOTES, OF_SERVER
from dsgen.plain import plain
from dsgen.record import Record
from dsgen.syntax import LINE_BREAK
from dsgen.tree import Map

# A line that ends a document, or begins one.
_MARK: Final = re.compile(r"(?:---|\.\.\.)(?:\s|\Z)")
# What names of files cannot contain everywhere; names of RBAC objects may.
_UNSAFE: Final = re.compile(r'[<>:"/\\|?*%\x00-\x1f]')


class RestFile(Record):
    """The text of an object, and the name of its file."""

    name: str
    text: str


def rest_files(objects: Iterable[SourceObject]) -> list[RestFile]:
    """Return a file for each object. An object that occurs twice has two."""
    some = list(objects)
    often = Counter((each.kind, each.name) for each in some)
    taken: Counter[str] = Counter()
    result = []
    for each in some:
        own = each.name or str(each.root.map("metadata").get("generateName", "")).strip("-")
        apart = f"{own}-{each.namespace}" if each.namespace and often[each.kind, each.name] > 1 else own
        name = filename(each.kind, _UNSAFE.sub("-", apart))
        taken[name.lower()] += 1
        number = taken[name.lower()]
        result.append(RestFile(name if number == 1 else f"{name[:-5]}-{number}.yaml", as_it_was(each)))
    return result


def as_it_was(given: SourceObject) -> str:
    """Return the text of an object, without what the server wrote, and with the comments at the head of its file."""
    text = _text(given)
    own = set(text.splitlines())
    head = [line for line in given.head if line not in own]
    return "".join(f"{line}\n" for line in head) + text


def _text(given: SourceObject) -> str:
    """Return an object's own lines, if they are the object and nothing else, or else the object written by dsgen."""
    root = without_server(given.root)
    if root is given.root:
        text = _own_lines(given)
        documents = read(text) if text else []
        if len(documents) == 1 and not documents[0].problems and plain(documents[0].root) == plain(root):
            return text
    return yaml_writer.write(root)


def without_server(root: Map) -> Map:
    """Return an object from a cluster without its status and what the server wrote into its metadata; others unchanged."""
    metadata = root.map("metadata")
    annotations = metadata.map("annotations")
    if not is_live(root) and not annotations.keys() & set(NOTES):
        return root
    metadata = metadata.without(*OF_SERVER)
    if annotations.keys() & set(NOTES):
        rest = annotations.without(*NOTES)
        metadata = metadata.replaced("annotations", rest) if rest else metadata.without("annotations")
    return root.without("status").replaced("metadata", metadata)


@lru_cache(maxsize=4)
def _lines(text: str) -> list[str]:
    return LINE_BREAK.split(text)


def _own_lines(given: SourceObject) -> str:
    """Return the lines of an object, with the comments above and below them; an item of a list loses its indentation."""
    origin = given.root.origin
    if origin is None:
        return ""
    lines = _lines(given.text)
    first, column = origin.line - 1, origin.column - 1
    indent = column - 2 if lines[first][:column].rstrip().endswith("-") else column
    above = first
    while above > 0 and _is_about(lines[above - 1], indent, column):
        above -= 1
    end = first + 1
    while end < len(lines) and not _MARK.match(lines[end]) and (not column or not lines[end][:column].strip()):
        end += 1
    own = [line.strip() for line in lines[above:first]] if column else lines[above:first]
    own += [lines[first][column:], *(line[column:] for line in lines[first + 1 : end])]
    return "\n".join(own).strip("\n") + "\n"


def _is_about(line: str, indent: int, column: int) -> bool:
    """Return whether a line above an object is a comment on it: for an item of a list, in the column of its dash."""
    words = line.strip()
    if not column:
        return words[:1] in ("", "#")
    return words[:1] == "#" and len(line) - len(line.lstrip()) == indent
