"""The values of a label that a requirement allows, as Karpenter calculates with them: Requirement in its pkg/scheduling."""

from __future__ import annotations

import re
from typing import Final

from dsgen.kubernetes.scheduling.node_selection import whole
from dsgen.kubernetes.schema.quantity import MAX_INT64, MIN_INT64
from dsgen.record import Record

# Requirements that a node without the label meets.
NEGATIVE: Final = ("NotIn", "DoesNotExist")


class LabelValues(Record):
    """The values in `named`, or if `others` is set, all values except these; within the bounds, both inclusive.

    No value at all means that the label does not exist.
    """

    named: frozenset[str]
    others: bool = False
    least: int | None = None
    most: int | None = None

    @property
    def is_negative(self) -> bool:
        """Whether it counts as `NotIn` or `DoesNotExist`. Bounds alone count as `Exists`."""
        return bool(self.named) == self.others

    def intersection(self, other: LabelValues) -> LabelValues:
        """Return the values that both allow."""
        least, most = _larger(self.least, other.least), _smaller(self.most, other.most)
        if least is not None and most is not None and least > most:
            return LabelValues(frozenset())
        others = self.others and other.others
        if others:
            named = self.named | other.named
        elif self.others:
            named = other.named - self.named
        else:
            named = self.named - other.named if other.others else self.named & other.named
        within = frozenset(value for value in named if _within(value, least, most))
        return LabelValues(within, True, least, most) if others else LabelValues(within)

    def meets(self, other: LabelValues) -> bool:
        """Return whether a node can have a value that both allow, or lack the label."""
        if self.is_negative and other.is_negative:
            return True
        least, most = _larger(self.least, other.least), _smaller(self.most, other.most)
        if least is not None and most is not None and least > most:
            return False
        if self.others and other.others:
            return True
        if self.others or other.others:
            few, except_for = (other.named, self.named) if self.others else (self.named, other.named)
            common = few - except_for
        else:
            common = self.named & other.named
        return any(_within(value, least, most) for value in common)


def allowed(operator: str, values: tuple[str, ...]) -> LabelValues:
    """Return the values that a requirement with this operator allows."""
    if operator in ("In", "NotIn"):
        return LabelValues(frozenset(values), operator == "NotIn")
    if operator == "DoesNotExist":
        return LabelValues(frozenset())
    if operator == "Gt":
        bound = _number(values)
        return LabelValues(frozenset()) if bound == MAX_INT64 else LabelValues(frozenset(), True, bound + 1)
    if operator == "Lt":
        bound = _number(values)
        return LabelValues(frozenset(), True, None, MAX_INT64 if bound == MIN_INT64 else bound - 1)
    return LabelValues(frozenset(), True)


def _number(values: tuple[str, ...]) -> int:
    """Return what Go's Atoi returns beside an error, too: 0 for what is not a number, and the nearest one for what is too large."""
    stated = values[0] if values else ""
    number = whole(stated)
    if number is None and re.fullmatch("[+-]?[0-9]+", stated, re.ASCII):
        return MIN_INT64 if stated.startswith("-") else MAX_INT64
    return number or 0


def _within(value: str, least: int | None, most: int | None) -> bool:
    if least is None and most is None:
        return True
    number = whole(value)
    return number is not None and (least is None or number >= least) and (most is None or number <= most)


def _larger(one: int | None, other: int | None) -> int | None:
    return max((each for each in (one, other) if each is not None), default=None)


def _smaller(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)
