"""Short forms, from the long ones: each is tried, and taken where it says the same once it is written out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from dsgen.kubernetes import fields
from dsgen.kubernetes.defaults import defaulted
from dsgen.kubernetes.equality import same
from dsgen.profile.accept import Refused, refuse
from dsgen.profile.forms.nodes import CONTROL_PLANE
from dsgen.profile.tables import types
from dsgen.profile.typed import FILE_MODES, NAMED, by_name, converter
from dsgen.tree import Integer, List, Map, Null, Text, Value, is_integer, origin_of

Candidates = Callable[[Map], Iterator[Any]]

# Types whose short form is the value of one field.
_SINGLE: Final = {
    "HostPathVolumeSource": "path",
    "ConfigMapVolumeSource": "name",
    "SecretVolumeSource": "secretName",
    "PersistentVolumeClaimVolumeSource": "claimName",
    "ConfigMapEnvSource": "name",
    "SecretEnvSource": "name",
    "ObjectFieldSelector": "fieldPath",
    "ResourceFieldSelector": "resource",
    "TCPSocketAction": "port",
    "GRPCAction": "port",
    "ExecAction": "command",
}


# What a person says first of a thing, whatever the order of the fields in a manifest.
_FIRST: Final = ("name", "key", "path", "secretName", "exec", "httpGet", "tcpSocket", "grpc")


def _leading(item: tuple[str, Value]) -> int:
    return _FIRST.index(item[0]) if item[0] in _FIRST else len(_FIRST)


def short(value: Any, notation: str, minor: str) -> Any:
    """Return a tidy value in the shortest form that the profile language has for it."""
    if isinstance(value, Null):
        return value
    if notation.startswith("["):
        return List((short(item, notation[1:-1], minor) for item in value), origin_of(value))
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
            result[key] = named(child, inner, NAMED[notation, key], minor)
        else:
            result[key] = short(child, of_field, minor)
    for candidate in _candidates(notation, result):
        if says(candidate, value, notation, minor):
            return candidate
    return result


def says(candidate: Value, value: Map, notation: str, minor: str) -> bool:
    """Tell whether the profile language takes `candidate` for the object `value` of the type `notation`."""
    try:
        read = converter(notation)(as_written(candidate), refuse)
    except Refused:
        return False
    if not isinstance(read, Map):
        return False
    if notation not in fields.load(minor).types:
        return same(read, value)
    return same(defaulted(read, minor, notation), defaulted(value, minor, notation))


def as_written(value: Any) -> Any:
    """Return a value as it is read from a profile: of text and nulls alone."""
    if isinstance(value, Map):
        return Map(((key, as_written(child)) for key, child in value.items()), value.origin)
    if isinstance(value, List):
        return List(map(as_written, value), value.origin)
    return value if isinstance(value, (str, Null)) else Text.at(value.text, value.origin, plain=True)


def named(entries: Any, notation: str, name: str, minor: str) -> Map | List:
    """Return things that have names as a map by name; where a name is missing or there twice, as Kubernetes' list."""
    if isinstance(entries, Null):
        return entries  # type: ignore[return-value]
    keyed = entries if isinstance(entries, Map) else by_name(entries, name, f"<{name}:{notation}>")
    if isinstance(keyed, List) or not all(keyed):
        return List((short(entry, notation, minor) for entry in entries), origin_of(entries))
    return Map(((key, short(entry, notation, minor)) for key, entry in keyed.items()), keyed.origin, keyed.type)


def _mode(number: Any) -> Value:
    return Text.at(f"0{number:03o}", origin_of(number), plain=True) if 0 < number <= 0o7777 else number


def _at(words: str, value: Any) -> Text:
    return Text.at(words, origin_of(value), plain=True)


def _candidates(notation: str, value: Map) -> Iterator[Any]:
    if notation in _SINGLE:
        if list(value) == [_SINGLE[notation]]:
            only: Any = value[_SINGLE[notation]]
            yield _at(str(int(only)), only) if isinstance(only, Integer) else only
    elif notation in _FORMS:
        yield from _FORMS[notation](value)


