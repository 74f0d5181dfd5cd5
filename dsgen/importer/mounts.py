"""Volumes, declared where they are mounted, if their order allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dsgen.resolve.layers import ONE_OF
from dsgen.resolve.mounts import derived_name
from dsgen.tree import List, Map, Value, plain


def folded(pod: Map) -> Map:
    """Return the pod with its volumes beside their first mounts, where that keeps all of them and their order.

    The manifest has those of the list first. So a volume stays there that nobody mounts, or several do, and those before it;
    if another one has to stay, all do, since half of them here and half there would be hard to read.
    """
    volumes: Any = pod.get("volumes", List())
    names = [str(volume.get("name")) for volume in volumes]
    mounted = [str(mount.get("name")) for mount in _mounts(pod)]
    start = _first_inline(names, mounted)
    if not _by_path(pod) or not all(map(_source, volumes)) or any(mounted.count(name) == 1 for name in names[:start]):
        return pod
    inline = dict(zip(names[start:], volumes[start:], strict=True))
    sources = [plain(_source(volume)) for volume in volumes]
    alone = {
        name for name, source in zip(names, sources, strict=True) if sources.count(source) == mounted.count(name) == 1
    }
    result = Map(pod, pod.origin, pod.type)
    result.pop("volumes", None)
    if start:
        result[pod.key("volumes")] = List(volumes[:start], volumes.origin)
    for group in ("initContainers", "containers"):
        if group in pod:
            stated: Any = pod[group]
            result[group] = List((_container(each, inline, alone) for each in stated), stated.origin)
    return result


def _first_inline(names: list[str], mounted: list[str]) -> int:
    """Return the index from which on the volumes are in the order of their first mounts."""
    start, bound = len(names), len(mounted)
    while start and names[start - 1] in mounted[:bound] and names.count(names[start - 1]) == 1:
        start -= 1
        bound = mounted.index(names[start])
    return start


def _by_path(pod: Map) -> bool:
    """Tell whether no container mounts two things at one path: such mounts stay Kubernetes' list."""
    for group in ("initContainers", "containers"):
        for container in _maps(pod.get(group)):
            paths = [mount.get("mountPath") for mount in _maps(container.get("volumeMounts"))]
            if len(set(map(str, paths))) < len(paths) or None in paths:
                return False
    return True


def _mounts(pod: Map) -> Iterator[Map]:
    for group in ("initContainers", "containers"):
        for container in _maps(pod.get(group)):
            yield from _maps(container.get("volumeMounts"))


def _maps(value: Value | None) -> Iterator[Map]:
    for entry in value if isinstance(value, List) else ():
        if isinstance(entry, Map):
            yield entry


def _source(volume: Map) -> Map:
    return Map(((key, value) for key, value in volume.items() if key in ONE_OF["Volume"]), volume.origin)


def _container(container: Map, inline: dict[str, Map], alone: set[str]) -> Map:
    """Return the container with mounts that declare their volumes; each is taken out of `inline` by its first mount."""
    stated: Any = container.get("volumeMounts")
    if not stated:
        return container
    result = Map(container, container.origin, container.type)
    mounts = List((), stated.origin)
    for mount in stated:
        name, path = mount.get("name"), mount["mountPath"]
        volume = inline.pop(str(name), None)
        if volume is None:
            mounts.append(mount)
            continue
        source = _source(volume)
        known = name in alone and derived_name(str(path), dict(source)) == name
        rest = [(key, value) for key, value in mount.items() if key not in ("name", "mountPath")]
        head = [] if known else [("name", name)]
        mounts.append(Map([("mountPath", path), *head, *source.items(), *rest], mount.origin, "Mount"))
    result["volumeMounts"] = mounts
    return result
