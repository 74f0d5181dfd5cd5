"""What a DaemonSet and its companions have in common, and what each states of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.importer.objects import Given
from dsgen.kubernetes.admission.kinds import KINDS
from dsgen.record import Record
from dsgen.resolve.identity import MANAGED_BY, NAME
from dsgen.tree import Map, Text, Value, origin_of

TRUE: Final = Text.at("true", None, plain=True)


class Companion(Record):
    """An object beside a DaemonSet: as it was found, and tidy, without defaults."""

    given: Given
    tree: Map

    @property
    def metadata(self) -> Map:
        """Its metadata."""
        return part(self.tree, "metadata")

    @property
    def spec(self) -> Map:
        """Its spec."""
        return part(self.tree, "spec")


class Agent(Record):
    """The DaemonSet that companions belong to; `labels` are those that all have in common."""

    name: str
    tree: Map
    labels: Map
    standard: bool
    minor: str

    @property
    def namespace(self) -> str:
        """The namespace, or an empty text."""
        return str(part(self.tree, "metadata").get("namespace", ""))

    @property
    def annotations(self) -> Map:
        """The annotations, which all companions have too."""
        return part(part(self.tree, "metadata"), "annotations")

    @property
    def selector(self) -> Map:
        """The selector of the pods."""
        return part(part(self.tree, "spec"), "selector")

    @property
    def template(self) -> Map:
        """The template of the pods."""
        return part(part(self.tree, "spec"), "template")

    @property
    def pod_labels(self) -> Map:
        """The labels of the pods."""
        return part(part(self.template, "metadata"), "labels")

    @property
    def pod(self) -> Map:
        """The spec of the pods."""
        return part(self.template, "spec")

    def shared(self, kind: str) -> dict[str, Value]:
        """Return the labels that an object of a kind gets without stating them."""
        standard = {NAME: self.name, MANAGED_BY: "dsgen"} if self.standard else {}
        if kind == "Namespace":
            standard.pop(NAME, None)
        return {**standard, **self.labels}

    def own(self, companion: Companion) -> Iterator[tuple[str, Value]]:
        """Yield the labels and annotations that a companion has of its own."""
        shared = {"labels": self.shared(companion.given.kind), "annotations": dict(self.annotations)}
        for key, common in shared.items():
            stated = part(companion.metadata, key)
            rest = Map(((name, value) for name, value in stated.items() if common.get(name) != value), stated.origin)
            if rest:
                yield companion.metadata.key(key), rest

    def fits(self, companion: Companion, own: bool = True) -> bool:
        """Tell whether a companion has the metadata of all, and with `own`, perhaps more labels and annotations."""
        metadata = companion.metadata
        if metadata.keys() - {"name", "namespace", "labels", "annotations"}:
            return False
        if KINDS[companion.given.kind].namespaced and metadata.get("namespace", "") != self.namespace:
            return False
        labels, annotations = part(metadata, "labels"), part(metadata, "annotations")
        common = self.shared(companion.given.kind)
        has_all = contains(labels, common) and contains(annotations, self.annotations)
        return has_all and (own or (len(labels) == len(common) and len(annotations) == len(self.annotations)))

    def named(self, companion: Companion) -> Iterator[tuple[str, Value]]:
        """Yield the name of a companion, where it is not that of the DaemonSet."""
        name = companion.metadata["name"]
        if name != self.name:
            yield companion.metadata.key("name"), name


class Fold(Record):
    """What a profile states under a key, and the objects that it stands for."""

    key: str
    value: Map
    objects: tuple[Companion, ...]


def fold_of(agent: Agent, key: str, companion: Companion, items: Any) -> Fold:
    """Return what a companion states of its own, under a key."""
    entry = Map([*agent.named(companion), *items, *agent.own(companion)], companion.tree.origin, key)
    return Fold(key, entry, (companion,))


def part(holder: Any, key: str) -> Map:
    """Return a map of a map, or an empty one."""
    value = holder.get(key)
    return value if isinstance(value, Map) else Map()


def contains(labels: Map, wanted: Any) -> bool:
    """Tell whether labels hold all those that are wanted."""
    return all(labels.get(key) == value for key, value in wanted.items())


def at(key: str, place: Any) -> Text:
    """Return a key of the profile at a place of a manifest."""
    return Text.at(key, origin_of(place))
