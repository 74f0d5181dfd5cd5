"""A name or a path instead of Kubernetes' map with one key."""

from __future__ import annotations

from typing import Any

from dsgen.profile.shape_problems import ReportPart
from dsgen.profile.shorthand.form import (
    Shorten,
    expand_to,
    not_parsed,
    pattern,
    short_form,
    text_at,
    text_of,
    unquoted_at,
)
from dsgen.tree import List, Map, Text, Value, is_integer, origin_of


def shorten_to(field: str) -> Shorten:
    """Return the inverse: from a map to the value of its only field."""

    def shorten(value: Map) -> Value | None:
        only: Any = value.get(field) if len(value) == 1 else None
        if is_integer(only):
            return unquoted_at(str(int(only)), only)
        if isinstance(only, List):  # a comment on the key is one on the list
            return List(only, origin_of(value.key(field)))
        return only if isinstance(only, str) else None

    return shorten


def _single(type: str, field: str, example: str, means: str) -> None:
    @short_form(type, example, means, {"type": ["string", "number", "boolean"]}, shorten=shorten_to(field))
    def expand(value: Value, report: ReportPart) -> Value:
        return expand_to(value, **{field: value}) if isinstance(value, Text) else value


_single("HostPathVolumeSource", "path", "/var/log", "{path: /var/log}")
_single("ConfigMapVolumeSource", "name", "agent-config", "{name: agent-config}")
_single("SecretVolumeSource", "secretName", "agent-keys", "{secretName: agent-keys}")
_single("PersistentVolumeClaimVolumeSource", "claimName", "cache", "{claimName: cache}")
_single("ConfigMapEnvSource", "name", "agent-env", "{name: agent-env}")
_single("SecretEnvSource", "name", "agent-secret", "{name: agent-secret}")
_single("ObjectFieldSelector", "fieldPath", "spec.nodeName", "{fieldPath: spec.nodeName}")
_single("ResourceFieldSelector", "resource", "limits.memory", "{resource: limits.memory}")
_single("LocalObjectReference", "name", "registry", "{name: registry}")
_single("TCPSocketAction", "port", "metrics", "{port: metrics}")
_single("GRPCAction", "port", "9000", "{port: 9000}")


def _shorten_key_reference(value: Map) -> Value | None:
    name, key = text_of(value, "name"), text_of(value, "key")
    if value.keys() != {"name", "key"} or not name or not key or "/" in name:
        return None
    return unquoted_at(f"{name}/{key}", value["name"])


def _key_reference(type: str, kind: str) -> None:
    @short_form(type, "agent/level", "{name: agent, key: level}", pattern("[^/]+/.+"), shorten=_shorten_key_reference)
    def expand(value: Value, report: ReportPart) -> Value:
        if not isinstance(value, Text):
            return value
        name, slash, key = value.partition("/")
        if not (name and slash and key):
            not_parsed(value, f"reference to a key of a {kind}", "write NAME/KEY, such as `agent/level`", report)
        return expand_to(value, name=text_at(name, value), key=text_at(key, value))


_key_reference("SecretKeySelector", "Secret")
_key_reference("ConfigMapKeySelector", "ConfigMap")
