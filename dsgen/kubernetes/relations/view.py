"""The objects that are seen together, by kind, name and namespace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Final

from dsgen.kubernetes.relations.excerpt import Excerpt
from dsgen.kubernetes.relations.label_index import LabelIndex
from dsgen.kubernetes.schema.paths import POD_TEMPLATES
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.tree import Map

# Returns the object of an excerpt, or None if it cannot be read again.
Trees = Callable[[Excerpt], "Map | None"]
POD_KINDS: Final = tuple(kind for _, kind in POD_TEMPLATES)
# Of many objects of one name, so many are looked at for an object without a namespace.
_MOST: Final = 100


class OwnedProblem(Record):
    """A problem, and the object that has it."""

    owner: Excerpt
    problem: Problem


class View:
    """All objects of one cluster that are known: of a stream, a folder, a project or an environment.

    An object without a namespace may be applied to any: its namespace is that of `kubectl --namespace`.
    """

    def __init__(self, excerpts: Iterable[Excerpt]) -> None:
        self.all = list(excerpts)

    @cached_property
    def named(self) -> dict[tuple[str, str], dict[str, list[Excerpt]]]:
        """The objects by kind and name, then by namespace."""
        found: dict[tuple[str, str], dict[str, list[Excerpt]]] = {}
        for each in self.all:
            found.setdefault((each.kind, each.name), {}).setdefault(each.namespace, []).append(each)
        return found

    @cached_property
    def kinds(self) -> dict[str, dict[str, list[Excerpt]]]:
        """The objects by kind, then by namespace."""
        found: dict[str, dict[str, list[Excerpt]]] = {}
        for each in self.all:
            found.setdefault(each.kind, {}).setdefault(each.namespace, []).append(each)
        return found

    def by_file(self) -> list[View]:
        """Return a view of the objects of each file."""
        files: dict[str, list[Excerpt]] = {}
        for each in self.all:
            files.setdefault(each.source, []).append(each)
        return list(map(View, files.values()))

    @cached_property
    def pods(self) -> LabelIndex:
        """The objects that create pods, by the labels of the pods."""
        return LabelIndex(each for kind in POD_KINDS for some in self.kinds.get(kind, {}).values() for each in some)

    @cached_property
    def services(self) -> LabelIndex:
        """The Services, by their labels."""
        return LabelIndex(each for some in self.kinds.get("Service", {}).values() for each in some)

    def find(self, kind: str, namespace: str, name: str) -> list[Excerpt]:
        """Return the objects of this kind and name that are, or may be, in a namespace; an empty one may be any."""
        known = self.named.get((kind, name), {})
        if not namespace:
            return list(islice((each for some in known.values() for each in some), _MOST))
        return [*known.get(namespace, ()), *known.get("", ())]

    def elsewhere(self, kind: str, namespace: str, name: str) -> Iterator[Excerpt]:
        """Yield the objects of this kind and name in other namespaces."""
        for other, some in self.named.get((kind, name), {}).items():
            if other != namespace:
                yield from some
