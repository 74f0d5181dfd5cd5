"""What a DaemonSet and its companions have in common, and what each states of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.importer.read.objects import SourceObject
from dsgen.kubernetes.validation.kinds import KINDS
from dsgen.record import Record
from dsgen.resolve.metadata import MANAGED_BY, NAME
from dsgen.tree import Map, Text, Value, origin_of

TRUE: Final = Text.at("true", None, plain=True)

# What to do with an object that is not imported.
KEEP: Final = "apply its manifest separately"


class ImportedCompanion(Record):
    """An object beside a DaemonSet: as it was found, and tidy, without defaults."""

    given: SourceObject
    tree: Map

    @property
    def metadata(self) -> Map:
        """Its metadata."""
        return self.tree.map("metadata")

    @property
    def spec(self) -> Map:
        """Its spec."""
        return self.tree.map("spec")


class Reason(Record):
    """Why an object is no part of a profile, and what to do about it."""

    why: str
    hint: str = KEEP


class Left(Record):
    """A companion that belongs to a DaemonSet and is left out of its profile all the same."""

    companion: ImportedCompanion
    reason: Reason


class ImportedAgent(Record):
    """The DaemonSet that companions belong to; `labels` are those that all have in common."""

    name: str
    tree: Map
    labels: Map
    standard: bool
    minor: str

    @property
    def namespace(self) -> str:
        """The namespace, or an empty text."""
        return str(self.tree.map("metadata").get("namespace", ""))

    @property
    def annotations(self) -> Map:
        """The annotations, which all companions have too."""
        return self.tree.map("metadata", "annotations")

    @property
    def selector(self) -> Map:
        """The selector of the pods."""
        return self.tree.map("spec", "selector")

    @property
    def template(self) -> Map:
        """The template of the pods."""
        return self.tree.map("spec", "template")

    @property
    def pod_labels(self) -> Map:
        """The labels of the pods."""
        return self.template.map("metadata", "labels")

    @property
    def pod(self) -> Map:
        """The spec of the pods."""
        return self.template.map("spec")

    def shared(self, kind: str) -> dict[str, Value]:
        """Return the labels that an object of a kind gets without stating them."""
        standard = {NAME: self.name, MANAGED_BY: "dsgen"} if self.standard else {}
        if kind == "Namespace":
            standard.pop(NAME, None)
        return {**standard, **self.labels}

    def common(self, kind: str) -> dict[str, dict[str, Value]]:
        """Return the labels and annotations that an object of a kind gets without stating them."""
        return {"labels": self.shared(kind), "annotations": dict(self.annotations)}

    def own(self, companion: ImportedCompanion) -> Iterator[tuple[str, Value]]:
        """Yield the labels and annotations that a companion has of its own."""
        for key, common in self.common(companion.given.kind).items():
            stated = companion.metadata.map(key)
            rest = Map(((name, value) for name, value in stated.items() if common.get(name) != value), stated.origin)
            if rest:
                yield companion.metadata.key(key), rest

    def misfit(self, companion: ImportedCompanion, own: bool = True) -> Left | None:
        """Return why a profile cannot state the metadata of a companion, or None where it can.

        It has the labels and annotations of all, and with `own` perhaps more.
        """
        metadata = companion.metadata
        for key in metadata:
            if key not in ("name", "namespace", "labels", "annotations"):
                return Left(companion, Reason(f"profiles have no key for `metadata.{key}`"))
        place = str(metadata.get("namespace", ""))
        if KINDS[companion.given.kind].namespaced and place != self.namespace:
            return Left(companion, _apart(place, self.namespace))
        for key, common in self.common(companion.given.kind).items():
            stated, noun = metadata.map(key), key.removesuffix("s")
            for name, value in common.items():
                if stated.get(name) != value:
                    lacking = (
                        f"it lacks the {noun} {_pair(noun, name, value)}, but a profile adds its `{key}` to all objects"
                    )
                    return Left(companion, Reason(lacking, f"add the {noun} to it, or remove it from the DaemonSet"))
            extra = next(((name, value) for name, value in stated.items() if name not in common), None)
            if extra and not own:
                found = f"the DaemonSet does not have its {noun} {_pair(noun, *extra)}, and profiles cannot set one for a role or a binding"
                return Left(companion, Reason(found, f"remove the {noun}, or {KEEP}"))
        return None

    def named(self, companion: ImportedCompanion) -> Iterator[tuple[str, Value]]:
        """Yield the name of a companion, where it is not that of the DaemonSet."""
        name = companion.metadata["name"]
        if name != self.name:
            yield companion.metadata.key("name"), name


class Fold(Record):
    """What a profile states under a key, and the objects that it stands for."""

    key: str
    value: Map
    objects: tuple[ImportedCompanion, ...]


def fold_of(agent: ImportedAgent, key: str, companion: ImportedCompanion, items: Any) -> Fold:
    """Return what a companion states of its own, under a key."""
    entry = Map([*agent.named(companion), *items, *agent.own(companion)], companion.tree.origin, key)
    return Fold(key, entry, (companion,))


def _apart(place: str, agents: str) -> Reason:
    """Return the reason why an object in one namespace does not come with a DaemonSet in another; empty texts stand for none."""
    if not agents:
        why = f"it is in the namespace {place}, but the DaemonSet sets none"
        return Reason(why, f"add `namespace: {place}` to the metadata of the DaemonSet")
    if not place:
        why = f"it sets no namespace, but the DaemonSet is in {agents}"
        return Reason(why, f"add `namespace: {agents}` to its metadata")
    return Reason(f"it is in the namespace {place}, but the DaemonSet is in {agents}")


def _pair(noun: str, name: str, value: Value) -> str:
    """Return a label or an annotation as it is named in a message; the value of an annotation may be long."""
    return f"`{name}: {value}`" if noun == "label" else f"`{name}`"


def contains(labels: Map, wanted: Any) -> bool:
    """Tell whether labels hold all those that are wanted."""
    return all(labels.get(key) == value for key, value in wanted.items())


def at(key: str, place: Any) -> Text:
    """Return a key of the profile at a place of a manifest."""
    return Text.at(key, origin_of(place))
