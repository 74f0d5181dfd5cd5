"""Shorten values of Kubernetes' types to the short forms of the profile language."""

from __future__ import annotations

from typing import Any, Final

from dsgen.profile.coercion import is_switch
from dsgen.profile.compile import reject
from dsgen.profile.shorthand import SHORT_FORMS, ShortForm
from dsgen.profile.shorthand.rules import shorten as shorten_rules
from dsgen.profile.tables import types
from dsgen.profile.typed import FILE_MODES, NAMED, by_name
from dsgen.traversal import paths
from dsgen.tree import List, Map, Null, Text, Value, is_integer, origin_of

# Keys that come first, in whatever order the manifest has them.
_FIRST: Final = ("name", "key", "path", "port", "secretName", "exec", "httpGet", "tcpSocket", "grpc")


def existing(name: Value) -> Value:
    """Return the name of an existing object as a profile has it: alone, or in a map if it could be read as a boolean."""
    return name if is_unambiguous(name) else Map([("name", name)], origin_of(name))


def is_unambiguous(name: Value) -> bool:
    """Return whether a name needs no map around it: it cannot be read as a boolean."""
    return not isinstance(name, str) or not is_switch(Text.at(name, None, plain=True))


def _leading(item: tuple[str, Value]) -> int:
    return _FIRST.index(item[0]) if item[0] in _FIRST else len(_FIRST)


def short(value: Any, notation: str, whole: bool = True) -> Any:
    """Return a tidy value in its shortest form. If it is not the `whole` value but part of a layer, the form must not add defaults."""
    if isinstance(value, Null):
        return value
    if notation.startswith("["):
        return List((_placed(short(item, notation[1:-1]), item) for item in value), origin_of(value))
    if notation not in types():
        return value
    known = types()[notation]
    result = Map((), origin_of(value), notation)
    for key, child in sorted(value.items(), key=_leading):
        of_field = known[key.removesuffix("+")]
        if key in FILE_MODES and is_integer(child):
            result[key] = _mode(child)
        elif (notation, key) in NAMED:
            inner = "Mount" if key == "volumeMounts" else of_field[1:-1]
            result[key] = named(child, inner, NAMED[notation, key], whole)
        else:
            result[key] = short(child, of_field, whole)
    form = SHORT_FORMS.get(notation)
    shortened = form.shorten(result) if form else None
    if form is None or shortened is None or not (whole or _has_the_same_fields(form, shortened, result)):
        return result
    return shortened


def short_rules(rules: Any) -> List:
    """Return RBAC rules, each as text if possible."""
    return List(map(_placed, shorten_rules(rules), rules), origin_of(rules))


def _placed(shortened: Any, entry: Any) -> Any:
    """Return an entry of a list that has become one text with the range of the whole entry: comments in that are about the text."""
    if not (isinstance(shortened, Text) and isinstance(entry, Map) and entry.origin):
        return shortened
    first = entry.origin
    lines = [origin.line for origin, _ in paths(entry) if origin.file == first.file]
    return Text.at(shortened, first._replace(end_line=max([first.line, *lines]) + 1, end_column=1), shortened.plain)


def _has_the_same_fields(form: ShortForm, shortened: Value, value: Map) -> bool:
    """Return whether a short form sets exactly the fields of a map: a default that it adds would override a lower layer."""
    expanded = form.expand(as_written(shortened), reject)
    return isinstance(expanded, Map) and expanded.keys() == value.keys()


def as_written(value: Any) -> Any:
    """Return a value as it would be read from a profile: all scalars are text or null."""
    if isinstance(value, Map):
        return Map(((key, as_written(child)) for key, child in value.items()), value.origin)
    if isinstance(value, List):
        return List(map(as_written, value), value.origin)
    return value if isinstance(value, (str, Null)) else Text.at(value.text, value.origin, plain=True)


def named(entries: Any, notation: str, name: str, whole: bool = True) -> Map | List:
    """Return entries that have names as a map by name, or if a name is missing or occurs twice, as Kubernetes' list."""
    if isinstance(entries, Null):
        return entries  # type: ignore[return-value]
    keyed = entries
    if isinstance(entries, List):
        keyed = by_name(entries, name, f"<{name}:{notation}>")
        if isinstance(keyed, List) or not all(keyed):
            return List((short(entry, notation) for entry in entries), entries.origin)
    by_key: Map = keyed.with_items((key, short(entry, notation, whole)) for key, entry in keyed.items())
    return by_key


def _mode(number: Any) -> Value:
    return Text.at(f"0{number:03o}", origin_of(number), plain=True) if 0 < number <= 0o7777 else number
