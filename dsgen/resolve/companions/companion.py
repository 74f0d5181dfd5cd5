"""One companion, and what all of them are made from."""

from __future__ import annotations

from collections.abc import Mapping

from dsgen.problem import Reporter, Suggestions
from dsgen.record import Record
from dsgen.resolve.file import FindConfig
from dsgen.tree import Map, Value, origin_of


class Companion(Record):
    """An object that comes with a DaemonSet: its template, the name by which that knows it, and the object."""

    template: str
    name: str
    object: Map


class Agent(Record):
    """What companions are made for: a DaemonSet as far as it is described, and its merged profile."""

    name: str
    merged: Map
    metadata: Map
    selector: Map
    pod_labels: Map
    pod: Map
    find: FindConfig
    report: Reporter
    suggestions: Suggestions

    def stated(self, key: str) -> Map | None:
        """Return what the profile states under a key, or None."""
        value = self.merged.get(key)
        return value if isinstance(value, Map) else None

    def companion(
        self, kind: str, stated: Map, name: str, fields: Mapping[str, Value], namespaced: bool = True
    ) -> Companion:
        """Return a companion of a kind: the profile's metadata with the labels and annotations of its own, and the fields."""
        metadata = Map([("name", name)], stated.origin, "ObjectMeta")
        if namespaced and "namespace" in self.metadata:
            metadata["namespace"] = self.metadata["namespace"]
        for key in ("labels", "annotations"):
            both = Map((), origin_of(stated.get(key)), "{str}")
            both.update(self.metadata.map(key))
            both.update(stated.map(key))
            if both:
                metadata[key] = both
        made = Map([("metadata", metadata), *fields.items()], stated.origin, kind)
        return Companion(f"{kind.lower()}.yaml.j2", f"{kind[0].lower()}{kind[1:]}", made)


def text(value: Value | None, otherwise: str) -> str:
    """Return a text, or another where there is none."""
    return value if isinstance(value, str) else otherwise
