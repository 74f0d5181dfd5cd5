"""The nodes that some selections leave, as node affinity."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from dsgen.kubernetes.scheduling.node_selection import Requirement, Selection, Term
from dsgen.kubernetes.scheduling.node_sets import NotProvenError, Region, Universe
from dsgen.kubernetes.scheduling.node_states import Dimension, dimension_of
from dsgen.tree import List, Map

# More would be accepted, but not readable.
MAX_TERMS: Final = 32
_MAX_ON_THE_WAY: Final = 512
_NEGATED: Final = {"In": "NotIn", "NotIn": "In", "Exists": "DoesNotExist", "DoesNotExist": "Exists"}


class CannotExpressError(Exception):
    """Raised with the reason for a set of nodes that node affinity cannot express."""


def complement(selections: Sequence[Selection]) -> tuple[Term, ...]:
    """Return terms that match exactly the nodes that no selection matches. Raises CannotExpressError.

    Each term has as few requirements as possible, in the order of the selections. If nothing is selected, the only term is
    empty and means every node; in Kubernetes' own form it would match none.
    """
    terms: list[Term] = [()]
    try:
        universe = Universe(selections)
        for selection in selections:
            for alternative in selection.alternatives:
                if all(universe.region(alternative).values()):
                    terms = _simplified(universe, ((*term, _negated(each)) for term in terms for each in alternative))
    except NotProvenError:
        raise CannotExpressError("there are too many conditions") from None
    if not terms:
        raise CannotExpressError("no node is left: the others match all of them")
    return _few(tuple(_merged(term) for term in terms))


def intersect(one: Iterable[Term], other: Iterable[Term]) -> tuple[Term, ...]:
    """Return terms that match the nodes that a term of `one` and a term of `other` matches. Raises CannotExpressError."""
    terms = [(*first, *second) for first in one for second in other]
    try:
        universe = Universe([Selection((), tuple(terms))])
        possible = tuple(_merged(term) for term in _simplified(universe, terms))
    except NotProvenError:
        raise CannotExpressError("there are too many conditions") from None
    if not possible:
        raise CannotExpressError("no node can meet both conditions")
    return _few(possible)


def _few(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    if len(terms) > MAX_TERMS:
        found = f"it would take {len(terms)} terms of node affinity, and at most {MAX_TERMS} are allowed"
        raise CannotExpressError(found)
    return terms


def to_affinity_terms(terms: Iterable[Term]) -> list[Map]:
    """Return terms, none of them empty, as Kubernetes' `nodeSelectorTerms`."""
    return [_written(term) for term in terms]


def _written(term: Term) -> Map:
    lists = {"matchExpressions": List(), "matchFields": List()}
    for each in term:
        stated = Map({"key": each.key, "operator": each.operator})
        if each.values:
            stated["values"] = List(each.values)
        lists["matchFields" if each.is_field else "matchExpressions"].append(stated)
    return Map((name, items) for name, items in lists.items() if items)


def _negated(requirement: Requirement) -> Requirement:
    if requirement.operator not in _NEGATED:
        said = f"{requirement.key} {'>' if requirement.operator == 'Gt' else '<'} {requirement.values[0]}"
        raise CannotExpressError(
            f"the opposite of `{said}` includes values that are not numbers, which node affinity cannot express"
        )
    return requirement._replace(operator=_NEGATED[requirement.operator])


def _simplified(universe: Universe, terms: Iterable[Term]) -> list[Term]:
    """Return the terms without those that match nothing, or no more than another one does."""
    kept: dict[Term, Region] = {}
    for term in terms:
        universe.look(1 + len(kept) // 4)
        # If a label has no other requirement, no `NotIn` follows from the others.
        needed = _needed(universe, _merged(term, [dimension_of(each) for each in term if each.operator != "NotIn"]))
        region = universe.region(needed)
        if not all(region.values()) or any(_is_within(universe, region, other) for other in kept.values()):
            continue
        kept = {each: other for each, other in kept.items() if not _is_within(universe, other, region)}
        kept[needed] = region
        if len(kept) > _MAX_ON_THE_WAY:
            raise CannotExpressError(f"it would take more than {MAX_TERMS} terms of node affinity")
    return list(kept)


def _needed(universe: Universe, term: Term) -> Term:
    """Return a term without the requirements that follow from its others."""
    while True:
        universe.look(len(term) ** 2)
        for each in term:
            others = tuple(other for other in term if other is not each)
            if _is_within(universe, universe.region(others), universe.region([each])):
                term = others
                break
        else:
            return term


def _is_within(universe: Universe, one: Region, other: Region) -> bool:
    return all(not universe.every(each, one) & ~mask for each, mask in other.items())


def _merged(term: Term, but: Collection[Dimension] = ()) -> Term:
    """Return a term with one `NotIn` for each label, `but` for some."""
    merged: dict[object, Requirement] = {}
    for index, each in enumerate(term):
        joins = each.operator == "NotIn" and not each.is_field and dimension_of(each) not in but
        key = each.key if joins else index
        known = merged.get(key)
        merged[key] = each if known is None else known._replace(values=tuple(dict.fromkeys(known.values + each.values)))
    return tuple(merged.values())
