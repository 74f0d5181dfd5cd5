"""What the profiles of one agent have in common: the layer that environments change least."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from dsgen.importer.fleet.images import repository
from dsgen.importer.shorten.extension import appends, difference
from dsgen.kubernetes.schema.images import reference
from dsgen.plain import frozen, is_alike, plain
from dsgen.resolve.layers import ONE_OF, WHOLE, dropped
from dsgen.tree import List, Map, Text, Value, maps_in, origin_of


def common(layers: Sequence[Map]) -> Map:
    """Return the layer from which all these, in long form, differ least: what most of them set, the first of them if as many do not.

    Maps keep the order of each layer, if there is one order for all.
    """
    keys = _keys(layers)
    first = layers[0]
    chosen = {key for key in keys if _is_common(key, layers)}
    if first.type[:1] == "<":
        # A layer adds its own entries below the others. Where they are not last, the lower layer has them, and others remove them.
        for layer in layers:
            own = [key for key in layer if key not in chosen]
            if [key for key in keys if key in chosen and key in layer] + own != list(layer):
                chosen.update(own)
    result = first.with_items()
    for key in filter(chosen.__contains__, keys):
        values = [layer[key] for layer in layers if key in layer]
        value = _value(first.type, key, values)
        if value is not None:
            # With the place of what it is equal to, and so with its comments.
            like = next((layer for layer in layers if key in layer and same(layer[key], value)), None)
            name = (like or next(layer for layer in layers if key in layer)).key(key)
            result[name] = like[key] if like else value
    return result


def _is_common(key: str, layers: Sequence[Map]) -> bool:
    """Return whether most layers set a key, and setting it below them makes them shorter: the others have to remove it again."""
    first, values = layers[0], [layer[key] for layer in layers if key in layer]
    lacking = len(layers) - len(values)
    if not lacking or 2 * len(values) < len(layers) + (key not in first):
        return not lacking
    value = _value(first.type, key, values)
    if key in first or value is None:
        return True
    return lacking + sum(_changes(value, each) for each in values) < sum(map(size, values))


def _changes(below: Value, value: Value) -> int:
    """Return how many values a layer sets to change one below it."""
    if isinstance(below, Map) and isinstance(value, Map):
        return size(difference(below, value))
    return 0 if same(below, value) else size(value)


def size(value: Value) -> int:
    """Return how many values a layer sets."""
    return sum(map(size, value.values())) if isinstance(value, Map) else 1


def same(value: Value, other: Value) -> bool:
    """Return whether two values of layers are of one type and equal."""
    return type(value) is type(other) and is_alike(value, other)


def _value(type: str, key: str, values: list[Value]) -> Value | None:
    """Return what the layer sets for a key, or None if the environments have to."""
    if all(same(values[0], each) for each in values[1:]):
        return values[0]
    maps = maps_in(values)
    if len(maps) == len(values) and (type, key) not in WHOLE and not _excludes(maps):
        shared = common(maps)
        return shared if shared or not all(maps) else None
    if (type, key) == ("Container", "image"):
        return _image(values)
    lists: list[Any] = [value for value in values if isinstance(value, List)]
    most: Any = _most(values)
    if len(lists) < len(values):
        return most  # type: ignore[no-any-return]
    # A list that drops entries of the layer below is a warning.
    if not appends(type, key):
        return None
    length = 0
    while all(length < len(each) and plain(each[length]) == plain(lists[0][length]) for each in lists):
        length += 1
    start = List(lists[0][:length], origin_of(lists[0]))
    # One of the lists, or what all begin with: whatever leaves less to environments. With the beginning alone, each of them has to add to it.
    whole = [each for each in lists if each and not any(dropped(_plain(each), _plain(other)) for other in lists)]
    best = min([*whole, start], key=lambda each: (1 + (each is start)) * sum(_stated(each, other) for other in lists))
    return best or None


def _plain(value: Iterable[Value]) -> list[object]:
    return [plain(each) for each in value]


def _stated(below: List, value: List) -> int:
    """Return how many entries a layer sets to change one list into another."""
    if not below or _plain(value[: len(below)]) != _plain(below):
        return len(value)
    return len(value) - len(below)


def _image(images: list[Value]) -> Value:
    """Return an image: in the repository with the shortest path, of which others are mirrors, with the tag that most have, and the digest if all have it."""
    parts = [reference(str(each)) for each in images]
    repositories = {repository(str(each)) for each in images}
    if None in parts or (len(repositories) == 1 and len({each.digest for each in parts if each}) == 1):
        return _most(images)
    origin = _behind_mirrors(repositories)
    tags = Counter(each.tag for each in parts if each)
    tag = tags.most_common(1)[0][0]
    shortest = min((f"{each.registry}/{each.path}".count("/"), place) for place, each in enumerate(parts) if each)[1]
    digests = {each.digest for each in parts if each}
    digest = next(iter(digests)) if len(digests) == 1 and len(tags) == 1 else ""
    image = f"{origin or repository(str(images[shortest]))}{tag and ':'}{tag}{digest and '@'}{digest}"
    return next((each for each in images if each == image), Text.at(image, origin_of(images[shortest]), plain=True))


def _behind_mirrors(repositories: Collection[str]) -> str:
    """Return the repository of which all of several are mirrors, with its registry: what they end with; empty if there is none."""
    if len(repositories) < 2:
        return ""
    paths = [each.split("/") for each in repositories]
    shortest = min(paths, key=len)
    ends = (shortest[start:] for start in range(1, len(shortest) - 1) if "." in shortest[start])
    found = next((end for end in ends if all(each[-len(end) :] == end for each in paths)), [])
    return "/".join(found)


def _excludes(maps: list[Map]) -> bool:
    """Return whether maps have different keys of which there may be only one, such as two sources of a volume."""
    group = ONE_OF.get(maps[0].type, frozenset())
    return len({frozenset(group & each.keys()) for each in maps}) > 1


def _most(values: list[Value]) -> Value:
    """Return the value that occurs most often, the first of them if several do."""
    keys = [(type(value), frozen(value)) for value in values]
    often = Counter(keys)
    return max(zip(values, keys, strict=True), key=lambda pair: often[pair[1]])[0]


def _keys(layers: Sequence[Map]) -> list[str]:
    """Return the keys of all layers, in an order that is that of each, if there is one."""
    result: list[str] = []
    for layer in layers:
        at = 0
        for key in layer:
            if key in result:
                at = max(at, result.index(key) + 1)
            else:
                result.insert(at, key)
                at += 1
    return result
