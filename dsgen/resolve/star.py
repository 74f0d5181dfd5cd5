"""The container `"*"`: in each layer it comes first, for every container of its group, and then the container itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dsgen.record import Record
from dsgen.tree import Map, Null

STAR: Final = "*"
GROUPS: Final = ("containers", "initContainers")


class _Stated(Record):
    """A container of the whole: the place of the first layer that counts for it, and its key and its map there."""

    place: int
    key: str
    container: Map


def spread(layers: Sequence[Map]) -> Sequence[Map]:
    """Return layers that say the same without `"*"`: what one states of it is a layer of its own, of every container there is.

    A container that a layer takes away, and an upper one states anew, begins with that one; but `"*"` of all layers holds for it.
    """
    for group in GROUPS:
        if any(STAR in layer.map(group) for layer in layers):
            layers = _spread(layers, group)
    return layers


def _spread(layers: Sequence[Map], group: str) -> list[Map]:
    stated = _stated(layers, group)
    first = stated.pop(STAR).place if STAR in stated else len(layers)
    result = []
    for place, layer in enumerate(layers):
        containers = layer.get(group)
        if not isinstance(containers, Map):
            result.append(layer)
            continue
        key = layer.key(group)
        star = containers.get(STAR)
        if isinstance(star, Map) and place >= first and stated:
            below = ((each.key, Map(star, each.container.origin, star.type)) for each in stated.values())
            result.append(layer.replaced(key, containers.with_items(below)))
            layer = layer.with_items()
        own = (
            (name, container)
            for name, container in containers.items()
            if name != STAR and (name not in stated or place >= stated[name].place)
        )
        result.append(layer.replaced(key, containers.with_items(own)))
    return result


def _stated(layers: Sequence[Map], group: str) -> dict[str, _Stated]:
    """Return the containers that the layers leave, `"*"` among them, in the order in which they are first stated."""
    found: dict[str, _Stated] = {}
    for place, layer in enumerate(layers):
        if isinstance(layer.get(group), Null):
            found.clear()
        for key, container in layer.map(group).items():
            if isinstance(container, Map):
                found.setdefault(key, _Stated(place, key, container))
            else:
                found.pop(key, None)
    return found
