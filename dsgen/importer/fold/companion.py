"""What a DaemonSet and its companions have in common, and what only one of them has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.importer.read.objects import SourceObject
from dsgen.kubernetes.schema.words import MANAGED_BY, NAME
from dsgen.kubernetes.validation.kinds import is_namespaced
from dsgen.record import Record
from dsgen.tree import Map, Text, Value, origin_of

TRUE: Final = Text.at("true", None, plain=True)

# What to do with an object that is not imported.
KEEP: Final = "keep its manifest with `--rest DIR`, or apply it separately"


class ImportedCompanion(Record):
    """An object next to a DaemonSet: as it is in the input, and tidy, without defaults."""

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
    """Why an object does not become part of a profile, and what to do about it."""

    why: str
    hint: str = KEEP


class LeftOut(Record):
    """A companion that belongs to a DaemonSet, but that its profile leaves out."""

    companion: ImportedCompanion
    reason: Reason


class ImportedAgent(Record):
    """The DaemonSet that companions belong to. The profile gives its `labels` and `annotations` to all of its objects."""

    name: str
    tree: Map
    labels: Map
    annotations: Map
    standard: bool
    minor: str

    @property
    def namespace(self) -> str:
        """The namespace, or an empty string."""
        return str(self.tree.map("metadata").get("namespace", ""))

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
        """Return the labels that the profile gives to an object of a kind."""
        standard = {NAME: self.name, MANAGED_BY: "dsgen"} if self.standard else {}
        if kind == "Namespace":
            standard.pop(NAME, None)
        return {**standard, **self.labels}

    def common(self, kind: str) -> dict[str, dict[str, Value]]:
        """Return the labels and annotations that the profile gives to an object of a kind."""
        return {"labels": self.shared(kind), "annotations": dict(self.annotations)}

    def own(self, companion: ImportedCompanion) -> Iterator[tuple[str, Map]]:
        """Yield the labels and annotations of a companion that the profile does not give to all objects."""
        for key, common in self.common(companion.given.kind).items():
            every = companion.metadata.map(key)
            rest = every.without(*(name for name, value in every.items() if common.get(name) == value))
            if rest:
                yield companion.metadata.key(key), rest

    def misfit(self, companion: ImportedCompanion) -> LeftOut | None:
        """Return why a profile cannot set the metadata of a companion, or None if it can.

        A companion must have all labels and annotations that the profile gives to it. It may have others too.
        """
        metadata = companion.metadata
        for key in metadata:
            if key not in ("name", "namespace", "labels", "annotations"):
                return LeftOut(companion, Reason(f"profiles have no key for `metadata.{key}`"))
        namespace = str(metadata.get("namespace", ""))
        if is_namespaced(companion.given.kind) and namespace != self.namespace:
            return LeftOut(companion, _in_another_namespace(namespace, self.namespace))
        for key, common in self.common(companion.given.kind).items():
            every, noun = metadata.map(key), key.removesuffix("s")
            for name, value in common.items():
                if every.get(name) != value:
                    why = (
                        f"it lacks the {noun} {_pair(noun, name, value)}, but a profile adds its `{key}` to all objects"
                    )
                    return LeftOut(companion, Reason(why, f"add the {noun} to it, or remove it from the DaemonSet"))
        return None

    def named(self, companion: ImportedCompanion) -> Iterator[tuple[str, Value]]:
        """Yield the name of a companion, if it differs from that of the DaemonSet."""
        name = companion.metadata["name"]
        if name != self.name:
            yield companion.metadata.key("name"), name


class Fold(Record):
    """The value of a key of the profile, and the objects that it generates."""

    key: str
    value: Map
    objects: tuple[ImportedCompanion, ...]


def fold_of(agent: ImportedAgent, key: str, companion: ImportedCompanion, items: Any) -> Fold:
    """Return a companion as the value of a key: its name, if it differs, the given items, and its own labels and annotations."""
    entry = Map([*agent.named(companion), *items, *agent.own(companion)], companion.tree.origin, key)
    return Fold(key, entry, (companion,))


def _in_another_namespace(own: str, agents: str) -> Reason:
    """Return the reason for an object whose namespace is not that of the DaemonSet; an empty string means that none is set."""
    if not agents:
        why = f"it is in the namespace {own}, but the DaemonSet sets none"
        return Reason(why, f"pass `--namespace {own}`, if that is where the DaemonSet is applied")
    if not own:
        why = f"it sets no namespace, but the DaemonSet is in {agents}"
        return Reason(why, f"add `namespace: {agents}` to its metadata")
    return Reason(f"it is in the namespace {own}, but the DaemonSet is in {agents}")


def _pair(noun: str, name: str, value: Value) -> str:
    """Return a label or an annotation for a message; the value of an annotation may be too long for it."""
    return f"`{name}: {value}`" if noun == "label" else f"`{name}`"


def contains(labels: Map, required: Map) -> bool:
    """Return whether labels contain all the required ones."""
    return all(labels.get(key) == value for key, value in required.items())


def at(key: str, place: Any) -> Text:
    """Return a key of the profile with the position of a value in a manifest."""
    return Text.at(key, origin_of(place))
