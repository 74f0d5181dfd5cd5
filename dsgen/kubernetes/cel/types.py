"""The types of variables: those of CEL, and objects with known fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dsgen.record import Record


class Type(Record):
    """A type of CEL: `list` and `map` have parameters, an object has `fields`, by their names in CEL (`a__dash__b`).

    The fields of an object need not be the same in two types of one name.
    """

    name: str
    parameters: tuple[Type, ...] = ()
    fields: Mapping[str, Type] | None = None


DYN: Final = Type("dyn")
BOOL: Final = Type("bool")
INT: Final = Type("int")
DOUBLE: Final = Type("double")
STRING: Final = Type("string")
BYTES: Final = Type("bytes")
TIMESTAMP: Final = Type("timestamp")
DURATION: Final = Type("duration")


def list_of(items: Type) -> Type:
    """Return the type of a list."""
    return Type("list", (items,))


def map_of(values: Type) -> Type:
    """Return the type of a map, whose keys are strings."""
    return Type("map", (STRING, values))


def object_of(fields: Mapping[str, Type]) -> Type:
    """Return the type of an object: any other field is an error of compilation."""
    return Type("object", (), fields)


def optional_of(value: Type) -> Type:
    """Return the type of a value that may be missing."""
    return Type("optional", (value,))
