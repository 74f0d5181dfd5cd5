"""The label by which the objects of one project are found again, as by `kubectl apply --prune -l`."""

from __future__ import annotations

from dsgen.kubernetes.schema.words import PROJECT
from dsgen.tree import Map, Text, origin_of


def labelled(tree: Map, project: Text, environment: str) -> Map:
    """Return an object with the label of its project, `NAME` or `NAME.ENVIRONMENT`, unless it has that label, or its labels are not a map."""
    metadata = tree.map("metadata")
    labels = metadata.map("labels")
    if PROJECT in labels or (metadata.is_set("labels") and metadata.child("labels") is None):
        return tree
    value = Text.at(f"{project}.{environment}" if environment else str(project), origin_of(project))
    return tree.replaced("metadata", metadata.replaced("labels", labels.replaced(PROJECT, value)))
