"""Conversion of a layer's values to Kubernetes' types, with every short form expanded.

Conversions are created once for each notation of the field tables (`str`, `[Toleration]`, `{str}`, `Probe`) and for
one more: `<name:EnvVar>`, a list of named entries, kept as a map by name. An object becomes a `Map` whose `type` is its notation: layers merge by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from dsgen.profile import coercion
from dsgen.profile.shape_problems import (
    FORBIDDEN_NULL_IN_LIST,
    INVALID_TYPE,
    TWO_NAMES,
    UNKNOWN_KEY,
    Convert,
    ReportPart,
)
from dsgen.profile.shorthand import SHORT_FORMS
from dsgen.profile.tables import fields_of
from dsgen.profile.unknown_fields import unknown_field
from dsgen.source import describe
from dsgen.tree import List, Map, Null, Text, Value, as_map, new_map, place_of

# Lists of named entries, by type and field, and the field that contains the name.
NAMED: Final = {
    ("Container", "env"): "name",
    ("Container", "ports"): "name",
    ("Container", "volumeMounts"): "mountPath",
    ("PodSpec", "containers"): "name",
    ("PodSpec", "initContainers"): "name",
    ("PodSpec", "volumes"): "name",
}
FILE_MODES: Final = frozenset({"mode", "defaultMode"})


@cache
def converter(notation: str, own: bool = False) -> Convert:
    """Return the conversion for `notation`; with `own`, only Kubernetes' own form is accepted, no short form."""
    if notation == "str" or notation in ("Quantity", "Time", "bytes"):
        return coercion.text
    if notation == "bool":
        return coercion.boolean
    if notation in coercion.BITS:
        return coercion.integer(coercion.BITS[notation])
    if notation == "mode":
        return coercion.integer(31, mode=True)
    if notation == "IntOrString":
        return coercion.int_or_string
    if notation == "any":
        return coercion.free
    if notation.startswith("["):
        return _list(converter(notation[1:-1], own))
    if notation.startswith("{"):
        return map_of(notation, converter(notation[1:-1], own))
    if notation.startswith("<"):
        key, _, inner = notation[1:-1].partition(":")
        text_too = own or inner == "ContainerPort"
        return named(converter(inner, own), notation, key, lambda entry: text_too or not isinstance(entry, Text))
    return _object(notation, own)


def _list(item: Convert, named: bool = False) -> Convert:
    def convert(value: Value, report: ReportPart) -> Value:
        if not isinstance(value, List):
            hint = _as_list(value) if isinstance(value, Text) else "write a list"
            report(INVALID_TYPE, value, f"expected a list, got {describe(value)}", hint)
            return value
        result = List((), value.place)
        for entry in value:
            if isinstance(entry, Null):
                hint = "" if named else 'write `""` for empty text, `{}` for an empty map, or '
                report(FORBIDDEN_NULL_IN_LIST, entry, "null in a list", f"{hint}remove the entry")
                continue
            converted = item(entry, report)
            odd = None if named else unmerged(converted)
            never = "entries of a list are not merged"
            if isinstance(odd, Null):
                report(FORBIDDEN_NULL_IN_LIST, odd, "null in an entry of a list", f"remove the key; {never}")
            elif odd is not None:
                report(UNKNOWN_KEY, odd, f"`{odd}` in an entry of a list", f"write `{odd[:-1]}`; {never}")
            result.append(converted)
        return result

    return convert


def _as_list(value: str) -> str:
    """Return the hint for text instead of a list."""
    words = value.split()
    if words and all(re.fullmatch(r"[\w./=:@+-]+", word) for word in words):
        return f"write `[{', '.join(words)}]`"
    return "write a list with one value per entry"


def unmerged(value: Value) -> Null | str | None:
    """Return the first part of a map that has a meaning only in a merge: a null, or a key `KEY+`."""
    if type(value) is not Map:
        return None
    free = value.type[:1] in ("{", "<")
    for key, child in value.items():
        if isinstance(child, Null):
            return child
        below = key if key[-1:] == "+" and not free else unmerged(child)
        if below is not None:
            return below
    return None


def map_of(notation: str, inner: Convert, hint: str = "write `key: value` pairs") -> Convert:
    """Return the conversion for a map with arbitrary keys. `hint` is for anything else."""

    def convert(value: Value, report: ReportPart) -> Value:
        if not isinstance(value, Map):
            report(INVALID_TYPE, value, f"expected a map, got {describe(value)}", hint)
            return value
        result = new_map(notation, value.place)
        for key, child in value.items():
            result[key] = child if isinstance(child, Null) else inner(child, report)
        return result

    return convert


