"""The decoding of an object of a shipped custom kind."""

from __future__ import annotations

from typing import Any

from dsgen.kubernetes.schema.custom.checking import Checker
from dsgen.kubernetes.schema.custom.decoding import read
from dsgen.kubernetes.schema.custom.shipped_definitions import shipped
from dsgen.kubernetes.schema.errors import INVALID_FIELD_TYPE, DecodeError
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.tree import List, Map, Path


def decode_shipped(root: Map, kind: str, minor: str) -> tuple[Map, str, list[DecodeError]]:
    """Return an object of a shipped kind as the server reads it, the kind, and what is wrong with its fields and their types."""
    # A header whose keys are misspelt tells the kind too, but has no version.
    version = shipped(kind).versions.get(str(root.get("apiVersion")).rpartition("/")[2])
    schema = (version or shipped(kind).newest).schema
    found = read(root, schema, minor)
    checked = Checker(minor_number(minor)).check(found.root, schema)
    wrong = {each.path: each for each in reversed(checked) if each.code is INVALID_FIELD_TYPE}.values()
    misfits = [DecodeError(INVALID_FIELD_TYPE, "validate", each.path, each.message, each.hint) for each in wrong]
    tree = found.root
    for each in misfits:
        tree = _without(tree, each.path)
    return tree, kind, [*found.faults, *misfits]


def _without(value: Any, path: Path) -> Any:
    """Return a value without what is at `path`; in a list, an empty map stays, so that the items after it keep their places."""
    step, *rest = path
    below = value[step]
    if isinstance(value, List):
        items = list(value)
        items[int(step)] = _without(below, tuple(rest)) if rest else Map()
        return List(items, value.place)
    return value.updated({str(step): _without(below, tuple(rest))}) if rest else value.without(str(step))
