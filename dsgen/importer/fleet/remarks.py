"""Comments that the manifests of several environments repeat: the profile has them once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dsgen.importer.read.comments import Comments, Line
from dsgen.importer.write.layout import begins
from dsgen.plain import plain
from dsgen.tree import List, Map, Value


def without_repeated(comments: Comments, base: Map, layer: Map, known: Iterable[Comments]) -> Comments:
    """Return comments without those in a layer that its profile, the `base`, has at the same key or entry.

    Base and layer are in short form; `known` are the comments at the lines of both.
    """
    below: Any = Comments({}, {}, {}, {}, {}).with_those_of(known)
    pairs = list(_pairs(base, layer))
    parts: Any = [*comments]
    for index, part in enumerate(parts[:3]):
        repeated = {line for at, line in pairs if line in part and below[index].get(at) == part[line]}
        parts[index] = {line: words for line, words in part.items() if line not in repeated}
    return Comments(*parts)


def _pairs(base: Value, layer: Value) -> Iterator[tuple[Line, Line]]:
    """Yield each line of a layer, after that on which the base has the same key or entry."""
    yield from zip(begins(base), begins(layer), strict=False)
    if isinstance(base, Map) and isinstance(layer, Map):
        for key, value in layer.items():
            name = key.removesuffix("+")
            if name in base:
                yield from zip(begins(base.key(name)), begins(key), strict=False)
                yield from _pairs(base[name], value)
    elif isinstance(base, List) and isinstance(layer, List):
        for value in layer:
            like = next((each for each in base if plain(each) == plain(value)), None)
            if like is not None:
                yield from _pairs(like, value)
