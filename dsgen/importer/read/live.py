"""The namespace of objects of a cluster that set none."""

from __future__ import annotations

from dsgen.kubernetes.validation.kinds import KINDS
from dsgen.tree import Map, Text, origin_of


def in_namespace(root: Map, namespace: str) -> Map:
    """Return an object of a kind that is in namespaces in a namespace, if it sets none itself."""
    kind = KINDS.get(str(root.get("kind")))
    metadata = root.child("metadata")
    if kind is None or not kind.namespaced or metadata is None or metadata.get("namespace"):
        return root
    own = Text.at(namespace, origin_of(metadata.get("name")))
    items = list(metadata.without("namespace").items())
    after = next((place for place, (key, _) in enumerate(items, 1) if key == "name"), 0)
    return root.replaced("metadata", metadata.with_items([*items[:after], ("namespace", own), *items[after:]]))
