"""CustomResourceDefinitions: which kinds there are, in which versions, and the schema of each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from dsgen.kubernetes.schema.custom.schema import Schema
from dsgen.origin import Origin
from dsgen.plain import plain, plain_map
from dsgen.record import Record
from dsgen.tree import Map, origin_of


class Version:
    """A version of a custom kind. `drops_status` means that the server ignores the status of a new object."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.name: str = raw["name"]
        self.is_served = bool(raw.get("served"))
        self._raw = raw
        resources = raw.get("subresources") or {}
        self.drops_status = resources.get("status") is not None
        scale = resources.get("scale") or {}
        self.replicas = (scale.get("specReplicasPath") or "").removeprefix(".").split(".") if scale else []

    @cached_property
    def schema(self) -> Schema:
        """The schema of its objects."""
        return Schema((self._raw.get("schema") or {}).get("openAPIV3Schema") or {})


class Definition(Record):
    """A CustomResourceDefinition: its kind and its versions, where it was read, and its resource. A webhook converts
    it between versions if it `is_converted`. It has no versions if it cannot be used.
    """

    group: str
    kind: str
    is_namespaced: bool
    versions: dict[str, Version]
    origin: Origin | None = None
    plural: str = ""
    is_converted: bool = False

    @property
    def served(self) -> list[str]:
        """The names of the versions that the server has."""
        return [name for name, version in self.versions.items() if version.is_served]

    @property
    def newest(self) -> Version:
        """The first version that the server has."""
        return self.versions[self.served[0]]


def definition(root: Map, usable: bool = True) -> Definition:
    """Return a definition from its object, which is valid if it is `usable`."""
    spec = root.map("spec")
    if usable:
        return from_spec(plain_map(spec))._replace(origin=origin_of(root))
    return Definition(str(spec.get("group")), str(spec.map("names").get("kind")), True, {}, origin_of(root))


def from_spec(spec: Mapping[str, Any]) -> Definition:
    """Return a definition from its `spec` as plain data."""
    versions = {each["name"]: Version(each) for each in spec["versions"]}
    names = spec["names"]
    converted = (spec.get("conversion") or {}).get("strategy") == "Webhook"
    plural = names.get("plural") or f"{names['kind'].lower()}s"
    return Definition(spec["group"], names["kind"], spec["scope"] == "Namespaced", versions, None, plural, converted)


def spec_of(root: Map) -> object:
    """Return what a definition says, as plain data: two with the same define the same."""
    return plain(root.get("spec"))
