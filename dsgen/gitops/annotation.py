"""Annotations that tell a tool what to do with an object."""

from __future__ import annotations

from dsgen.tree import Map, Null


def annotated(tree: Map, key: str, value: str) -> Map:
    """Return an object with an annotation added, unless it has that annotation, or its annotations are not a map."""
    metadata = tree.map("metadata")
    stated = metadata.get("annotations")
    annotations = Map() if stated is None or isinstance(stated, Null) else stated
    if not isinstance(annotations, Map) or key in annotations:
        return tree
    return tree.replaced("metadata", metadata.replaced("annotations", annotations.replaced(key, value)))
