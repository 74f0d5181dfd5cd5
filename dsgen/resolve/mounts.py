"""Volumes and mounts: which volumes a pod has, and which of them each mount refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from dsgen.kubernetes.schema.names import DNS1123_LABEL_MAX_LENGTH
from dsgen.origin import Origin
from dsgen.plain import frozen
from dsgen.problem import Reporter, Suggestions, code
from dsgen.resolve.layers import ONE_OF
from dsgen.tree import List, Map, Text, Value, as_map, new_map, origin_of, place_of

UNKNOWN_VOLUME = code(
    "unknown-volume",
    "A mount refers to a volume that is declared neither under `volumes` nor by a mount with a source.",
)
UNUSED_VOLUME = code("unused-volume", "A volume is declared, but no container mounts it.", severity="warning")
VOLUME_NAME = code(
    "invalid-mounted-volume-name",
    """A mount's volume is named after its host path, config map, secret or claim, or else after the mount path. That name is too
    long, or is the name of another source: set `name`.""",
)
_DECLARE: Final = "declare it under `volumes`, or set its source in the mount"
_SOURCES: Final = ONE_OF["Volume"]
# Two mounts with one of these sources get two volumes, unless they set the same name.
_PRIVATE: Final = frozenset({"emptyDir", "ephemeral"})
_NAMED_AFTER: Final = {
    "hostPath": "path",
    "configMap": "name",
    "secret": "secretName",
    "persistentVolumeClaim": "claimName",
}


def pod_volumes(merged: Map, report: Reporter) -> tuple[List, dict[int, Map]]:
    """Return the pod's volumes in order, and the VolumeMount of each mount (by the identity of its map).

    Order: `volumes`, then by first mount, init containers before containers.
    """
    volumes: dict[str, Map] = {}
    declared = merged.get("volumes")
    unnamed = merged.entries("volumes")
    for name, volume in merged.map("volumes").items():
        volumes[name] = Map([("name", name), *as_map(volume).items()], place_of(volume), "Volume")
    stated = dict(volumes)
    mounts = [(path, mount, _source(mount)) for path, mount in _mounts(merged)]
    for _, mount, source in mounts:
        given = mount.get("name")
        if source and isinstance(given, str):
            stated.setdefault(given, Map([("name", given), *source.items()], mount.place, "Volume"))
    # The first volume with each source: mounts without a name share it, unless the source is private.
    alike: dict[object, str] = {}
    for name, volume in stated.items() if any(source for _, _, source in mounts) else ():
        alike.setdefault(_kind(volume), name)
    suggestions = Suggestions()
    used: set[str] = set()
    result: dict[int, Map] = {}
    for path, mount, source in mounts:
        given = mount.get("name")
        if source:
            shared = None if isinstance(given, str) or _PRIVATE & source.keys() else alike.get(_kind(source))
            name = given if isinstance(given, str) else shared or derived_name(path, source)
            name = _checked(name, given, path, source, stated, report)
            volume = stated.setdefault(name, Map([("name", name), *source.items()], mount.place, "Volume"))
            alike.setdefault(_kind(volume), name)
            volumes.setdefault(name, volume)
        elif isinstance(given, str):
            name = given
            if name not in stated and not unnamed:
                hint = (
                    _as_host_path(name, mount, path)
                    or _as_source(name, mount, merged)
                    or suggestions.did_you_mean(name, stated)
                    or _DECLARE
                )
                report(UNKNOWN_VOLUME.at(origin_of(name) or origin_of(path), f"unknown volume `{name}`", hint=hint))
        else:
            hint = "write VOLUME, or a source such as {hostPath: PATH}"
            found = f"the mount at `{path}` names no volume"
            report(UNKNOWN_VOLUME.at(origin_of(path) or mount.origin, found, hint=hint))
            continue
        used.add(name)
        full = new_map("VolumeMount", mount.place)
        full["name"] = name
        if "mountPath" not in mount:
            full["mountPath"] = path
        full.update(mount.without("name", *source))
        result[id(mount)] = full
    used.update(_claimed(merged))
    for name, volume in volumes.items():
        if name not in used:
            found, hint = f"no container mounts volume `{name}`", "mount it, or remove it"
            report(UNUSED_VOLUME.at(origin_of(name) or volume.origin, found, hint=hint))
    return List([*volumes.values(), *unnamed], place_of(declared)), result


def _as_host_path(name: str, mount: Map, path: str) -> str:
    """Return the hint for a path instead of the name of a volume: of the node, as in Docker's short form, or of the container, at a volume's name."""
    if name.startswith("/") and not path.startswith("/"):
        return f"write `{name}: {path}`"
    read_only = ", readOnly: true" if mount.get("readOnly") else ""
    return f"write `{{hostPath: {name}{read_only}}}`" if name.startswith("/") else ""


def _as_source(name: str, mount: Map, merged: Map) -> str:
    """Return the hint for a kind of volume, or a config map of the profile, instead of the name of a volume."""
    read_only = ", readOnly: true" if mount.get("readOnly") else ""
    if name == "emptyDir":
        return "write `{emptyDir: {}}`"
    return f"write `{{configMap: {name}{read_only}}}`" if name in dict(merged.named("configMaps")) else ""


def _mounts(merged: Map) -> Iterator[tuple[str, Map]]:
    for container in _containers(merged):
        yield from container.named("volumeMounts")
        for mount in container.maps("volumeMounts"):
            target = mount.get("mountPath", "")
            yield target if isinstance(target, str) else "", mount


def _containers(merged: Map) -> Iterator[Map]:
    for group in ("initContainers", "containers"):
        yield from _entries(merged, group)


def _entries(holder: Map, key: str) -> Iterator[Map]:
    """Yield the maps under `key`, by name or in a list."""
    yield from (each for _, each in holder.named(key))
    yield from holder.maps(key)


def _source(mount: Map) -> dict[str, Value]:
    if _SOURCES.isdisjoint(mount):
        return {}  # most mounts name a volume
    return {key: value for key, value in mount.items() if key in _SOURCES}


def _kind(volume: Mapping[str, Value]) -> object:
    """Return a key that is equal for two volumes if and only if all but their names is."""
    return frozen({key: value for key, value in volume.items() if key != "name"})


def derived_name(path: str, source: dict[str, Value]) -> str:
    """Return the default name of the volume that a mount at `path` declares."""
    name = re.sub(r"[^a-z0-9]+", "-", (named_after(source) or path).lower()).strip("-")
    return name or "root"


def named_after(source: dict[str, Value]) -> str:
    """Return what a volume is named after, or an empty string if it is named after the mount path."""
    for kind, field in _NAMED_AFTER.items():
        name = as_map(source.get(kind)).get(field)
        if isinstance(name, str):
            return str(name)
    return ""


def _checked(
    name: str, given: Value | None, path: str, source: dict[str, Value], volumes: dict[str, Map], report: Reporter
) -> str:
    origin: Origin | None = origin_of(given) or origin_of(next(iter(source))) or origin_of(path)
    if len(name) > DNS1123_LABEL_MAX_LENGTH and given is None:
        found = f"the volume's name `{name}` must have at most {DNS1123_LABEL_MAX_LENGTH} characters, got {len(name)}"
        report(VOLUME_NAME.at(origin, found, hint="set `name` in the mount"))
    taken = volumes.get(name)
    other = taken is not None and _kind(taken) != _kind(source)
    if taken is not None and (other or (given is None and _PRIVATE & source.keys())):
        found = f"the volume `{name}` already has another source" if other else f"duplicate volume `{name}`"
        report(VOLUME_NAME.at(origin, found, hint="set another `name` in the mount"))
    return Text.at(name, origin_of(given) or origin)


def _claimed(merged: Map) -> Iterator[str]:
    """Yield the names of the volumes that block devices and environment files use."""
    for container in _containers(merged):
        names = [device.get("name") for device in _entries(container, "volumeDevices")]
        sources = (each.child("valueFrom") for each in _entries(container, "env"))
        names += [each.map("fileKeyRef").get("volumeName") for each in sources if each and "fileKeyRef" in each]
        yield from (name for name in names if isinstance(name, str))
