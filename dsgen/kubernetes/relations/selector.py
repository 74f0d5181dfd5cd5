"""Label selectors of objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dsgen.origin import Origin
from dsgen.record import Record
from dsgen.tree import List, Map, origin_of

ANYWHERE: Final = ("*",)


class Selector(Record):
    """A label selector: `labels`, and expressions as key, operator and values. `namespaces` are those that it is about, if not its own."""

    labels: Mapping[str, str]
    expressions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    namespaces: tuple[str, ...] = ()
    origin: Origin | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it selects everything."""
        return not self.labels and not self.expressions

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Return whether it selects an object with these labels (apimachinery/pkg/labels: Requirement.Matches)."""
        if any(labels.get(key) != value for key, value in self.labels.items()):
            return False
        return all(_holds(each, labels) for each in self.expressions)

    @classmethod
    def from_json(cls, kept: list[Any]) -> Selector:
        """Return the selector from its JSON data."""
        labels, expressions, namespaces, origin = kept
        read = tuple((key, operator, tuple(values)) for key, operator, values in expressions)
        return cls(labels, read, tuple(namespaces), Origin(*origin) if origin else None)


def _holds(expression: tuple[str, str, tuple[str, ...]], labels: Mapping[str, str]) -> bool:
    key, operator, values = expression
    if operator == "In":
        return labels.get(key) in values
    if operator == "NotIn":
        return labels.get(key) not in values
    return (key in labels) == (operator == "Exists")


def selector_of(root: Map, kind: str) -> Selector | None:
    """Return the selector of an object; None if it has none, or none that is about labels."""
    spec = root.map("spec")
    field = "podSelector" if kind == "NetworkPolicy" else "selector"
    stated = spec.child(field)
    if stated is None or (kind == "Service" and spec.get("type") == "ExternalName"):
        return None
    origin = stated.origin or origin_of(next(iter(spec), None))
    if kind in ("Service", "ReplicationController"):
        return Selector(labels_in(stated), origin=origin)
    within = spec.child("namespaceSelector")
    return label_selector(stated, _namespaces(within) if within else (), origin)


def _namespaces(within: Map) -> tuple[str, ...]:
    """Return the namespaces that a `NamespaceSelector` of the Prometheus operator is about, if not its own."""
    names = within.get("matchNames")
    return ANYWHERE if within.get("any") else tuple(str(each) for each in names) if isinstance(names, List) else ()


def label_selector(stated: Map, namespaces: tuple[str, ...] = (), origin: Origin | None = None) -> Selector:
    """Return a `LabelSelector`; an empty one selects everything."""
    expressions = tuple(_expression(each) for each in stated.maps("matchExpressions"))
    return Selector(labels_in(stated.map("matchLabels")), expressions, namespaces, origin)


def labels_in(labels: Map) -> dict[str, str]:
    """Return a map of labels as plain strings."""
    return {str(key): str(value) for key, value in labels.items() if isinstance(value, str)}


def _expression(stated: Map) -> tuple[str, str, tuple[str, ...]]:
    values = stated.get("values")
    return (
        str(stated.get("key")),
        str(stated.get("operator")),
        tuple(map(str, values)) if isinstance(values, List) else (),
    )
