"""Lists that are sets or maps (k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from dsgen.kubernetes.schema.custom.codes import DUPLICATE, FORM
from dsgen.kubernetes.schema.custom.findings import Finding
from dsgen.kubernetes.schema.custom.numbers import number_of
from dsgen.kubernetes.schema.custom.schema import Schema
from dsgen.plain import frozen
from dsgen.tree import Boolean, List, Map, Null, Path


def repeated_items(value: Any, schema: Schema | None, path: Path = (), field: str = "") -> Iterator[Finding]:
    """Yield each item that is in a set, or whose keys are in a map, for the second time: the server reports no third."""
    if schema is None:
        return
    if type(value) is List:
        if schema.list_type in ("set", "map"):
            yield from _repeated(value, schema, path, field)
        for index, item in enumerate(value):
            yield from repeated_items(item, schema.items, (*path, index), f"{field}[{index}]")
    elif type(value) is Map:
        for name, child in value.items():
            if schema.additional is not None:
                yield from repeated_items(child, schema.additional, (*path, name), f"{field}[{name}]")
            if name in schema.properties:
                below = f"{field}.{name}" if field else name
                yield from repeated_items(child, schema.properties[name], (*path, name), below)


def _repeated(value: List, schema: Schema, path: Path, field: str) -> Iterator[Finding]:
    keys = schema.list_keys if schema.list_type == "map" else []
    if keys:
        for index, item in enumerate(value):
            if type(item) not in (Map, Null):
                yield Finding(FORM, "Invalid", (*path, index), f"{field}[{index}]", "must be a map")
                return
    seen: Counter[object] = Counter()
    for index, item in enumerate(value):
        stated: Any = item if type(item) is Map else {}
        same = _same(item) if not keys else tuple(_same(stated[key]) if key in stated else None for key in keys)
        seen[same] += 1
        if seen[same] == 2:
            named = ", ".join(f"`{key}`" for key in keys)
            message = f"must differ from the items before it in {named}" if keys else "must be unique"
            yield Finding(DUPLICATE, "Duplicate", (*path, index), f"{field}[{index}]", message)


def _same(value: Any) -> object:
    """Return a key that two values share only if the server takes them for the same: `1`, `1.5` and `true` are of three types."""
    if isinstance(value, (Map, List)):
        return "", frozen(value)
    if isinstance(value, (bool, Boolean)):
        return "boolean", bool(value)
    if isinstance(value, (int, float)):
        number = number_of(value)
        return type(number).__name__, number
    return ("text", str(value)) if isinstance(value, str) else ("null",)
