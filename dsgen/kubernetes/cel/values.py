"""Values of variables, as the library takes them."""

from __future__ import annotations

from typing import Any

from dsgen.kubernetes.cel.names import escaped
from dsgen.kubernetes.cel.types import Type
from dsgen.plain import plain


def converted(value: Any, type: Type) -> Any:
    """Return a tree or plain data as plain data of a type; of an object, only the fields that the type has."""
    if type.name == "optional":
        return [] if value is None else [converted(value, type.parameters[0])]
    if value is None:
        return None
    if type.fields is not None and isinstance(value, dict):
        fields = ((escaped(name), child) for name, child in value.items())
        return {name: converted(child, type.fields[name]) for name, child in fields if name in type.fields}
    if type.name == "list" and isinstance(value, list):
        return [converted(each, type.parameters[0]) for each in value]
    if type.name == "map" and isinstance(value, dict):
        return {str.__str__(key): converted(each, type.parameters[1]) for key, each in value.items()}
    known = plain(value)
    if type.name == "double" and isinstance(known, int) and not isinstance(known, bool):
        return float(known)
    return known
