"""An annotation of an object, by which a tool is told what to do with it."""

from __future__ import annotations

from dsgen.tree import Map, Null


def annotated(tree: Map, key: str, value: str) -> Map:
    """Return an object with an annotation, unless it states one itself, or where annotations belong has something else."""
    metadata = tree.map("metadata")
    stated = metadata.get("annotations")
    annotations = Map() if stated is None or isinstance(stated, Null) else stated
    if not isinstance(annotations, Map) or key in annotations:
        return tree
    return tree.replaced("metadata", metadata.replaced("annotations", annotations.replaced(key, value)))
