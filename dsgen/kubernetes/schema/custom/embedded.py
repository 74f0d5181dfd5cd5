"""Objects inside custom resources (k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.custom.codes import FORM, MISSING
from dsgen.kubernetes.schema.custom.findings import Finding
from dsgen.kubernetes.schema.custom.schema import Schema
from dsgen.tree import List, Map, Null, Path

_KIND: Final = "[a-z]([-a-z0-9]{0,61}[a-z0-9])?"


def embedded_objects(
    value: Any, schema: Schema | None, path: Path = (), field: str = ""
) -> Iterator[tuple[Path, str, Map]]:
    """Yield each embedded object with its path, as it is and as the server prints it."""
    if schema is None:
        return
    if type(value) is List:
        for index, item in enumerate(value):
            yield from embedded_objects(item, schema.items, (*path, index), f"{field}[{index}]")
    elif type(value) is Map:
        if schema.is_embedded:
            yield path, field, value
        for name, child in value.items():
            known = schema.properties.get(name)
            below = f"{field}.{name}" if field else name
            printed = below if known is not None else f"{field}[{name}]"
            yield from embedded_objects(child, known or schema.additional, (*path, name), printed)


def header_findings(object: Map, path: Path, field: str) -> Iterator[Finding]:
    """Yield what is wrong with the `apiVersion` and the `kind` of an embedded object."""
    for name in ("apiVersion", "kind"):
        where, printed, stated = (*path, name), f"{field}.{name}", object.get(name)
        if stated is None:
            yield Finding(MISSING, "Required", where, printed, "must be set")
        elif type(stated) is Null or not isinstance(stated, str):
            yield Finding(FORM, "Invalid", where, printed, "must be a string")
        elif not stated:
            yield Finding(FORM, "Invalid", where, printed, "must not be empty")
        elif name == "apiVersion" and stated.count("/") > 1:
            yield Finding(FORM, "Invalid", where, printed, f"{str(stated)!r} must be GROUP/VERSION, such as `apps/v1`")
        elif name == "kind" and not re.fullmatch(_KIND, formats.lower_case(stated)):
            yield Finding(
                FORM, "Invalid", where, printed, f"{str(stated)!r} must be a kind: letters, digits and hyphens"
            )
