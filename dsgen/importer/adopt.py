"""Profiles with dsgen's own hashes of config maps, instead of those of other tools."""

from __future__ import annotations

from collections.abc import Callable

from dsgen.importer.daemonset import DaemonSet, Imported
from dsgen.importer.fold.checksums import ADOPT, KEPT, Adoption
from dsgen.importer.fold.companion import ImportedCompanion
from dsgen.importer.read.objects import SourceObject


def adopted(
    made: Imported,
    daemonsets: list[DaemonSet],
    related: list[list[ImportedCompanion]],
    make: Callable[[list[DaemonSet], list[list[ImportedCompanion]]], Imported],
    every: list[SourceObject],
) -> Imported:
    """Return a profile with dsgen's hashes instead of those of other tools; unchanged if none is replaced, or if the objects would differ."""
    folded = {id(each) for each in made.folded}
    own = {id(each): each for ones in related for each in ones if id(each.given) in folded}
    config_maps = [each for each in own.values() if each.given.kind == "ConfigMap"]
    apart = folded | {id(each.given) for each in daemonsets}
    adoption = Adoption(
        [each.given for each in daemonsets], config_maps, [each for each in every if id(each) not in apart]
    )
    if not made.same:
        return _unadopted(
            made, "the hash is kept, because the profile is not identical to the manifest: see the other problems"
        )
    if adoption.is_empty:
        return _unadopted(made, KEPT)
    replaced = [(each, *adoption.of(each.given)) for each in daemonsets]
    again = make(
        [DaemonSet(given, [*each.before, *said], each.prover) for each, given, said in replaced],
        [[adoption.companions.get(id(each), each) for each in ones] for ones in related],
    )
    if not again.same or len(again.folded) != len(made.folded):
        return _unadopted(made, KEPT)
    return _unadopted(again._replace(folded=made.folded, left=made.left, restarts=True), KEPT)


def _unadopted(made: Imported, why: str) -> Imported:
    """Return a profile with the reason at each hash that `--adopt-checksums` does not replace."""
    return made._replace(
        problems=tuple(each._replace(hint=why) if each.hint == ADOPT else each for each in made.problems)
    )
