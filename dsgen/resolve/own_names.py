"""`$(name)`, the name of the profile in those of other objects and in paths of nodes; and config maps by the names that they get."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from dsgen.problem import Reporter, code
from dsgen.tree import List, Map, Text, Value, origin_of, place_of

UNKNOWN_VARIABLE = code(
    "unknown-name-variable",
    """A name of another object, such as a secret, contains `$(…)` with something else than `name`. `$(name)` is the name of the profile;
    there is nothing else to refer to.""",
)

_NAME: Final = "$(name)"
_REFERENCE: Final = re.compile(r"\$\([^)]*\)?")
_GROUPS: Final = ("initContainers", "containers")
# The parts of a profile that contain names, and the fields of each that do.
_COMPANIONS: Final = {
    "namespace": ("name",),
    "serviceAccount": (
        "name", "roleName", "bindingName", "namespaceRoleName", "namespaceBindingName",
    ),
    **dict.fromkeys(("service", "podMonitor", "networkPolicy", "priorityClass"), ("name",)),
}  # fmt: skip
_OF_CONTAINER: Final = ("env", "envFrom", "volumeMounts")
_CONFIG_MAP: Final = "config map"
_OTHER: Final = "other"
_PATH: Final = "path"
# What a field names, by the type that it is in.
_FIELDS: Final = {
    "ConfigMapKeySelector": {"name": _CONFIG_MAP},
    "ConfigMapEnvSource": {"name": _CONFIG_MAP},
    "ConfigMapVolumeSource": {"name": _CONFIG_MAP},
    "ConfigMapProjection": {"name": _CONFIG_MAP},
    "configMap": {"name": _OTHER},
    "LocalObjectReference": {"name": _OTHER},
    "PersistentVolumeClaimVolumeSource": {"claimName": _OTHER},
    "SecretEnvSource": {"name": _OTHER},
    "SecretKeySelector": {"name": _OTHER},
    "SecretProjection": {"name": _OTHER},
    "SecretVolumeSource": {"secretName": _OTHER},
    "HostPathVolumeSource": {"path": _PATH},
}
_NOTHING: Final[Mapping[str, str]] = {}


def with_own_names(merged: Map, report: Reporter) -> Map:
    """Return a merged profile with its name instead of `$(name)`, and its config maps by their names instead of their keys."""
    stated = merged.get("name")
    if not isinstance(stated, str):
        return merged
    own = _OwnNames(str(stated), report)
    for key, config_map in merged.named("configMaps"):
        if "name" in config_map:
            given = config_map["name"]
            own.config_maps[key] = given.replace(_NAME, own.name) if isinstance(given, str) else key
    changed: dict[str, Value] = {}
    for key in ("configMaps", "volumes", "imagePullSecrets"):
        if key in merged:
            changed[key] = own.in_value(merged[key])
    for key, names in _COMPANIONS.items():
        companion = merged.child(key)
        if companion is not None:
            changed[key] = own.in_fields(companion, dict.fromkeys(names, _OTHER))
    account: Value | None = changed.get("serviceAccount")
    if type(account) is Map:
        changed["serviceAccount"] = _in_map(account, ("imagePullSecrets",), own.in_value)
    for key in _GROUPS:
        if key in merged:
            changed[key] = own.in_containers(merged[key])
    changed = {key: value for key, value in changed.items() if value is not merged[key]}
    return merged.updated(changed) if changed else merged


class _OwnNames:
    """The names of a profile and of its config maps, and the values that refer to them."""

    def __init__(self, name: str, report: Reporter) -> None:
        self.name = name
        self.config_maps: dict[str, str] = {}
        self._report = report

    def in_containers(self, containers: Value) -> Value:
        """Return containers, by name or as a list, with the names in what refers to other objects."""
        if type(containers) is List:
            return _in_list(containers, self._in_container)
        assert type(containers) is Map
        return _in_map(containers, containers, self._in_container)

    def _in_container(self, container: Value) -> Value:
        return _in_map(container, _OF_CONTAINER, self.in_value) if type(container) is Map else container

    def in_value(self, value: Value) -> Value:
        """Return a value with the names in all of its fields; the value itself if there are none."""
        # Every map of every profile comes through here, and hardly any has a name to change.
        if type(value) is not Map:
            return _in_list(value, self.in_value) if type(value) is List else value
        if value.type[:1] == "{":
            return value
        changed: dict[str, Value] = {}
        kinds = _FIELDS.get(value.type, _NOTHING)
        for key, child in value.items():
            kind = type(child)
            if kind is Map or kind is List:
                after = self.in_value(child)
            elif kinds and key in kinds and isinstance(child, str):
                after = self._named(child, kinds[key])
            else:
                continue
            if after is not child:
                changed[key] = after
        return value.updated(changed) if changed else value

    def in_fields(self, value: Map, kinds: Mapping[str, str]) -> Map:
        """Return a map with the names in its fields of these `kinds`."""
        stated = ((key, kind, value[key]) for key, kind in kinds.items() if key in value)
        named = {key: self._named(child, kind) for key, kind, child in stated if isinstance(child, str)}
        changed = {key: after for key, after in named.items() if after is not value[key]}
        return value.updated(changed) if changed else value

    def _named(self, text: str, kind: str) -> str:
        if kind == _CONFIG_MAP and text in self.config_maps:
            return Text.at(self.config_maps[text], place_of(text))
        if "$(" not in text:
            return text
        if kind == _PATH:
            # A path may contain anything, and `$$(name)` means the text `$(name)`, as in Kubernetes.
            parts = (part.replace(_NAME, self.name) for part in text.split(f"${_NAME}"))
            return Text.at(_NAME.join(parts), place_of(text))
        result = text.replace(_NAME, self.name)
        found = _REFERENCE.search(result)
        if found:
            self._report(
                UNKNOWN_VARIABLE.at(
                    origin_of(text),
                    f"unknown variable `{found[0]}` in a name",
                    hint="write `$(name)`, which is the name of the profile",
                )
            )
        return Text.at(result, place_of(text))


def _in_map(value: Map, keys: Iterable[str], convert: Callable[[Value], Value]) -> Map:
    """Return a map with the values of these keys converted, as far as it has them, or the map itself if they are its own."""
    changed = {}
    for key in keys:
        if key in value:
            after = convert(value[key])
            if after is not value[key]:
                changed[key] = after
    return value.updated(changed) if changed else value


def _in_list(values: List, convert: Callable[[Value], Value]) -> List:
    """Return a list of the converted values, or the list itself if they are its own."""
    after = [convert(each) for each in values]
    same = all(each is before for each, before in zip(after, values, strict=True))
    return values if same else List(after, values.place)
