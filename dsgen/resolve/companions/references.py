"""References of pods to keys of the profile's own config maps: each key must exist."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.problem import code, comma_list
from dsgen.resolve.companions.companion import Companion, DescribedAgent
from dsgen.tree import Map, Value, as_map, origin_of

UNKNOWN_KEY = code(
    "unknown-config-map-key",
    """A variable, a volume's item or a mount's `subPath` refers to a key that the config map does not have, although this profile
    generates that config map. The pods would not start, or would find an empty folder. `optional: true` allows it.""",
)


def check_keys(agent: DescribedAgent, config_maps: list[Companion]) -> None:
    """Report each reference to a key that a config map of the profile does not have."""
    known = {
        str(each.object.map("metadata").get("name")): [*each.object.map("data"), *each.object.map("binaryData")]
        for each in config_maps
    }
    for name, key, optional in _references(agent.pod):
        if isinstance(name, str) and isinstance(key, str) and name in known and not optional and key not in known[name]:
            found = f"config map `{name}` has no key `{key}`"
            there = f"known keys: {comma_list(known[name]) or 'none'}"
            hint = agent.suggestions.did_you_mean(key, known[name]) or there
            if origin_of(key) == origin_of(name):
                hint = hint.replace("did you mean `", f"did you mean `{name}/")  # a short form
            agent.report(UNKNOWN_KEY.at(origin_of(key), found, hint=hint))


def _references(pod: Map) -> Iterator[tuple[Value | None, Value | None, Value | None]]:
    """Yield the name of a config map, a key, and whether it is optional."""
    containers = [each for group in ("initContainers", "containers") for each in pod.maps(group)]
    for container in containers:
        for variable in container.maps("env"):
            reference = variable.map("valueFrom", "configMapKeyRef")
            yield reference.get("name"), reference.get("key"), reference.get("optional")
    whole: dict[str, Map] = {}
    for volume in pod.maps("volumes"):
        source = volume.map("configMap")
        if source and "items" not in source:
            whole[str(volume.get("name"))] = source
        for each in (source, *(each.map("configMap") for each in volume.map("projected").maps("sources"))):
            for item in each.maps("items"):
                yield each.get("name"), item.get("key"), each.get("optional")
    for container in containers:
        for mount in container.maps("volumeMounts"):
            source = as_map(whole.get(str(mount.get("name"))))
            yield source.get("name"), mount.get("subPath"), source.get("optional")
