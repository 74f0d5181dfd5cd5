"""The known objects: those that are read together, and those of a project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from dsgen.kubernetes.schema import api_resources
from dsgen.problem import Problem
from dsgen.tree import Map, maps_in

# Returns the objects of a kind, and the problems of files that cannot be read.
Layer = Callable[[str], Iterable[Any]]


class LayeredObjects:
    """Objects by layer; of two with the same name, that of the first layer counts. They are read when they are asked for."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = layers
        # What is computed of objects once, by their identities; the view keeps them.
        self.known: dict[tuple[int, str, str | None], Any] = {}
        self.objects = cache(self._objects)

    def namespace(self, name: str) -> Map | None:
        """Return a Namespace, if it is among the objects."""
        return next((each for each in self.objects("Namespace") if each.map("metadata").get("name") == name), None)

    def faults(self, kinds: Iterable[str]) -> list[Problem]:
        """Return why files that may have objects of some kinds cannot be read."""
        found = (each for kind in kinds for layer in self._layers for each in layer(kind) if isinstance(each, Problem))
        return list(dict.fromkeys(found))

    def _objects(self, kind: str) -> list[Map]:
        """Return the objects of a kind, those of the first layer first."""
        named: dict[Any, Map] = {}
        for layer in self._layers:
            for each in maps_in(layer(kind)):
                if each.get("kind") == kind:
                    metadata = each.map("metadata")
                    which = (metadata.get(name) for name in ("namespace", "name"))
                    key = api_resources.group_of(str(each.get("apiVersion"))), *map(str, which)
                    named.setdefault(key, each)
        return list(named.values())
