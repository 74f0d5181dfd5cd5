"""The text of the resulting `ResourceList`: unchanged parts are copied verbatim, comments included."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from dsgen import harmless, yaml_writer
from dsgen.krm.resource_list import Item, ResourceList
from dsgen.plain import plain
from dsgen.tree import List, Map, origin_of


def written(given: ResourceList, items: Sequence[Item | Map], results: Sequence[dict[str, Any]]) -> str:
    """Return the list with these items, some of them unchanged, and with these results."""
    parts = _parts(given)
    if parts is None:
        return _as_json(given, items, results)
    keys, known, indent = parts
    lines = list(keys.pop("", ()))
    keys.setdefault("items", [])
    keys.pop("results", None)
    for key, own in keys.items():
        if key != "items":
            lines += own
            continue
        lines.append("items:" if items else "items: []")
        for item in items:
            lines += known[id(item.root)] if isinstance(item, Item) else _entry(item, indent)
    if results:
        lines += ["results:", *_lines(List(map(_map, results)))]
    return "\n".join(lines) + "\n"


def _parts(given: ResourceList) -> tuple[dict[str, list[str]], dict[int, list[str]], str] | None:
    """Return the lines of each key, the lines of each item and the items' indentation; None if they share lines, as in JSON."""
    lines = given.text.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    places = [origin_of(key) for key in given.root]
    starts = [place.line - 1 for place in places if place and place.column == 1]
    if len(set(starts)) < len(given.root) or "\r" in given.text or lines[-1].startswith("..."):
        return None
    bounds = [*starts, len(lines)]
    keys = {"": lines[: starts[0]]}
    keys |= {str(key): lines[start:end] for key, (start, end) in zip(given.root, pairwise(bounds), strict=True)}
    stated = given.root.get("items")
    place = origin_of(stated)
    if not given.items or place is None:
        return keys, {}, ""
    first, end = place.line - 1, next(bound for bound in bounds if bound >= place.line)
    column = place.column - 1
    begun = [line for line in range(first, end) if lines[line][:column].isspace() * column == column]
    begun = [line for line in begun if lines[line][column : column + 2] in ("-", "- ")]
    if len(begun) != len(given.items) or begun[0] != first:
        return None
    # A comment below `items:` belongs to the first item.
    begun[0] = max(start for start in starts if start < first) + 1
    known = {id(item.root): lines[a:b] for item, (a, b) in zip(given.items, pairwise([*begun, end]), strict=True)}
    return keys, known, " " * column


def _entry(made: Map, indent: str) -> list[str]:
    return [indent + line if line else "" for line in _lines(List([made]))]


def _lines(value: List) -> list[str]:
    return yaml_writer.write(value).split("\n")[:-1]


def _map(result: dict[str, Any]) -> Map:
    return Map({key: _map(value) if isinstance(value, dict) else value for key, value in result.items()})


def _as_json(given: ResourceList, items: Sequence[Item | Map], results: Sequence[dict[str, Any]]) -> str:
    root: Any = {key: plain(value) for key, value in given.root.items() if key != "results"}
    root["items"] = [plain(item.root if isinstance(item, Item) else item) for item in items]
    if results:
        root["results"] = list(results)
    return harmless.as_json(root)
