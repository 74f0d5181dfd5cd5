"""What no profile of a fleet generates: what all environments have alike, and what each has for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dsgen.importer.fold.companion import Reason
from dsgen.importer.read.objects import SourceObject
from dsgen.plain import frozen

# The folder of what all environments have.
SHARED: Final = "shared"

Aside = Sequence[tuple[SourceObject, Reason]]


def split(rest: Mapping[str, Aside]) -> dict[str, Aside]:
    """Return the objects that all environments have, if there are several, and those of each; what is empty is left out."""
    often = [{frozen(each.root) for each, _ in aside} for aside in rest.values()]
    everywhere = frozenset.intersection(*map(frozenset, often)) if len(often) > 1 else frozenset()
    first = next(iter(rest.values()), ())
    shared = [(each, reason) for each, reason in first if frozen(each.root) in everywhere]
    result: dict[str, Aside] = {SHARED: shared} if shared else {}
    for name, aside in rest.items():
        own = [(each, reason) for each, reason in aside if frozen(each.root) not in everywhere]
        if own:
            result[name] = own
    return result


def folders(parts: Mapping[str, Aside], name: str) -> list[str]:
    """Return the folders with the objects of an environment, among those that they are split into."""
    return [each for each in parts if each in (SHARED, name)]
