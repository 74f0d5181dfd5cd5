"""References of a profile or an environment to other profiles, files and templates, found without validating it."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.record import Record
from dsgen.tree import List, Map, Value, as_map, maps_in


class Mentions(Record):
    """References as they are written: parents, patterns of config map files, and templates."""

    parents: list[str]
    files: list[str]
    templates: list[str]


def mentions(root: Value | None) -> Mentions:
    """Return the references of the text with this root."""
    found = Mentions([], [], [])
    for layer in _layers(root):
        found.parents.extend(_texts(layer.get("extends")))
        for key in ("templates", "templates+"):
            found.templates.extend(_texts(layer.get(key)))
        for config_map in _by_name_or_listed(layer.get("configMaps")):
            found.files.extend([*_texts(config_map.get("files")), *_texts(config_map.get("files+"))])
    return found


def _layers(root: Value | None) -> Iterator[Map]:
    """Yield all layers in a text that are maps: the profile, its variants, the layers of an environment."""
    todo = [root]
    seen: set[int] = set()
    while todo:
        layer = as_map(todo.pop())
        if layer and id(layer) not in seen:
            seen.add(id(layer))
            yield layer
            todo.append(layer.get("all"))
            for key in ("overrides", "variants"):
                todo += layer.map(key).values()


def _by_name_or_listed(value: Value | None) -> list[Map]:
    """Return the maps in a map by name, or in a list of entries with a `name`: a profile may write either."""
    return maps_in(value if isinstance(value, List) else as_map(value).values())


def _texts(value: Value | None) -> list[str]:
    return [str(each) for each in (value if isinstance(value, List) else [value]) if isinstance(each, str)]
