"""Objects as a cluster lists them: what `kubectl get … -o json` or `-o yaml` prints."""

from __future__ import annotations

import json
from typing import Any, Final

from dsgen.kubernetes.manifest import read
from dsgen.problem import Problem, code
from dsgen.source import describe
from dsgen.tree import Map, as_map, origin_of

INVALID_CLUSTER_LIST = code(
    "invalid-cluster-list",
    "What a cluster has is read from what `kubectl get nodes -o json` (or `-o yaml`) prints, and likewise for pods.",
)
INVALID_CLUSTER_OBJECT = code(
    "invalid-cluster-object",
    "An object of a cluster has a name; what plans look at, such as labels, taints and quantities, has the form that Kubernetes gives it.",
)
# Maps and lists that make most of a real list, and are not looked at. A label may have any of these names.
_HEAVY: Final = (
    "images", "managedFields", "annotations", "volumesInUse", "volumesAttached", "nodeInfo", "capacity", "addresses", "env",
    "volumes", "volumeMounts", "containerStatuses",
)  # fmt: skip


class BadItemError(Exception):
    """What is wrong with an object, in words."""


def read_list(text: bytes, file: str, kind: str) -> tuple[list[Map], list[Problem]]:
    """Return the objects of one kind in a list or stream of them, and what is wrong with it. `file` is the name to show."""
    problems: list[Problem] = []
    roots: list[Any] = []
    if text.lstrip().startswith(b"{"):
        # A list of thousands of objects has no lines that anyone would look at, and this is several times as fast.
        try:
            roots = [json.loads(text, object_hook=_light)]
        except ValueError:
            roots = []
    if not roots:
        documents = read(text, file)
        problems += [each for document in documents for each in document.problems]
        roots = [document.root for document in documents]
    found: list[Map] = []
    for root in roots:
        listed = as_map(root).get("kind")
        items = root.get("items") if listed in ("List", f"{kind}List") else [root]
        for item in items if isinstance(items, list) else [None]:
            own = item.get("kind", kind if listed == f"{kind}List" else None) if isinstance(item, Map) else None
            if own != kind or not isinstance(item, Map):
                said = f"{own or listed or describe(root)} where a list of {kind.lower()}s is wanted"
                problems.append(_not_a_list(kind, said, item, root, file))
                break
            found.append(item)
    if not roots and not problems:
        problems.append(_not_a_list(kind, "nothing is in it", None, None, file))
    return found, problems


def _not_a_list(kind: str, said: str, item: object, root: object, file: str) -> Problem:
    hint = f"pass what `kubectl get {kind.lower()}s -o json` prints"
    return INVALID_CLUSTER_LIST.at(origin_of(item) or origin_of(root), said, hint=hint, file=file)


def _light(value: dict[str, Any]) -> Map:
    for name in _HEAVY:
        if name in value and not isinstance(value[name], str):
            del value[name]
    return Map(value)


def map_in(holder: Map, name: str, what: str) -> Map:
    """Return the map in the field `name` of `what`, an empty one when it is not stated. Raises BadItemError."""
    value = holder.get(name)
    if not value:
        return Map()
    if not isinstance(value, Map):
        raise BadItemError(f"`{name}` of {what} is {describe(value)}, not a map")
    return value


def maps_in(holder: Map, name: str, what: str) -> list[Map]:
    """Return the maps in the list in the field `name` of `what`, none when it is not stated. Raises BadItemError."""
    value = holder.get(name)
    if not value:
        return []
    if not isinstance(value, list) or not all(isinstance(each, Map) for each in value):
        raise BadItemError(f"`{name}` of {what} is not a list of maps")
    return list(value)  # type: ignore[arg-type]


def name_of(item: Map, kind: str) -> str:
    """Return the name of an object. Raises BadItemError."""
    name = map_in(item, "metadata", f"a {kind}").get("name")
    if not isinstance(name, str) or not name:
        raise BadItemError(f"a {kind} without `metadata.name`")
    return str(name)
