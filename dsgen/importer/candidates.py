"""What a short form of each type would be: `profile.forms`, the other way round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from dsgen.profile.shorthand.nodes import CONTROL_PLANE
from dsgen.tree import Integer, List, Map, Text, origin_of

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


def _at(words: str, value: Any) -> Text:
    return Text.at(words, origin_of(value), plain=True)


def candidates(notation: str, value: Map) -> Iterator[Any]:
    """Yield what could stand for an object of the type `notation`, the shortest first. Not all of it says the same."""
    if notation in _SINGLE:
        if list(value) == [_SINGLE[notation]]:
            only: Any = value[_SINGLE[notation]]
            if isinstance(only, List):  # a comment on the key is one on the list
                only = List(only, origin_of(value.key(_SINGLE[notation])))
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
    if host:  # a URL without one is hard to read
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
