"""What no profile of a fleet generates: what all environments have alike, and what each has for itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dsgen.importer.fold.companion import Reason
from dsgen.importer.read.objects import SourceObject
from dsgen.tree import frozen

# The folder of what all environments have.
SHARED: Final = "shared"

Aside = Sequence[tuple[SourceObject, Reason]]


def split(rest: Mapping[str, Aside]) -> Iterator[tuple[str, Aside]]:
    """Yield the objects that all environments have, if there are several, and those of each; what is empty is left out."""
    often = [{frozen(each.root) for each, _ in aside} for aside in rest.values()]
    everywhere = frozenset.intersection(*map(frozenset, often)) if len(often) > 1 else frozenset()
    first = next(iter(rest.values()), ())
    shared = [(each, reason) for each, reason in first if frozen(each.root) in everywhere]
    if shared:
        yield SHARED, shared
    for name, aside in rest.items():
        own = [(each, reason) for each, reason in aside if frozen(each.root) not in everywhere]
        if own:
            yield name, own


def folders(rest: Mapping[str, Aside], name: str) -> list[str]:
    """Return the folders with the objects of an environment."""
    return [each for each, _ in split(rest) if each in (SHARED, name)]
