"""Convert entries that are commented out to the form of the profile, so that removing the `#` works there too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dsgen.importer.normalize.tidy import tidy, without_defaults
from dsgen.importer.read.comments import ITEM, Comments
from dsgen.importer.read.noted import read
from dsgen.importer.shorten.profile import with_mounts
from dsgen.importer.shorten.short import short
from dsgen.importer.write.layout import lines
from dsgen.kubernetes.schema.type_checks import accepts
from dsgen.tree import List, Map, Value, origin_of

# Lists that have another form in a profile, by the type that contains them.
_LISTS = {
    "PodSpec": ("containers", "initContainers", "volumes", "tolerations"),
    "Container": ("env", "envFrom", "ports", "volumeMounts"),
}


def converted(pod: Map, comments_of_manifest: Comments, minor: str) -> Comments:
    """Return the comments of the manifest with commented-out list entries in the form of the profile. Other comments stay as they are."""
    above, below = dict(comments_of_manifest.above), dict(comments_of_manifest.below)
    for holder, key in _lists(pod):
        entries: Any = holder[key]
        places = {(origin.file, origin.line) for origin in map(origin_of, entries) if origin}
        found = [(part, at) for at in places for part in (above, below) if at in part]
        if found:
            form = type(_form(Map([(key, entries)], None, holder.type), key))
            for part, at in found:
                part[at] = list(_convert(part[at], holder.type, key, form, minor))
    return comments_of_manifest._replace(above=above, below=below)


def has_entries(entries: Value | None, comments_of_manifest: Comments) -> bool:
    """Return whether a list contains entries that are commented out."""
    origins = filter(None, map(origin_of, entries if isinstance(entries, List) else ()))
    places = [(origin.file, origin.line) for origin in origins]
    words = (
        each
        for part in (comments_of_manifest.above, comments_of_manifest.below)
        for place in places
        for each in part.get(place, ())
    )
    return any(map(ITEM.match, words))


def _lists(holder: Map) -> Iterator[tuple[Map, str]]:
    for key in _LISTS[holder.type]:
        entries = holder.get(key)
        if isinstance(entries, List):
            yield holder, key
            for entry in entries:
                if isinstance(entry, Map) and entry.type in _LISTS:
                    yield from _lists(entry)


def _convert(words: list[str], holder: str, key: str, form: type, minor: str) -> Iterator[str]:
    """Yield the lines of a comment, with each run of commented-out entries in the given form: a map or a list."""
    at = 0
    while at < len(words):
        end = _end(words, at)
        run = words[at : max(end, at + 1)]
        written = _written([line.lstrip("#") for line in words[at:end]], holder, key, form, minor)
        for entry in [] if written else _entries(run):
            written += _written([line.lstrip("#") for line in entry], holder, key, form, minor) or entry
        yield from written
        at += len(run)


def _entries(run: list[str]) -> Iterator[list[str]]:
    """Yield the lines of each of several entries: one may be readable, and another not."""
    first = ITEM.match(run[0])
    starts = [
        at
        for at, line in enumerate(run)
        if not at or (first and (item := ITEM.match(line)) and len(item[1]) == len(first[1]))
    ]
    for start, end in zip(starts, [*starts[1:], len(run)], strict=True):
        yield run[start:end]


def _end(words: list[str], start: int) -> int:
    """Return the end of the entries that begin at a line, or the line itself if none do."""
    first = ITEM.match(words[start])
    end = start
    while first and end < len(words):
        match = re.match(r"#+( *)(- )?\S", words[end])
        deeper = match and len(match[1]) > len(first[1])
        if not (deeper or (match and match[2] and len(match[1]) == len(first[1]))):
            break
        end += 1
    return end


def _written(run: list[str], holder: str, key: str, kind: type[Any], minor: str) -> list[str]:
    """Return the lines of entries in the form of the profile, each after a `#`; none if these are not such entries."""
    text = "\n".join([*run, ""])
    if not run:
        return []
    documents, inner = read(text, "")
    if len(documents) != 1 or documents[0].problems or not isinstance(documents[0].root, List):
        return []
    alone = Map([(key, documents[0].root)], None, holder)
    if not accepts(holder, minor, alone):
        return []
    form = _form(without_defaults(tidy(alone, holder, minor), holder, minor), key)
    if type(form) is not kind or not form:
        return []
    entries: Any = form
    return [f"# {line}" for line in lines(entries, inner)]


def _form(holder: Map, key: str) -> Any:
    if key in ("containers", "initContainers"):
        return with_mounts(short(holder, holder.type)[key])
    return short(holder, holder.type)[key]
