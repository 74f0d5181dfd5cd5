"""Decoding of custom resources, in the steps of the API server: metadata by Kubernetes' own type, unknown fields, nulls, defaults.

Everything else about a value, also its type, is checked by the schema afterwards (`checking`).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from dsgen.kubernetes.schema.custom.schema import Schema
from dsgen.kubernetes.schema.custom.suggest import unknown_field
from dsgen.kubernetes.schema.decode_errors import ErrorCollector, Mismatch
from dsgen.kubernetes.schema.errors import INVALID_FIELD_TYPE, UNKNOWN_FIELD, DecodeError
from dsgen.kubernetes.schema.type_checks import accepts
from dsgen.problem import SUGGESTIONS
from dsgen.record import Record
from dsgen.source import describe
from dsgen.tree import List, Map, Null, Path

# The fields of every object, which an embedded one has too.
META: Final = ("apiVersion", "kind", "metadata")


class DecodedResource(Record):
    """An object as the server reads it, before defaults, and what is wrong with its fields."""

    root: Map
    faults: list[DecodeError]


def read(root: Map, schema: Schema, minor: str) -> DecodedResource:
    """Return `root`, which is not changed, without the fields that the schema does not have."""
    reader = _Reader(schema, minor)
    tree = reader.pruned(root, schema, (), is_object=True)
    tree = _without_nulls(tree, schema, is_root=True)
    tree = reader.coerced(tree, schema, ())
    if "metadata" in root:
        tree = tree.replaced("metadata", reader.metadata(root["metadata"], ("metadata",)))
    return DecodedResource(tree, reader.faults)


def faults_of_default(value: Any, schema: Schema, minor: str) -> list[DecodeError]:
    """Return what is wrong with the fields of a default: those that its schema does not have, or else what cannot be embedded objects."""
    reader = _Reader(schema, minor)
    read = reader.pruned(value, schema, ())
    if not reader.faults:
        reader.coerced(read, schema, ())
    return reader.faults


class _Reader:
    def __init__(self, schema: Schema, minor: str) -> None:
        self._schema = schema
        self._minor = minor
        self.faults: list[DecodeError] = []

    def metadata(self, value: Any, path: Path) -> Any:
        """Return metadata by its own type; what does not fit is left out."""
        if type(value) is Null:
            return Map((), value.origin)
        if accepts("ObjectMeta", self._minor, value):
            return _without_zeros(value)
        plain = ErrorCollector("Namespace", self._minor)
        read: Any = Map()
        with suppress(Mismatch):
            read = plain.read("ObjectMeta", value, path)
        self.faults += plain.faults
        return _without_zeros(read)

    def pruned(self, value: Any, schema: Schema | None, path: Path, is_object: bool = False) -> Any:
        """Return a value without unknown fields, itself if there are none."""
        if type(value) is List:
            # Where anything is allowed, the items are looked through for what is not.
            if schema is not None and schema.preserves:
                items = [self._inside(item, schema.items, (*path, index)) for index, item in enumerate(value)]
            else:
                below = schema.items if schema is not None else None
                items = [self.pruned(item, below, (*path, index)) for index, item in enumerate(value)]
            return _same(value, items)
        if type(value) is not Map:
            return value
        changes: dict[str, Any] = {}
        unknown: list[str] = []
        is_object = is_object or (schema is not None and schema.is_embedded)
        for name, child in value.items():
            if is_object and name in META:
                continue
            part = schema.properties.get(name) if schema is not None else None
            if part is not None or (schema is not None and schema.is_open):
                found = self.pruned(child, part or (schema.additional if schema else None), (*path, name))
                if found is not child:
                    changes[name] = found
            elif schema is None or not schema.preserves:
                unknown.append(name)
                self._unknown(name, child, schema, path)
        if not changes and not unknown:
            return value
        return value.updated(changes).without(*unknown)

    def _inside(self, value: Any, schema: Schema | None, path: Path) -> Any:
        """Return a value in a list of anything: what its schema knows is pruned, all else is kept."""
        if schema is None or type(value) not in (Map, List):
            return value
        raw = {**schema.raw, "x-kubernetes-preserve-unknown-fields": True}
        return self.pruned(value, Schema(raw), path)

    def _unknown(self, name: str, child: Any, schema: Schema | None, path: Path) -> None:
        message, hint = "a map is not allowed here", ""
        if schema is not None and schema.type in ("", "object"):
            message = "its CustomResourceDefinition has no such field here"
            if len(self.faults) < SUGGESTIONS:
                hint = unknown_field(self._schema, schema, path, name)
        self.faults.append(DecodeError(UNKNOWN_FIELD, "strict", (*path, name), message, hint))

    def coerced(self, value: Any, schema: Schema | None, path: Path) -> Any:
        """Return a value in which the metadata of embedded objects is decoded."""
        if schema is None:
            return value
        if type(value) is List:
            return _same(value, [self.coerced(item, schema.items, (*path, at)) for at, item in enumerate(value)])
        if type(value) is not Map:
            return value
        changes: dict[str, Any] = {}
        for name, child in value.items():
            found = child
            if schema.is_embedded and name == "metadata":
                found = self.metadata(child, (*path, name))
            elif schema.is_embedded and name in META and not isinstance(child, str):
                message = f"must be a string, got {describe(child)}"
                self.faults.append(DecodeError(INVALID_FIELD_TYPE, "decode", (*path, name), message))
            found = self.coerced(found, schema.below(name), (*path, name))
            if found is not child:
                changes[name] = found
        return value.updated(changes) if changes else value


def _without_zeros(metadata: Map) -> Map:
    """Return metadata without nulls and empty names, as the server writes them."""
    return metadata.without(*(name for name, child in metadata.items() if type(child) is Null or child == ""))


def _same(value: List, items: list[Any]) -> List:
    """Return a list with these items: `value` itself if they are its own."""
    if all(new is old for new, old in zip(items, value, strict=True)):
        return value
    return List(items, value.place)


def _without_nulls(value: Any, schema: Schema | None, is_root: bool = False) -> Any:
    """Return a value without the nulls that a schema does not allow and has no default for: they count as absent."""
    if type(value) is List:
        return _same(value, [_without_nulls(item, schema.items if schema else None) for item in value])
    if type(value) is not Map:
        return value
    changes: dict[str, Any] = {}
    gone: list[str] = []
    for name, child in value.items():
        below = schema.below(name) if schema is not None else None
        if is_root and name in META:
            continue
        if type(child) is Null and below is not None and not below.nullable and below.default is None:
            gone.append(name)
            continue
        found = _without_nulls(child, below)
        if found is not child:
            changes[name] = found
    return value.updated(changes).without(*gone) if changes or gone else value


def defaulted(value: Any, schema: Schema | None) -> Any:
    """Return a value with the defaults of its schema, itself if there are none to set."""
    if schema is None or not schema.has_defaults:
        return value
    if type(value) is List:
        below = schema.items
        items = [defaulted(_filled(item, below), below) for item in value]
        return _same(value, items)
    if type(value) is not Map:
        return value
    changes = {
        name: part.default
        for name, part in schema.properties.items()
        if part.default is not None and (name not in value or (type(value[name]) is Null and not part.nullable))
    }
    for name, child in (*value.items(), *changes.items()):
        if name in changes and child is not changes[name]:
            continue
        part = schema.properties.get(name)
        filled = child if part is not None else _filled(child, schema.additional)
        found = defaulted(filled, part or schema.additional)
        if found is not child:
            changes[name] = found
    return value.updated(changes) if changes else value


def _filled(value: Any, schema: Schema | None) -> Any:
    """Return an item, or its default if it is a null that the schema does not allow."""
    is_null = type(value) is Null and schema is not None and not schema.nullable
    return schema.default if is_null and schema is not None and schema.default is not None else value
