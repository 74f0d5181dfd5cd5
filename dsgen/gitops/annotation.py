"""Annotations that tell a tool what to do with an object."""

from __future__ import annotations

from dsgen.tree import Map


def annotated(tree: Map, key: str, value: str) -> Map:
    """Return an object with an annotation added, unless it has that annotation, or its annotations are not a map."""
    metadata = tree.map("metadata")
    annotations = metadata.map("annotations")
    if key in annotations or (metadata.is_set("annotations") and metadata.child("annotations") is None):
        return tree
    return tree.replaced("metadata", metadata.replaced("annotations", annotations.replaced(key, value)))
