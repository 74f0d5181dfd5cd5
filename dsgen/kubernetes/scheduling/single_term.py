"""Alternatives in a node affinity as a single term that selects the same nodes, if there is one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from dsgen.kubernetes.scheduling.node_selection import Requirement, Term, whole

# Comparing every two terms takes time; nobody writes as many by hand.
MAX_TERMS: Final = 50


def single_term(terms: Sequence[Term]) -> Term | None:
    """Return a term that selects the same nodes as all of `terms` together; empty if these are all nodes, and None if none was found."""
    left = [frozenset(each._replace(values=tuple(sorted(each.values)), path=()) for each in term) for term in terms]
    if not left or len(left) > MAX_TERMS:
        return None
    while len(left) > 1:
        pairs = ((one, other, _joined(one, other)) for one, other in combinations(left, 2))
        found = next(((one, other, joined) for one, other, joined in pairs if joined is not None), None)
        if found is None:
            return None
        left = [*(each for each in left if each not in found[:2]), found[2]]
    keys = [each.key for term in terms for each in term]
    return tuple(sorted(left[0], key=lambda each: (keys.index(each.key), each.operator, each.values)))


def _joined(one: frozenset[Requirement], other: frozenset[Requirement]) -> frozenset[Requirement] | None:
    """Return the union of two terms as a term: all requirements but one must be the same."""
    common, (only, others) = one & other, (one - other, other - one)
    if not only or not others:
        return common
    if len(only) > 1 or len(others) > 1:
        return None
    united = _union(*only, *others)
    return None if united is None else common | frozenset(united)


def _union(one: Requirement, other: Requirement) -> list[Requirement] | None:
    """Return a requirement that holds if one of two does, in a list; an empty list if one always does, and None if there is none."""
    if one.key != other.key or one.is_field or other.is_field:
        return None
    by_operator = {one.operator: one, other.operator: other}
    operators = set(by_operator)
    if len(operators) == 1:
        return _of_same(one, other)
    if operators in ({"Exists", "NotIn"}, {"Exists", "DoesNotExist"}):
        return []
    if "Exists" in operators:
        return [by_operator["Exists"]]
    if operators == {"DoesNotExist", "NotIn"}:
        return [by_operator["NotIn"]]
    if operators == {"In", "NotIn"}:
        return _not_in(one, [value for value in by_operator["NotIn"].values if value not in by_operator["In"].values])
    return None


def _of_same(one: Requirement, other: Requirement) -> list[Requirement] | None:
    if one.operator == "In":
        return [one._replace(values=tuple(sorted({*one.values, *other.values})))]
    if one.operator == "NotIn":
        return _not_in(one, [value for value in one.values if value in other.values])
    if one.operator in ("Gt", "Lt"):
        bounds = sorted((one, other), key=lambda each: whole(each.values[0]) or 0)
        return [bounds[0] if one.operator == "Gt" else bounds[1]]
    return [one]


def _not_in(one: Requirement, values: list[str]) -> list[Requirement]:
    return [one._replace(operator="NotIn", values=tuple(values))] if values else []
