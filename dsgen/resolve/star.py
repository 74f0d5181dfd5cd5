"""The container `"*"`: in each layer it applies to every container of its group, beneath the container's own values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dsgen.record import Record
from dsgen.tree import Map

STAR: Final = "*"
GROUPS: Final = ("containers", "initContainers")


class _Stated(Record):
    """A container of the result: the index of the first layer that applies to it, and its key and its map there."""

    place: int
    key: str
    container: Map


def spread(layers: Sequence[Map]) -> Sequence[Map]:
    """Return equivalent layers without `"*"`: its values become a separate layer, for every container.

    A container that one layer removes, and an upper one adds again, begins with the upper one; but `"*"` of all layers applies to it.
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
        containers = layer.child(group)
        if containers is None:
            result.append(layer)
            continue
        key = layer.key(group)
        star = containers.child(STAR)
        if star is not None and place >= first and stated:
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
    """Return the resulting containers, including `"*"`, in the order of their first layers."""
    found: dict[str, _Stated] = {}
    for place, layer in enumerate(layers):
        if layer.is_null(group):
            found.clear()
        containers = layer.map(group)
        for key in containers:
            if (container := containers.child(key)) is not None:
                found.setdefault(key, _Stated(place, key, container))
            else:
                found.pop(key, None)
    return found
