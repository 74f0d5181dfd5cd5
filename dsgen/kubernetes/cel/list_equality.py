"""Which expressions compare lists that are sets or maps: for the server, the order of their items does not count."""

from __future__ import annotations

from collections.abc import Iterable

from dsgen.kubernetes.cel.reads import Steps
from dsgen.kubernetes.schema.custom.schema import Schema


def compares_lists(comparisons: Iterable[Steps | None], schema: Schema) -> bool:
    """Return whether one of the compared values, by its path or None for any, may have such a list in it."""
    return any(_has_list(schema if path is None else _at(path, schema)) for path in comparisons)


def _at(path: Steps, schema: Schema) -> Schema | None:
    if path[0] not in ("self", "oldSelf"):
        return schema
    here: Schema | None = schema
    for step in path[1:]:
        if here is None:
            return None
        is_item = here.type == "array"
        here = here.items if is_item else here.additional or here.properties.get(str(step))
    return here


def _has_list(schema: Schema | None) -> bool:
    if schema is None:
        return False
    if schema.list_type in ("set", "map"):
        return True
    parts = (*schema.properties.values(), schema.items, schema.additional)
    return any(_has_list(part) for part in parts)