def named(
    item: Convert,
    notation: str,
    key: str,
    fits: Callable[[Value], bool],
    hint: str = "write a map, or Kubernetes' list",
    renamed: bool = False,
) -> Convert:
    """Return the conversion for a map by name, or for Kubernetes' list of entries with their name under `key`.

    `fits` returns whether `item` can convert an entry of a list. `hint` is for anything but a map or a list. An entry that may be
    `renamed` has its name under `key`, even in a map.
    """

    def convert(value: Value, report: ReportPart) -> Value:
        if isinstance(value, Map):
            result = new_map(notation, value.place)
            for name, child in value.items():
                if type(child) is Map and key in child and not renamed:
                    twice = f"`{key}` is already set by the key `{name}`"
                    report(UNKNOWN_KEY, child.key(key), twice, f"remove `{key}`")
                result[name] = child if isinstance(child, Null) else item(child, report)
            return result
        if not isinstance(value, List):
            report(INVALID_TYPE, value, f"expected a map by {key}, got {describe(value)}", hint)
            return value
        fitting = List((), value.place)
        for entry in value:
            if fits(entry):
                fitting.append(entry)
            elif isinstance(entry, Map):
                report(INVALID_TYPE, entry, f"an entry without `{key}`", f"add `{key}` to every entry of the list")
                item(entry, report)
            else:
                found = f"expected an entry with `{key}`, got {describe(entry)}"
                report(INVALID_TYPE, entry, found, f"write a map by {key} instead of the list")
        entries = _list(item, named=True)(fitting, report)
        assert isinstance(entries, List)
        return by_name(entries, key, notation)

    return convert


def by_name(entries: List, key: str, notation: str) -> Map | List:
    """Return the entries of a list as a map by the text under `key`, or the list if they have no unique names."""
    result = Map((), entries.place, notation)
    for entry in entries:
        fields = as_map(entry)
        name = fields.get(key)
        if not isinstance(name, str) or name in result:
            return entries
        result[name] = fields.without(key)
    return result


def to_kubernetes_list(entries: Map) -> List:
    """Return a map by name as Kubernetes' list: the inverse of `by_name`, in order, each entry with its name first."""
    field = entries.type[1:].partition(":")[0]
    result = List((), entries.place)
    for name, value in entries.items():
        entry = as_map(value)
        if field in entry:
            entry = entry.without(field)
        result.append(entry.with_items([(field, name), *entry.items()]))
    return result


def _object(type: str, own: bool) -> Convert:
    known = fields_of(type)
    short = None if own else SHORT_FORMS.get(type)
    conversions: dict[str, Convert] = {}

    def field(name: str) -> Convert | None:
        plain = name.removesuffix("+")
        notation = known.get(plain)
        if notation is None:
            return None
        named = NAMED.get((type, plain))
        if named is not None:
            notation = f"<{named}:{'Mount' if plain == 'volumeMounts' and not own else notation[1:-1]}>"
        if plain != name and not notation.startswith("["):
            return None
        if plain in FILE_MODES and notation == "int32":
            notation = "mode"
        conversions[name] = converter(notation, own)
        return conversions[name]

    def convert(value: Value, report: ReportPart) -> Value:
        if short is not None:
            value = short.expand(value, report)
        if not isinstance(value, Map):
            hint = (
                f"write a map, or the short form {short.example}"
                if short
                else _AS_MAP.get(type, "write a map of Kubernetes' fields")
            )
            report(INVALID_TYPE, value, f"expected a map, got {describe(value)}", hint)
            return value
        result = new_map(type, value.place)
        for key, child in value.items():
            convert_field = conversions.get(key) or field(key)
            if convert_field is None:
                unknown_field(key, type, [*known, *(short.more if short else ())], report)
            elif isinstance(child, Null):
                result[key] = child
            else:
                result[key] = convert_field(child, report)
                if key[-1:] == "+" and key[:-1] in value:
                    report(TWO_NAMES, key, f"`{key}` and `{key[:-1]}` in one layer", "remove one of them")
        return result

    return convert


_AS_MAP: Final = {
    "Capabilities": "write `{add: […]}`, `{drop: […]}` or both",
    "SecurityContext": "write a map, such as `{privileged: true}`",
    "service": "write `{ports: [NAME]}`, with names of the containers' ports",
    "podMonitor": "write `{port: NAME}`, with the name of a container's port",
    "networkPolicy": "write `{ingress: […]}`, `{egress: […]}` or both",
    "priorityClass": "write `{value: NUMBER}`; for an existing class, use `priorityClassName`",
}


def key_at(key: str, like: str) -> str:
    """Return `key` with the position of `like`."""
    return Text.at(key, place_of(like))
