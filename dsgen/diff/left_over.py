"""Which objects of a cluster a project has generated and no longer does."""

from __future__ import annotations

from collections.abc import Mapping

from dsgen.diff.key import Key
from dsgen.kubernetes.references import has_controller
from dsgen.kubernetes.schema.words import MANAGED_BY, NAME, PROJECT
from dsgen.tree import Map


def projects(roots: list[Map]) -> list[str]:
    """Return the projects that some objects name in their labels."""
    found = (root.map("metadata", "labels").get(PROJECT) for root in roots)
    return list(dict.fromkeys(str(each) for each in found if isinstance(each, str) and each))


def left_over(live: Mapping[Key, Map], new: Mapping[Key, Map]) -> set[Key]:
    """Return the keys of those objects of a cluster that are not among the `new` ones, and are provably of the same project.

    Either they have the same label of the project; or without that label dsgen generated them, by their labels, for an agent of the same name
    and namespace as one of the new ones. An object without a namespace is such an agent's if no other namespace has one of its name.
    """
    gone = {key: root for key, root in live.items() if key not in new and not _goes_anyway(root)}
    owners = projects(list(new.values()))
    if owners:
        return {key for key, root in gone.items() if root.map("metadata", "labels").get(PROJECT) in owners}
    homes: dict[object, set[str]] = {}
    for key, root in new.items():
        if key.kind == "DaemonSet":
            homes.setdefault(root.map("metadata", "labels").get(NAME), set()).add(key.namespace)
    of_dsgen = {key: root for key, root in gone.items() if is_of_dsgen(root)}
    names = {key: root.map("metadata", "labels").get(NAME) for key, root in of_dsgen.items()}
    elsewhere = {
        name for key, name in names.items() if key.kind == "DaemonSet" and key.namespace not in homes.get(name, ())
    }
    return {
        key
        for key, name in names.items()
        if name is not None
        and name in homes
        and (key.namespace in homes[name] if key.namespace else name not in elsewhere)
    }


def is_of_dsgen(root: Map) -> bool:
    """Return whether an object has the label of what dsgen generates."""
    return root.map("metadata", "labels").get(MANAGED_BY) == "dsgen"


def _goes_anyway(root: Map) -> bool:
    """Return whether an object of the cluster is about to be deleted, or a controller has created it, perhaps with the labels of its owner."""
    metadata = root.map("metadata")
    return metadata.get("deletionTimestamp") is not None or has_controller(metadata)
