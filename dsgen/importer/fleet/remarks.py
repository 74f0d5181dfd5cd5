"""Comments that several manifests repeat: the profile, or the layer that all profiles extend, has them once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

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


def agreed(layer: Map, above: Sequence[tuple[Map, Comments]]) -> Comments:
    """Return the comments of a layer: those that most of the profiles `above` it have at the same key or entry.

    All are in short form; each profile has the comments at its lines. A comment that few have is about these few, and one about the
    whole, such as a licence, is about each file.
    """
    found: dict[tuple[int, Line], list[Any]] = {}
    for profile, comments in above:
        parts: Any = comments[:3]
        pairs = {(at, line) for at, line in _pairs(layer, profile) if at not in begins(layer)}
        for index, part in enumerate(parts):
            for at, line in pairs:
                if line in part:
                    found.setdefault((index, at), []).append(part[line])
    result: Any = Comments({}, {}, {}, {}, above[0][1].columns)
    for (index, at), every in found.items():
        often = Counter(map(tuple, every))
        words = max(every, key=lambda each: often[tuple(each)])
        if 2 * often[tuple(words)] > len(above):
            result[index][at] = words
    return cast(Comments, result)


def joined(comments: Comments, layer: Map, above: Sequence[tuple[Map, Comments]]) -> Comments:
    """Return the comments of a layer with those that the profiles `above` it have at the same keys and entries, each once.

    All are in short form; each profile has the comments at its lines.
    """
    result: Any = Comments({**comments.above}, {**comments.behind}, {**comments.below}, comments.end, comments.columns)
    for profile, own in above:
        for at, line in dict.fromkeys(_pairs(layer, profile)):
            if at in begins(layer) or at == line:
                continue
            behind = own.behind.get(line)
            words = [*own.above.get(line, ())]
            if behind and result.behind.setdefault(at, behind) != behind:
                words.append(behind)
            for known, more in ((result.above, words), (result.below, own.below.get(line, ()))):
                missing = [each for each in more if each not in known.get(at, ())]
                if missing:
                    known[at] = [*known.get(at, ()), *missing]
    return cast(Comments, result)


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
