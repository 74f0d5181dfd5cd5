"""Lists of objects from a cluster: the output of `kubectl get … -o json` or `-o yaml`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from dsgen.kubernetes.manifest import read
from dsgen.problem import Problem, code
from dsgen.source import describe
from dsgen.tree import Map, as_map, origin_of

INVALID_CLUSTER_LIST = code(
    "invalid-cluster-list",
    """The objects of a cluster must be the output of `kubectl get nodes -o json` (or `-o yaml`), or likewise for pods.""",
)
INVALID_CLUSTER_OBJECT = code(
    "invalid-cluster-object",
    """An object of a cluster must have a name, and what plans use of it, such as labels, taints and quantities, must be
    valid.""",
)
# Maps and lists that are the largest part of a real list, and not needed. A label can have any of these names.
_HEAVY: Final = (
    "images", "managedFields", "annotations", "volumesInUse", "volumesAttached", "nodeInfo", "capacity", "addresses", "env",
    "volumes", "volumeMounts", "containerStatuses",
)  # fmt: skip


class BadItemError(Exception):
    """Raised with a message for an invalid object."""


def read_list(text: bytes, file: str, kind: str, beside: Sequence[str] = ()) -> tuple[list[Map], list[Problem]]:
    """Return the objects of one kind in a list or stream of them, and what is wrong with it. `file` is the name to show.

    Objects of the kinds `beside` may be among them.
    """
    problems: list[Problem] = []
    roots: list[Any] = []
    if text.lstrip().startswith(b"{"):
        # In a list of thousands of objects nobody needs line numbers, and this is several times as fast.
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
            own = as_map(item).get("kind", kind if listed == f"{kind}List" else None)
            if (own != kind and own not in beside) or not isinstance(item, Map):
                said = f"expected a {kind}List, got {own or listed or describe(root)}"
                problems.append(_not_a_list(kind, said, item, root, file))
                break
            found.append(item)
    if not roots and not problems:
        problems.append(_not_a_list(kind, "the file is empty", None, None, file))
    return found, problems


def _not_a_list(kind: str, said: str, item: object, root: object, file: str) -> Problem:
    pools = ", or a file of node pools: `dsgen explain pools`" if kind == "Node" else ""
    hint = f"pass the output of `kubectl get {kind.lower()}s -o json`{pools}"
    return INVALID_CLUSTER_LIST.at(origin_of(item) or origin_of(root), said, hint=hint, file=file)


def _light(value: dict[str, Any]) -> Map:
    for name in _HEAVY:
        if name in value and not isinstance(value[name], str):
            del value[name]
    return Map(value)


def map_in(holder: Map, name: str, what: str) -> Map:
    """Return the map in the field `name` of `what`, an empty one if it is unset. Raises BadItemError."""
    value = holder.get(name)
    if not value:
        return Map()
    if not isinstance(value, Map):
        raise BadItemError(f"`{name}` of {what} is {describe(value)}, not a map")
    return value


def maps_in(holder: Map, name: str, what: str) -> list[Map]:
    """Return the maps in the list in the field `name` of `what`, none if it is unset. Raises BadItemError."""
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
