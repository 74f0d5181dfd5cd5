"""Which nodes a pod selects: `nodeSelector` and required node affinity, as component-helpers' nodeaffinity evaluates them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.paths import NODE_SELECTOR_TERMS, REQUIRED
from dsgen.kubernetes.schema.quantity import MAX_INT64, MIN_INT64
from dsgen.kubernetes.validation.node_affinity import FIELD_OPERATORS, NAME_FIELD, OPERATORS
from dsgen.record import Record
from dsgen.tree import Map, Null, Path, as_map

# A message lists at most so many values.
MANY: Final = 10


class Requirement(Record):
    """One condition on a label, or on a field of the node; `path` is its place in the pod's spec."""

    key: str
    operator: str
    values: tuple[str, ...]
    path: Path = ()
    is_field: bool = False

    def holds(self, value: str | None) -> bool:
        """Return whether a node with this value of the label meets the condition; None means that the node does not have it."""
        if self.operator == "In":
            return value in self.values
        if self.operator == "NotIn":
            return value not in self.values
        if self.operator in ("Exists", "DoesNotExist"):
            return (value is None) == (self.operator == "DoesNotExist")
        number, bound = whole(value), whole(self.values[0])
        if number is None or bound is None:
            return False
        return number > bound if self.operator == "Gt" else number < bound

    @property
    def wanted(self) -> str:
        """What the condition requires, for a message."""
        values = ", ".join(value or '""' for value in self.values)
        if len(self.values) > MANY:
            values = f"{len(self.values)} values"
        several = len(self.values) > 1
        return {
            "In": f"one of {values}" if several else values,
            "NotIn": f"none of {values}" if several else f"not {values}",
            "Exists": "any value",
            "DoesNotExist": "no such label",
            "Gt": f"more than {values}",
            "Lt": f"less than {values}",
        }[self.operator]

    def failure(self, value: str | None) -> str:
        """Return why a node with this value does not meet the condition."""
        what = "the node's name" if self.is_field else f"label {self.key}"
        return f"{what} is {'missing' if value is None else value or 'empty'}, required: {self.wanted}"


Term = tuple[Requirement, ...]


class Selection(Record):
    """The nodes that a pod selects: all of `always` hold, and every requirement of one of the `terms`, if there are any.

    A term that Kubernetes cannot read, or that is empty, matches no node; such terms are left out. `terms` is None for a
    pod without required node affinity.
    """

    always: Term
    terms: tuple[Term, ...] | None

    @property
    def alternatives(self) -> list[Term]:
        """The terms, each with what must hold always."""
        return [self.always] if self.terms is None else [(*self.always, *term) for term in self.terms]

    def failure(self, labels: Mapping[str, str], name: str) -> tuple[str, Path]:
        """Return the first reason why a node is not selected with the place of the condition; an empty one if it is selected."""
        for requirement in self.always:
            if not requirement.holds(labels.get(requirement.key)):
                return requirement.failure(labels.get(requirement.key)), requirement.path
        if self.terms is None:
            return "", ()
        failed = []
        for term in self.terms:
            unmet = next((each for each in term if not _met(each, labels, name)), None)
            if unmet is None:
                return "", ()
            failed.append((unmet.failure(_value(unmet, labels, name)), unmet.path))
        if len(failed) == 1:
            return failed[0]
        if not failed:
            return "the required node affinity matches no node", NODE_SELECTOR_TERMS
        return f"no alternative holds: {'; '.join(reason for reason, _ in failed)}", NODE_SELECTOR_TERMS

    def selects(self, labels: Mapping[str, str], name: str) -> bool:
        """Return whether a node is selected."""
        return not self.failure(labels, name)[0]


def selection(pod: Map) -> Selection:
    """Return the nodes that the pod spec `pod` (decoded) selects."""
    pairs = pod.map("nodeSelector").items()
    always = tuple(Requirement(str(key), "In", (text(value),), ("nodeSelector", key)) for key, value in pairs)
    required = pod.map("affinity", "nodeAffinity").child(REQUIRED)
    if required is None:
        return Selection(always, None)
    terms = enumerate(map(as_map, required.entries("nodeSelectorTerms")))
    read = (_term(term, (*NODE_SELECTOR_TERMS, index)) for index, term in terms)
    return Selection(always, tuple(filter(None, read)))


def whole(value: str | None) -> int | None:
    """Return the number that Go reads from a label's value, or None: 64 bits, a sign and leading zeros allowed."""
    if value is None or not re.fullmatch("[+-]?[0-9]+", value, re.ASCII) or len(value) > 100:
        return None
    number = int(value)
    return number if MIN_INT64 <= number <= MAX_INT64 else None


def text(value: object) -> str:
    """Return a string of a manifest; null is the empty one."""
    return "" if value is None or type(value) is Null else str(value)


def _value(requirement: Requirement, labels: Mapping[str, str], name: str) -> str | None:
    if requirement.is_field:
        return name if requirement.key == NAME_FIELD else ""
    return labels.get(requirement.key)


def _met(requirement: Requirement, labels: Mapping[str, str], name: str) -> bool:
    if requirement.is_field and not name:
        return True
    return requirement.holds(_value(requirement, labels, name))


def _term(term: Map, path: Path) -> Term | None:
    """Return the requirements of a term; None for one that matches nothing: empty or invalid."""
    requirements = (*conditions(term, "matchExpressions", path), *conditions(term, "matchFields", path))
    return requirements if requirements and all(map(_is_readable, requirements)) else None


def conditions(term: Map, name: str, path: Path) -> Iterator[Requirement]:
    """Yield the requirements in `matchExpressions` or `matchFields` of a term, valid or not. `path` is that of the term."""
    stated: Any = term.get(name) or ()
    for index, each in enumerate(stated):
        values = tuple(map(text, each.get("values") or ()))
        place = (*path, name, index)
        yield Requirement(text(each.get("key")), text(each.get("operator")), values, place, name == "matchFields")


def _is_readable(requirement: Requirement) -> bool:
    operator, values = requirement.operator, requirement.values
    if requirement.is_field:
        return operator in FIELD_OPERATORS and len(values) == 1
    if operator not in OPERATORS or any(formats.label_key(requirement.key)):
        return False
    if operator in ("Gt", "Lt"):
        counted = len(values) == 1 and whole(values[0]) is not None
    else:
        counted = bool(values) == (operator in ("In", "NotIn"))
    return counted and not any(problem for value in values for problem in formats.label_value(value))
