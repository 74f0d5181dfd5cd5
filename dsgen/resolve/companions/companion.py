"""One companion object, and the input for all of them."""

from __future__ import annotations

from collections.abc import Mapping

from dsgen.problem import Reporter, Suggestions
from dsgen.record import Record
from dsgen.resolve.file import FindConfig
from dsgen.tree import Map, Value, origin_of


class Companion(Record):
    """A companion object: its template, the name of its variable there, and the object."""

    template: str
    name: str
    object: Map


class DescribedAgent(Record):
    """The DaemonSet of the companions: its description so far, and its merged profile."""

    name: str
    merged: Map
    metadata: Map
    selector: Map
    pod_labels: Map
    pod: Map
    find: FindConfig
    report: Reporter
    suggestions: Suggestions

    def companion(
        self, kind: str, stated: Map, name: str, fields: Mapping[str, Value], namespaced: bool = True
    ) -> Companion:
        """Return a companion of a kind: the profile's metadata with its own labels and annotations, and the fields."""
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
    """Return a text, or a default."""
    return value if isinstance(value, str) else otherwise
