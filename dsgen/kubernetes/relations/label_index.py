"""Objects by their labels: the pods and services that a selector selects, without looking at all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from dsgen.kubernetes.relations.excerpt import Excerpt
from dsgen.kubernetes.relations.selector import ANYWHERE, Selector

# Of the objects that may match a selector, at most so many are looked at.
_MOST: Final = 1_000


class LabelIndex:
    """Objects by their labels and namespaces."""

    def __init__(self, objects: Iterable[Excerpt]) -> None:
        self._every: dict[str, list[Excerpt]] = {}
        self._labelled: dict[tuple[str, str], dict[str, list[Excerpt]]] = {}
        self._total: dict[tuple[str, str], int] = {}
        for each in objects:
            self._every.setdefault(each.namespace, []).append(each)
            for label in each.labels.items():
                self._labelled.setdefault(label, {}).setdefault(each.namespace, []).append(each)
                self._total[label] = self._total.get(label, 0) + 1

    def __bool__(self) -> bool:
        return bool(self._every)

    def labelled(self, key: str, value: str, namespace: str) -> Iterator[Excerpt]:
        """Yield the objects with a label in a namespace."""
        yield from self._in(self._labelled.get((key, value), {}), (namespace,))

    def fewest(self, selector: Selector) -> int:
        """Return how many objects have the rarest label of a selector that has labels, in any namespace."""
        return min([self._total.get(label, 0) for label in selector.labels.items()])

    def select(self, selector: Selector, namespaces: Collection[str]) -> Iterator[Excerpt]:
        """Yield the objects that a selector selects in some namespaces, or `ANYWHERE`."""
        known = [(label, self._labelled.get(label, {})) for label in selector.labels.items()]
        found = min(known, key=lambda each: self._count(each[0], each[1], namespaces))[1] if known else self._every
        yield from (each for each in self._in(found, namespaces) if selector.matches(each.labels))

    def _count(self, label: tuple[str, str], some: Mapping[str, list[Excerpt]], namespaces: Collection[str]) -> int:
        if namespaces == ANYWHERE or "" in namespaces:
            return self._total.get(label, 0)
        return sum(len(some.get(name, ())) for name in (*namespaces, ""))

    def _in(self, found: Mapping[str, list[Excerpt]], namespaces: Collection[str]) -> Iterator[Excerpt]:
        """Yield the first objects of some namespaces, and those without one."""
        chosen = found if namespaces == ANYWHERE or "" in namespaces else dict.fromkeys((*namespaces, ""))
        yield from islice((each for name in chosen for each in found.get(name, ())), _MOST)
