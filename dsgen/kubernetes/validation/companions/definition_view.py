"""A CustomResourceDefinition as the API server has it inside, and the parts of its schemas.

What all versions share, the server keeps and prints once: `spec.validation` for the schema of the only version, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Final, Literal

from dsgen.kubernetes.validation.kinds import Subject, answered
from dsgen.kubernetes.validation.rule import FieldError, FieldRef
from dsgen.tree import Boolean, List, Map, Null, as_map

META_FIELDS: Final = frozenset({"metadata", "kind", "apiVersion"})
TYPES: Final = ("array", "boolean", "integer", "number", "object", "string")
# Fields of a schema that tell false or empty text from nothing.
POINTERS: Final = frozenset(
    {
        "$ref",
        "additionalItems",
        "additionalProperties",
        "x-kubernetes-list-type",
        "x-kubernetes-map-type",
        "x-kubernetes-preserve-unknown-fields",
        "reason",
        "optionalOldSelf",
    }
)
# Fields of a schema that are data.
DATA: Final = frozenset({"default", "example", "enum"})
Level = Literal["root", "item", "field"]
# What a part of a schema says of a value: its structure, or what a value with a structure must be; or neither, where it is not allowed.
Role = Literal["structure", "values", ""]


def is_set(schema: Map, name: str) -> bool:
    """Return whether a field is set: to something else than null, and unless the server knows the difference, than false or empty text."""
    value = schema.get(name)
    if value is None or type(value) is Null:
        return False
    return bool(value) or name in POINTERS or not isinstance(value, (str, bool, Boolean))


def as_kept(value: Any, *, is_data: bool = False) -> Any:
    """Return a part of a definition as plain data, without what means nothing: two parts are the same if these are."""
    if isinstance(value, Map):
        kept = {key: as_kept(child, is_data=is_data or key in DATA) for key, child in value.items()}
        return kept if is_data else {key: kept[key] for key in kept if is_set(value, key) and kept[key] != []}
    if isinstance(value, List):
        return [as_kept(child, is_data=is_data) for child in value]
    if value is None or type(value) is Null:
        return None
    return value if isinstance(value, str) else (isinstance(value, (bool, Boolean)), value)


class SchemaRef(FieldRef):
    """A part of a schema, with its role, its level, and what is not allowed in it.

    `in_metadata` is set inside of `metadata`, `kind` and `apiVersion`, `may_default` if it can have a default, `skips` for the `anyOf` of a number or
    string, which need not be structural. The defaults of what `follows` are set in objects.
    """

    __slots__ = ("follows", "in_metadata", "is_root", "level", "may_default", "role", "skips")

    def __init__(self, value: Any, up: FieldRef, step: tuple[str | int, ...], printed: str) -> None:
        super().__init__(value, up, step, None, "", printed)
        self.role: Role = ""
        self.level: Level = "field"
        self.is_root = False
        self.may_default = True
        self.in_metadata = False
        self.skips = False
        self.follows = True

    def wrong_type(self, wanted: str, keyword: str) -> FieldError:
        """Return the error that the `type` is not the one that a keyword requires."""
        detail = f"must be `{wanted}` for `{keyword}`"
        return self.invalid("type", detail) if self.text("type") else self.required("type", detail)

    def text(self, name: str) -> str:
        """Return a field that is a string; empty if it is not set."""
        return str(self.get(name, ""))

    def schema(self, name: str) -> Map | None:
        """Return the single schema in the field `name`; None if there is none."""
        found: Map | None = self.value.child(name)
        return found

    @property
    def properties(self) -> Map:
        """The schemas of the fields."""
        found: Map = self.value.map("properties")
        return found

    def below(self) -> Iterator[SchemaRef]:
        """Yield the parts of this one."""
        if (additional := self.schema("additionalProperties")) is not None:
            node = self._child(additional, "additionalProperties", role="structure" if self.role == "structure" else "")
            node.may_default = self.may_default and not self.in_metadata
            node.follows = False
            yield node
        for name, schema in self.properties.items():
            node = self._child(schema, "properties", name, role=self.role)
            if (self.is_root or self.get("x-kubernetes-embedded-resource")) and name in META_FIELDS:
                node.in_metadata = True
                node.may_default = self.may_default and not self.is_root
            yield node
        yield from self._options()
        for name, schema in self.value.map("definitions").items():
            yield self._child(schema, "definitions", name)
        if (items := self.schema("items")) is not None:
            yield self._child(items, "items", role=self.role, level="item" if self.role == "structure" else self.level)
        for index, schema in enumerate(self.value.entries("items")):
            yield self._child(schema, "items", index)
        for name, schema in self.value.named("dependencies"):
            yield self._child(schema, "dependencies", name)

    def _options(self) -> Iterator[SchemaRef]:
        role: Role = "values" if self.role else ""
        if (schema := self.schema("not")) is not None:
            yield self._child(schema, "not", role=role, level=self.level)
        skips = self.skips or (self.role == "structure" and _is_number_or_string(self.value.get("anyOf")))
        first = self.value.maps("allOf")[:1]
        skips_first = self.role == "structure" and bool(first) and _is_number_or_string(first[0].get("anyOf"))
        for name in ("allOf", "oneOf", "anyOf"):
            for index, schema in enumerate(self.get(name, ())):
                below = "" if name == "anyOf" and skips else role
                node = self._child(schema, name, index, role=below, level=self.level)
                node.skips = name == "allOf" and index == 0 and skips_first
                yield node

    def _child(self, value: Any, *step: str | int, role: Role = "", level: Level = "field") -> SchemaRef:
        key = f"[{step[1]}]" if len(step) > 1 else ""
        node = SchemaRef(as_map(value), self, step, f"{self.printed}.{step[0]}{key}")
        node.role, node.level = role, level
        node.may_default, node.in_metadata, node.follows = self.may_default, self.in_metadata, self.follows
        return node


def _is_number_or_string(options: Any) -> bool:
    """Return whether `anyOf` is what makes a number or a string."""
    kinds = [{"type": "integer"}, {"type": "string"}]
    return isinstance(options, List) and [_whole(each) for each in options] == kinds


def _whole(stated: Any) -> dict[str, Any]:
    """Return every field of an option that the server does not take for nothing."""
    option = as_map(stated)
    nothing = ("enum", "allOf", "anyOf", "oneOf")
    return {
        name: value
        for name, value in option.items()
        if is_set(option, name)
        and not (name in nothing and not value)
        and not (name == "additionalProperties" and not isinstance(value, Map) and not value)
    }


def parts(schema: SchemaRef) -> Iterator[SchemaRef]:
    """Yield a schema and everything in it."""
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.below())


def everything(value: Any) -> Iterator[Map]:
    """Yield every schema in one, also where none is allowed."""
    if not isinstance(value, Map):
        return
    yield value
    for name, child in value.items():
        if name in ("properties", "definitions", "patternProperties", "dependencies"):
            for each in value.map(name).values():
                yield from everything(each)
        elif name in ("items", "allOf", "anyOf", "oneOf") and isinstance(child, List):
            for each in child:
                yield from everything(each)
        elif name in ("items", "not", "additionalProperties", "additionalItems"):
            yield from everything(child)


def is_convertible(schema: SchemaRef) -> bool:
    """Return whether a schema has nothing that the server cannot read as a structural one."""
    for node in parts(schema):
        value = node.value
        if any(
            is_set(value, name) and value[name]
            for name in ("id", "$schema", "$ref", "patternProperties", "definitions", "dependencies")
        ):
            return False
        if value.map("dependencies") or is_set(value, "additionalItems"):
            return False
        if isinstance(value.get("items"), List) and value["items"]:
            return False
        if is_set(value, "x-kubernetes-preserve-unknown-fields") and not value["x-kubernetes-preserve-unknown-fields"]:
            return False
    return True


class DefinitionView:
    """The definition `root`, new or old."""

    def __init__(self, root: FieldRef) -> None:
        self.root = root
        self.spec = root.child("spec") or FieldRef(Map(), root, ("spec",))
        self.versions = list(self.spec.children("versions"))

    def shared(self, field: str) -> bool:
        """Return whether all versions have the same value of a field: the server prints it below `spec`."""
        kept = [as_kept(version.get(field)) for version in self.versions]
        # An empty list is the same as none; an empty map is not.
        kept = [None if each == [] else each for each in kept]
        return bool(kept) and all(each == kept[0] for each in kept)

    @cached_property
    def shares(self) -> dict[str, bool]:
        """Whether all versions share each field that can be."""
        return {
            name: self.shared(name)
            for name in ("schema", "subresources", "additionalPrinterColumns", "selectableFields")
        }

    def holders(self, field: str, name: str = "") -> Iterator[tuple[FieldRef, str]]:
        """Yield each version that sets a field as the server has it, or the first for all, and how the field is printed: as `name` below `spec`."""
        if self.shares[field]:
            yield self.versions[0], f"spec.{name or field}"
            return
        for version in self.versions:
            yield version, f"{version.field}.{field}"

    @cached_property
    def schemas(self) -> list[tuple[SchemaRef, FieldRef]]:
        """The schemas, with the version that each is part of."""
        found = []
        for version, printed in self.holders("schema", "validation") if self.versions else ():
            schema = version.child("schema", "openAPIV3Schema") if version.get("schema") is not None else None
            if schema is not None:
                node = SchemaRef(schema.value, schema.up or version, schema.step, f"{printed}.openAPIV3Schema")
                node.is_root, node.role, node.level = True, "structure", "root"
                found.append((node, version))
        return found

    def has_status(self, version: FieldRef | None) -> bool:
        """Return whether a version has the subresource `status`, or without one any."""
        if version is None or self.shares["subresources"]:
            return any(map(_has_status, self.versions))
        # The server looks for the version by its name.
        name = version.get("name", "")
        return _has_status(next(each for each in self.versions if each.get("name", "") == name))

    def any_part(self, test: Callable[[Map], bool]) -> bool:
        """Return whether some part of a schema passes a test."""
        return any(test(each) for node, _ in self.schemas for each in everything(node.value))

    @property
    def keeps_unknown(self) -> bool:
        """Whether it has `preserveUnknownFields`."""
        return bool(self.spec.get("preserveUnknownFields"))


def _has_status(version: FieldRef) -> bool:
    return version.get("subresources") is not None and version.value.map("subresources").get("status") not in (
        None,
        Null(),
    )


def definition_of(node: FieldRef) -> DefinitionView:
    """Return the definition that a node is in."""
    return answered(node.pod, _definition)


def _definition(subject: Subject) -> DefinitionView:
    return DefinitionView(subject.root)


def old_definition(node: FieldRef) -> DefinitionView | None:
    """Return the definition that an update replaces."""
    return None if node.pod.old is None else definition_of(node.pod.old.root)
