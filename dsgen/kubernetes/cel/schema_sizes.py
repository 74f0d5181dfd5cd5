"""How large values can be, by a schema (k8s.io/apiserver/pkg/cel/common: schemas.go): the server estimates costs by it."""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.cel.cost import UNBOUNDED
from dsgen.kubernetes.cel.names import escaped
from dsgen.kubernetes.cel.reads import EACH, Steps
from dsgen.kubernetes.schema.custom.schema import Schema

# Of a request, in bytes.
_MOST: Final = 3 * 1024 * 1024
_TIMES: Final = {"duration": (32, 3), "date": (12, 12), "date-time": (32, 21)}


class SchemaSizes:
    """The largest sizes of `self` and `oldSelf`, which have a schema."""

    largest = UNBOUNDED

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def at(self, path: Steps) -> int:
        """Return the largest size of the values at a path."""
        here: Schema | None = self._schema
        for step in path[1:]:
            if here is None:
                return UNBOUNDED
            if here.type == "array":
                here = here.items
            elif here.additional is not None:
                here = here.additional
            elif step == EACH:
                return UNBOUNDED
            else:
                fields = here.properties
                here = next((each for name, each in fields.items() if step in (name, escaped(name))), None)
        return _size(here)

    count = at


def smallest(schema: Schema) -> int:
    """Return how many bytes a value has at least in JSON."""
    if schema.raw.get("x-kubernetes-int-or-string"):
        return 1
    if schema.type == "object" and schema.additional is None:
        fields = ((name, schema.properties.get(name)) for name in schema.required)
        return 2 + sum(
            len(name) + smallest(below) + 4 for name, below in fields if below and below.raw.get("default") is None
        )
    if schema.type == "string":
        return _TIMES.get(schema.raw.get("format") or "", (0, 2))[1]
    return {"boolean": 4, "integer": 1, "number": 1}.get(schema.type, 2)


def cardinality(above: int | None, schema: Schema) -> int | None:
    """Return how many values a list or map can have, where there are `above` of them; None if it has no limit."""
    limit = schema.raw.get("maxItems" if schema.type == "array" else "maxProperties")
    return None if above is None or limit is None else above * int(limit)


def most_of(schema: Schema) -> int:
    """Return how many values of a schema a request can have."""
    return _MOST // (smallest(schema) + 1)


def _size(schema: Schema | None) -> int:
    if schema is None:
        return UNBOUNDED
    raw = schema.raw
    if schema.type == "array":
        return int(raw["maxItems"]) if "maxItems" in raw else _in_request(schema.items, 1)
    if schema.type == "object":
        if schema.additional is None:
            return max(len(schema.properties), 1)
        return int(raw["maxProperties"]) if "maxProperties" in raw else _in_request(schema.additional, 6)
    if schema.type in ("boolean", "integer", "number"):
        return 1
    if raw.get("format") in _TIMES:
        return _TIMES[raw["format"]][0]
    if "maxLength" in raw:
        return int(raw["maxLength"]) * 4
    if schema.enum and schema.type == "string":
        return max(len(str(each).encode()) for each in schema.enum)
    return _MOST - 2


def _in_request(items: Schema | None, around: int) -> int:
    return (_MOST - 2) // ((smallest(items) if items else 1) + around)
