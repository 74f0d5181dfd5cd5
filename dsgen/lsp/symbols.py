"""The names in a layer that other parts of it refer to: containers, volumes, config maps and ports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from dsgen.kubernetes.schema.paths import HOOKS, PROBES
from dsgen.origin import Origin
from dsgen.record import Record
from dsgen.traversal import named_by, values_in
from dsgen.tree import List, Map, Text, Value, as_map, origin_of

Space = Literal["container", "volume", "configMap", "port"]
_HANDLERS: Final = ("httpGet", "tcpSocket", "grpc")


class Symbol(Record):
    """A name where it is declared (`is_key`) or used. `place` is the text that it begins; a port's `owner` is its container."""

    space: Space
    name: str
    place: Origin
    is_key: bool
    owner: str = ""
    is_quoted: bool = False

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes two symbols the same name."""
        return self.space, self.name, self.owner

    @property
    def column(self) -> int:
        """The column of the first character of the name, counted from 1: behind the quote, if there is one."""
        return self.place.column + self.is_quoted

    def contains(self, line: int, column: int) -> bool:
        """Return whether a position, counted from 1, is in the name or just behind it."""
        return line == self.place.line and self.column <= column <= self.column + len(self.name)


def symbols(layer: Value | None) -> Iterator[Symbol]:
    """Yield every name in a layer: a profile, a parent, a variant, or an entry of an environment."""
    layer = as_map(layer)
    for field in ("containers", "initContainers"):
        for name, key, body in _named(layer.get(field)):
            yield from _symbol("container", key, True)
            yield from _of_container(as_map(body), name)
    for _, key, body in _named(layer.get("volumes")):
        yield from _symbol("volume", key, True)
        yield from _config_map(as_map(body))
    for _, key, _ in _named(layer.get("configMaps")):
        yield from _symbol("configMap", key, True)
    for variant in layer.map("variants").values():
        yield from symbols(variant)


def _of_container(body: Map, name: str) -> Iterator[Symbol]:
    for _, key, _ in _named(body.get("ports")):
        yield from _symbol("port", key, True, name)
    for field in ("mounts", "volumeMounts"):
        for mount in values_in(body.get(field)):
            yield from _symbol("volume", named_by(mount, "name"), False)
            yield from _config_map(as_map(mount))
    for value in body.map("env").values():
        yield from _symbol("configMap", as_map(value).get("configMapKeyRef"), False)
    for probe in PROBES:
        yield from _ports(body.map(probe), name)
    for hook in HOOKS:
        yield from _ports(body.map("lifecycle", hook), name)


def _ports(probe: Map, container: str) -> Iterator[Symbol]:
    for handler in _HANDLERS:
        yield from _symbol("port", named_by(probe.get(handler), "port"), False, container)


def _config_map(holder: Map) -> Iterator[Symbol]:
    yield from _symbol("configMap", named_by(holder.get("configMap"), "name"), False)


def _named(value: Value | None) -> Iterator[tuple[str, Value, Value]]:
    """Yield the name of each entry of a map or of Kubernetes' list, the value that is the name, and the entry."""
    for key, body in as_map(value).items():
        yield str(key), key, body
    for body in value if isinstance(value, List) else ():
        name = as_map(body).get("name")
        if name is not None:
            yield str(name), name, body


def _symbol(space: Space, value: Value | None, is_key: bool, owner: str = "") -> Iterator[Symbol]:
    """Yield the name that a text begins: short forms have more behind `:` or `/`."""
    place = origin_of(value)
    if isinstance(value, Text) and place is not None and not value.isdecimal():
        name = str(value) if is_key else value.partition(":")[0].partition("/")[0]
        if name:
            yield Symbol(space, name, place, is_key, owner, place.end_column - place.column == len(value) + 2)
