"""The classes of values that a label or field of a node can have, as far as some conditions distinguish them."""

from __future__ import annotations

from collections.abc import Iterable, Set
from itertools import pairwise
from typing import Final

from dsgen.kubernetes.scheduling.node_selection import Requirement, whole
from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.formats import LABEL_VALUE_MAX_LENGTH
from dsgen.kubernetes.schema.quantity import MAX_INT64
from dsgen.kubernetes.validation.node_affinity import NAME_FIELD

# A label, a field or a taint: what conditions depend on.
Dimension = tuple[str, ...]
NAME: Final[Dimension] = ("field", NAME_FIELD)
OTHER: Final = "other"


def dimension_of(requirement: Requirement) -> Dimension:
    """Return what a requirement depends on."""
    return ("field" if requirement.is_field else "label", requirement.key)


def states_of(dimension: Dimension, requirements: list[Requirement]) -> list[str | None]:
    """Return a value for each class of a label or field."""
    if dimension == NAME:
        names = dict.fromkeys(value for each in requirements for value in each.values)
        return [unlike(OTHER, names), *(name for name in names if not any(formats.dns_subdomain(name)))]
    if dimension[0] == "field":
        return [""]
    named = dict.fromkeys(value for each in requirements for value in each.values)
    values: list[str | None] = [value for value in named if not any(formats.label_value(value))]
    bounds = sorted({whole(each.values[0]) or 0 for each in requirements if each.operator in ("Gt", "Lt")})
    edges = [0, *(edge for bound in bounds for edge in (bound, bound + 1)), MAX_INT64 + 1]
    numbers = [_number(low, high - 1, named.keys()) for low, high in pairwise(edges)] if bounds else []
    return [None, *values, unlike(OTHER, named), *(number for number in numbers if number is not None)]


def _number(low: int, high: int, taken: Set[str]) -> str | None:
    """Return a whole number in a range as a label value that is not `taken`; it may have leading zeros."""
    for width in range(64):
        for number in range(max(low, 0), min(high, low + len(taken), MAX_INT64) + 1):
            spelled = str(number).zfill(width)
            if spelled not in taken and len(spelled) <= LABEL_VALUE_MAX_LENGTH:
                return spelled
    return None


def unlike(text: str, named: Iterable[str]) -> str:
    """Return a string that is not among the named ones."""
    taken = set(named)
    return next(each for each in (text, *(f"{text}-{number}" for number in range(len(taken) + 1))) if each not in taken)