def _key_reference(value: Map) -> Iterator[Any]:
    if value.keys() == {"name", "key"}:
        yield _at(f"{value['name']}/{value['key']}", value["name"])


def _http_get(value: Map) -> Iterator[Any]:
    port, path, host = value.get("port"), value.get("path", "/"), value.get("host", "")
    scheme = str(value.get("scheme", "HTTP")).lower()
    path = "" if path == "/" else path
    yield _at(f"{port}{path}", port)
    yield _at(f"{scheme}://{f'[{host}]' if ':' in str(host) else host}:{port}{path}", port)


def _container_port(value: Map) -> Iterator[Any]:
    port = value.get("containerPort")
    yield _at(f"{port}", port)
    yield _at(f"{port}/{value.get('protocol')}", port)


def _env_var(value: Map) -> Iterator[Any]:
    if value.keys() == {"value"}:
        yield value["value"]
    elif not value:
        yield Text.at("", value.origin)
    source = value.get("valueFrom")
    if isinstance(source, Map):
        rest = ((key, child) for key, child in value.items() if key != "valueFrom")
        yield Map([*rest, *source.items()], value.origin, "EnvVar")


def _env_from(value: Map) -> Iterator[Any]:
    for kind in ("configMapRef", "secretRef"):
        reference = value.get(kind)
        if isinstance(reference, Map) and reference.keys() == {"name", "optional"}:
            result = Map(value, value.origin, value.type)
            result[kind] = reference["name"]
            result["optional"] = reference["optional"]
            yield result


def _mount(value: Map) -> Iterator[Any]:
    if "name" in value:
        yield _at(str(value["name"]), value["name"])
        yield _at(f"{value['name']}:ro", value["name"])


def _update_strategy(value: Map) -> Iterator[Any]:
    if value.keys() == {"type"}:
        yield value["type"]
    rolling = value.get("rollingUpdate")
    if isinstance(rolling, Map):
        surge = Map(((key, child) for key, child in rolling.items() if key == "maxSurge"), rolling.origin)
        yield surge
        yield Map(rolling, rolling.origin)


def _toleration(value: Map) -> Iterator[Any]:
    key, effect = value.get("key", ""), value.get("effect")
    place = key or value
    behind = f":{effect}" if effect else ""
    if value.get("operator") == "Exists":
        if key == CONTROL_PLANE:
            yield _at("control-plane", place)
        yield _at(f"{key or 'all'}{behind}", place)
    yield _at(f"{key}={value.get('value', '')}{behind}", place)


def _requirement(value: Map) -> Iterator[Any]:
    key, operator, stated = value.get("key"), value.get("operator"), value.get("values")
    values = [str(each) for each in stated] if isinstance(stated, List) else []
    if operator in ("Exists", "DoesNotExist"):
        yield _at(f"{'!' if operator == 'DoesNotExist' else ''}{key}", key)
    sign = {"In": "=", "NotIn": "!=", "Gt": " > ", "Lt": " < "}.get(str(operator))
    if sign and len(values) == 1:
        yield _at(f"{key}{sign}{values[0]}", key)
    if operator in ("In", "NotIn"):
        yield _at(f"{key} {str(operator).lower()} ({', '.join(values)})", key)


def _preferred(value: Map) -> Iterator[Any]:
    preference = value.get("preference")
    if isinstance(preference, Map) and preference.keys() == {"matchExpressions"}:
        rest = [(key, child) for key, child in value.items() if key != "preference"]
        yield Map([*rest, ("require", preference["matchExpressions"])], value.origin, value.type)


_FORMS: Final[dict[str, Candidates]] = {
    "SecretKeySelector": _key_reference,
    "ConfigMapKeySelector": _key_reference,
    "HTTPGetAction": _http_get,
    "ContainerPort": _container_port,
    "EnvVar": _env_var,
    "EnvFromSource": _env_from,
    "Mount": _mount,
    "DaemonSetUpdateStrategy": _update_strategy,
    "Toleration": _toleration,
    "NodeSelectorRequirement": _requirement,
    "PreferredSchedulingTerm": _preferred,
}
