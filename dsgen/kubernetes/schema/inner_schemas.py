"""Schemas in a CustomResourceDefinition that its field table cannot describe: `items`, `additionalProperties` and others are a schema or something else.

The server reads these by themselves, and not strictly: it ignores unknown fields (k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1: UnmarshalJSON).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from dsgen.kubernetes.schema.decode_errors import ErrorCollector, Mismatch
from dsgen.kubernetes.schema.errors import INVALID_FIELD_TYPE, DecodeError
from dsgen.kubernetes.schema.type_checks import accepts
from dsgen.source import describe
from dsgen.tree import List, Map, Null, Path, as_map, is_boolean

TYPE: Final = "JSONSchemaProps"
# A schema, or true or false.
OR_BOOLEAN: Final = ("additionalProperties", "additionalItems")


def with_inner_schemas(root: Map, minor: str) -> tuple[Map, list[DecodeError]]:
    """Return a decoded CustomResourceDefinition in which inner schemas are decoded too, and what is wrong in these. `root` is not changed."""
    reader = _Reader(minor)
    spec = root.map("spec")
    versions = spec.get("versions")
    if not isinstance(versions, List):
        return root, []
    read = List(
        (reader.version(version, ("spec", "versions", index)) for index, version in enumerate(versions)),
        versions.origin,
    )
    return root.replaced("spec", spec.replaced("versions", read)), reader.faults


class _Reader:
    def __init__(self, minor: str) -> None:
        self._minor = minor
        self.faults: list[DecodeError] = []

    def version(self, version: Any, path: Path) -> Any:
        """Return a version with its schema read."""
        schema = as_map(version).map("schema").child("openAPIV3Schema")
        if schema is None:
            return version
        read = self.schema(schema, (*path, "schema", "openAPIV3Schema"))
        return version.replaced("schema", version.map("schema").replaced("openAPIV3Schema", read))

    def schema(self, stated: Any, path: Path) -> Map:
        """Return a schema of which the fields are decoded, with what is in these."""
        schema = as_map(stated)
        changes: dict[str, Any] = {}
        for name, value in schema.items():
            below, inner = (*path, name), schema.child(name)
            if name in OR_BOOLEAN:
                changes[name] = self._or_boolean(value, below)
            elif name == "items":
                changes[name] = self._or_list(value, below)
            elif name in ("properties", "definitions", "patternProperties") and inner is not None:
                changes[name] = self._each(inner, below)
            elif name == "dependencies" and inner is not None:
                changes[name] = inner.with_items(
                    (key, self._or_texts(child, (*below, key))) for key, child in inner.items()
                )
            elif name in ("allOf", "anyOf", "oneOf") and isinstance(value, List):
                changes[name] = List(
                    (self.schema(each, (*below, index)) for index, each in enumerate(value)), value.origin
                )
            elif name == "not" and inner is not None:
                changes[name] = self.schema(inner, below)
        return schema.updated(changes) if changes else schema

    def _each(self, schemas: Map, path: Path) -> Map:
        return schemas.with_items((name, self.schema(schema, (*path, name))) for name, schema in schemas.items())

    def _or_boolean(self, value: Any, path: Path) -> Any:
        if isinstance(value, Map):
            return self._whole(value, path)
        if not is_boolean(value) and not isinstance(value, Null):
            found = f"must be a schema, true or false, got {describe(value)}"
            self.faults.append(DecodeError(INVALID_FIELD_TYPE, "decode", path, found))
            return Null()
        return value

    def _or_list(self, value: Any, path: Path) -> Any:
        if isinstance(value, Map):
            return self._whole(value, path)
        if isinstance(value, List):
            return List((self._whole(each, (*path, index)) for index, each in enumerate(value)), value.origin)
        return value

    def _or_texts(self, value: Any, path: Path) -> Any:
        if isinstance(value, List) and not accepts("[str]", self._minor, value):
            reader = self._collector()
            with suppress(Mismatch):
                reader.read("[str]", value, path)
            self.faults += reader.faults
        return self._whole(value, path) if isinstance(value, Map) else value

    def _whole(self, value: Any, path: Path) -> Any:
        """Return a schema that is not decoded yet."""
        if isinstance(value, Null):
            return Map()
        reader, read = self._collector(), Map()
        if accepts(TYPE, self._minor, value):
            read = value
        else:
            with suppress(Mismatch):
                read = reader.read(TYPE, value, path)
        self.faults += (fault for fault in reader.faults if fault.stage == "decode")
        return self.schema(read, path)

    def _collector(self) -> ErrorCollector:
        return ErrorCollector("CustomResourceDefinition", self._minor)
