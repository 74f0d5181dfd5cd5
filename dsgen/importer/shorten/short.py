"""What Kubernetes' types say, in the shortest form that the profile language has for it."""

from __future__ import annotations

from typing import Any, Final

from dsgen.profile.coercion import is_switch
from dsgen.profile.compile import reject
from dsgen.profile.shorthand import SHORT_FORMS, ShortForm
from dsgen.profile.tables import types
from dsgen.profile.typed import FILE_MODES, NAMED, by_name
from dsgen.tree import List, Map, Null, Text, Value, is_integer, origin_of

# What a person says first of a thing, whatever the order of the fields in a manifest.
_FIRST: Final = ("name", "key", "path", "secretName", "exec", "httpGet", "tcpSocket", "grpc")


def existing(name: Value) -> Value:
    """Return the name of something that exists as a profile states it: in a map, if it cannot stand alone."""
    return name if stands_alone(name) else Map([("name", name)], origin_of(name))


def stands_alone(name: Value) -> bool:
    """Tell whether a name stands for itself, and no reader takes it for a boolean."""
    return not isinstance(name, str) or not is_switch(Text.at(name, None, plain=True))


def _leading(item: tuple[str, Value]) -> int:
    return _FIRST.index(item[0]) if item[0] in _FIRST else len(_FIRST)


def short(value: Any, notation: str, whole: bool = True) -> Any:
    """Return a tidy value in the shortest form that the profile language has for it; in a layer, it may not be the `whole` of it."""
    if isinstance(value, Null):
        return value
    if notation.startswith("["):
        return List((short(item, notation[1:-1]) for item in value), origin_of(value))
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
    if form is None or shortened is None or not (whole or _states_the_same(form, shortened, result)):
        return result
    return shortened


def _states_the_same(form: ShortForm, shortened: Value, value: Map) -> bool:
    """Return whether a short form states just the fields of a map: it may set a default, which a layer beneath states otherwise."""
    expanded = form.expand(as_written(shortened), reject)
    return isinstance(expanded, Map) and expanded.keys() == value.keys()


def as_written(value: Any) -> Any:
    """Return a value as it is read from a profile: of text and nulls alone."""
    if isinstance(value, Map):
        return Map(((key, as_written(child)) for key, child in value.items()), value.origin)
    if isinstance(value, List):
        return List(map(as_written, value), value.origin)
    return value if isinstance(value, (str, Null)) else Text.at(value.text, value.origin, plain=True)


def named(entries: Any, notation: str, name: str, whole: bool = True) -> Map | List:
    """Return things that have names as a map by name; where a name is missing or there twice, as Kubernetes' list."""
    if isinstance(entries, Null):
        return entries  # type: ignore[return-value]
    keyed = entries
    if isinstance(entries, List):
        keyed = by_name(entries, name, f"<{name}:{notation}>")
        if isinstance(keyed, List) or not all(keyed):
            return List((short(entry, notation) for entry in entries), entries.origin)
    return Map(((key, short(entry, notation, whole)) for key, entry in keyed.items()), keyed.origin, keyed.type)


def _mode(number: Any) -> Value:
    return Text.at(f"0{number:03o}", origin_of(number), plain=True) if 0 < number <= 0o7777 else number
