"""A structural schema: what a CustomResourceDefinition says of its objects, read part by part as objects need it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from dsgen.tree import Boolean, Float, Integer, List, Map, Null, Text


class Schema:
    """A part of a schema. `types` are the JSON types that a value may have; none means any.

    `is_open` means that it has `additionalProperties`; their schema is `additional`, None if they may be anything.
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.type: str = raw.get("type") or ""
        is_number_or_text = bool(raw.get("x-kubernetes-int-or-string"))
        self.types: tuple[str, ...] = ("integer", "string") if is_number_or_text else (self.type,) if self.type else ()
        self.nullable = bool(raw.get("nullable"))
        self.preserves = bool(raw.get("x-kubernetes-preserve-unknown-fields"))
        self.is_embedded = bool(raw.get("x-kubernetes-embedded-resource"))
        self.list_type: str = raw.get("x-kubernetes-list-type") or ""
        self.list_keys: list[str] = raw.get("x-kubernetes-list-map-keys") or []
        self.required: list[str] = raw.get("required") or []
        self.enum: list[Any] = raw.get("enum") or []
        # Expressions that were compiled for it, by their text, whether the old value is optional, and the minor version.
        self.expressions: dict[tuple[str, bool, int], Any] = {}
        self.is_open = raw.get("additionalProperties") is not None

    @cached_property
    def properties(self) -> dict[str, Schema]:
        """The schemas of the fields."""
        return {name: Schema(below or {}) for name, below in (self.raw.get("properties") or {}).items()}

    @cached_property
    def items(self) -> Schema | None:
        """The schema of the items of a list."""
        below = self.raw.get("items")
        return Schema(below) if isinstance(below, Mapping) else None

    @cached_property
    def additional(self) -> Schema | None:
        """The schema of the fields that are not among the `properties`."""
        below = self.raw.get("additionalProperties")
        return Schema(below) if isinstance(below, Mapping) else None

    def below(self, key: str) -> Schema | None:
        """Return the schema of a field, or None if there is none for it."""
        return self.properties.get(key) or self.additional

    def options(self, keyword: str) -> list[Schema]:
        """Return the schemas under `allOf`, `anyOf` or `oneOf`."""
        found = self._options.get(keyword)
        if found is None:
            found = self._options[keyword] = [Schema(each or {}) for each in self.raw.get(keyword) or []]
        return found

    @cached_property
    def _options(self) -> dict[str, list[Schema]]:
        return {}

    @cached_property
    def forbidden(self) -> Schema | None:
        """The schema under `not`."""
        below = self.raw.get("not")
        return Schema(below) if isinstance(below, Mapping) else None

    @cached_property
    def default(self) -> Any:
        """The default as a tree without positions, or None."""
        stated = self.raw.get("default")
        return None if stated is None else tree_of(stated)

    @cached_property
    def has_rules(self) -> bool:
        """Whether there are rules in CEL anywhere in it."""
        parts = (*self.properties.values(), self.items, self.additional)
        return bool(self.raw.get("x-kubernetes-validations")) or any(part.has_rules for part in parts if part)

    @cached_property
    def has_defaults(self) -> bool:
        """Whether there is a default anywhere in it."""
        parts = (*self.properties.values(), self.items, self.additional)
        return self.raw.get("default") is not None or any(part.has_defaults for part in parts if part is not None)


def tree_of(value: Any) -> Any:
    """Return plain data as a tree without positions."""
    if isinstance(value, Mapping):
        return Map((Text.at(key, None), tree_of(child)) for key, child in value.items())
    if isinstance(value, list):
        return List(map(tree_of, value))
    if isinstance(value, bool):
        return Boolean.at(value, None)
    if isinstance(value, int):
        return Integer.at(value, None)
    if isinstance(value, float):
        return Float.at(value, None, repr(value))
    return Null() if value is None else Text.at(str(value), None)
