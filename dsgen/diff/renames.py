"""What a change renames: objects, and what pods refer to that is not among the objects, such as secrets and folders of the nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dsgen.diff.compare import Difference
from dsgen.diff.key import Key
from dsgen.tree import as_map

# The end of a field that refers to an object by its name, and the kind of that.
_REFERENCES: Final = {
    "secretKeyRef.name": "Secret",
    "secretRef.name": "Secret",
    "secret.secretName": "Secret",
    "persistentVolumeClaim.claimName": "PersistentVolumeClaim",
}


def renames(differences: Sequence[Difference]) -> list[str]:
    """Return a line for each rename: its kind, and the name before and after.

    An object is renamed if it is the only one of its kind and namespace that is deleted, and another the only one that is created.
    """
    found = dict.fromkeys(_objects(differences))
    for each in differences:
        where = f"{each.key.environment}: " if each.key.environment else ""
        found |= dict.fromkeys(f"{where}{line}" for line in (*_references(each), *_folders(each)))
    return list(found)


def _objects(differences: Sequence[Difference]) -> Iterator[str]:
    groups: dict[tuple[str, ...], dict[str, list[Key]]] = {}
    for each in differences:
        if each.what in ("created", "deleted"):
            of = (each.key.environment, each.key.group, each.key.kind, each.key.namespace)
            groups.setdefault(of, {}).setdefault(each.what, []).append(each.key)
    for group in groups.values():
        if [len(keys) for keys in group.values()] == [1, 1]:
            yield f"{group['deleted'][0]} -> {group['created'][0].name}"


def _references(difference: Difference) -> Iterator[str]:
    for change in difference.changes:
        kind = next((kind for end, kind in _REFERENCES.items() if change.field.endswith(end)), "")
        if kind and isinstance(change.old, str) and isinstance(change.new, str):
            yield f"{kind} {change.old} -> {change.new}"


def _folders(difference: Difference) -> Iterator[str]:
    """Yield the folder of the nodes that a volume of another name has instead of another, if that is clear."""
    gone, new = (
        [as_map(value).map("hostPath").get("path") for value in values if "hostPath" in as_map(value)]
        for values in (
            [change.old for change in difference.changes if change.new is None],
            [change.new for change in difference.changes if change.old is None],
        )
    )
    if len(gone) == len(new) == 1 and gone != new:
        yield f"folder of the node {gone[0]} -> {new[0]}"
