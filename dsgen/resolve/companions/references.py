"""What the pods take from the config maps that come with them: each key must be there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.problem import code, listed
from dsgen.resolve.companions.companion import Agent, Companion, maps
from dsgen.tree import Map, Value, origin_of

UNKNOWN_KEY = code(
    "unknown-config-map-key",
    """A variable, a volume's item or a mount's `subPath` names a key that the config map does not have, although this profile makes that
    config map. The pods would not start, or find an empty folder. `optional: true` allows it.""",
)
_NOTHING: Final = Map()


def check_keys(agent: Agent, config_maps: list[Companion]) -> None:
    """Reporter each reference to a key that a config map of the profile does not have."""
    known = {str(_part(each.object, "metadata").get("name")): _keys(each.object) for each in config_maps}
    for name, key, optional in _references(agent.pod):
        if isinstance(name, str) and isinstance(key, str) and name in known and not optional and key not in known[name]:
            found = f"config map `{name}` has no key `{key}`"
            hint = agent.suggestions.did_you_mean(key, known[name]) or f"its keys: {listed(known[name]) or 'none'}"
            agent.report(UNKNOWN_KEY.at(origin_of(key), found, hint=hint))


def _keys(config_map: Map) -> list[str]:
    return [*_part(config_map, "data"), *_part(config_map, "binaryData")]


def _references(pod: Map) -> Iterator[tuple[Value | None, Value | None, Value | None]]:
    """Yield the name of a config map, a key, and whether it may be missing."""
    containers = [each for group in ("initContainers", "containers") for each in maps(pod.get(group))]
    for container in containers:
        for variable in maps(container.get("env")):
            reference = _part(_part(variable, "valueFrom"), "configMapKeyRef")
            yield reference.get("name"), reference.get("key"), reference.get("optional")
    whole: dict[str, Map] = {}
    for volume in maps(pod.get("volumes")):
        source = _part(volume, "configMap")
        if source and "items" not in source:
            whole[str(volume.get("name"))] = source
        for each in (source, *(_part(part, "configMap") for part in maps(_part(volume, "projected").get("sources")))):
            for item in maps(each.get("items")):
                yield each.get("name"), item.get("key"), each.get("optional")
    for container in containers:
        for mount in maps(container.get("volumeMounts")):
            source = whole.get(str(mount.get("name")), _NOTHING)
            yield source.get("name"), mount.get("subPath"), source.get("optional")


def _part(value: Map, key: str) -> Map:
    part = value.get(key)
    return part if isinstance(part, Map) else _NOTHING
