"""Volumes, declared where they are mounted, if all of them can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dsgen.resolve.layers import ONE_OF
from dsgen.resolve.mounts import derived_name
from dsgen.tree import List, Map, Value, plain


def folded(pod: Map) -> Map:
    """Return the pod with its volumes beside their first mounts, where each is one container's own and that keeps their order.

    If one has to stay in the list, all do, since half of them here and half there would be hard to read.
    """
    volumes: Any = pod.get("volumes", List())
    names = [str(volume.get("name")) for volume in volumes]
    containers = [[str(mount.get("name")) for mount in _maps(each.get("volumeMounts"))] for each in _containers(pod)]
    owned = [name for mounts in containers for name in dict.fromkeys(mounts)]
    if owned != names or len(set(names)) < len(names) or not _by_path(pod) or not all(map(_source, volumes)):
        return pod
    mounted = [name for mounts in containers for name in mounts]
    inline = dict(zip(names, volumes, strict=True))
    sources = [plain(_source(volume)) for volume in volumes]
    alone = {
        name for name, source in zip(names, sources, strict=True) if sources.count(source) == mounted.count(name) == 1
    }
    result = Map(pod, pod.origin, pod.type)
    result.pop("volumes", None)
    for group in ("initContainers", "containers"):
        if group in pod:
            stated: Any = pod[group]
            result[group] = List((_container(each, inline, alone) for each in stated), stated.origin)
    return result


def _by_path(pod: Map) -> bool:
    """Tell whether no container mounts two things at one path: such mounts stay Kubernetes' list."""
    for container in _containers(pod):
        paths = [mount.get("mountPath") for mount in _maps(container.get("volumeMounts"))]
        if len(set(map(str, paths))) < len(paths) or None in paths:
            return False
    return True


def _containers(pod: Map) -> Iterator[Map]:
    for group in ("initContainers", "containers"):
        yield from _maps(pod.get(group))


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
