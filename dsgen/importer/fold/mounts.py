"""Volumes, declared where they are mounted, if all of them can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from dsgen.record import Record
from dsgen.resolve.layers import ONE_OF
from dsgen.resolve.mounts import derived_name, named_after
from dsgen.tree import List, Map, frozen


class _Inline(Record):
    """A volume of a pod: whether no other has its source, and whether it is mounted once."""

    volume: Map
    unlike_others: bool
    once: bool

    @property
    def repeats(self) -> bool:
        """Whether each mount of it can say all of its source, in a word, and mean the same volume."""
        source = _source(self.volume)
        words = [detail for details in source.values() if isinstance(details, Map) for detail in details]
        return self.unlike_others and len(words) == 1 and bool(named_after(dict(source))) and self._has_name_for("")

    def needs_no_name(self, path: str) -> bool:
        """Whether a mount at `path` with its source means just this volume."""
        return self.repeats or (self.unlike_others and self.once and self._has_name_for(path))

    def _has_name_for(self, path: str) -> bool:
        return derived_name(path, dict(_source(self.volume))) == self.volume.get("name")


def folded(pod: Map) -> Map:
    """Return the pod with its volumes beside their mounts, where that keeps their order and no container relies on another.

    A volume that several containers mount can be said anew by each of them if its source is one word, as in
    `{configMap: settings}`. If one has to stay in the list, all do, since half of them here and half there would be hard to read.
    """
    volumes: Any = pod.get("volumes", List())
    names = [str(volume.get("name")) for volume in volumes]
    containers = [[str(mount.get("name")) for mount in each.maps("volumeMounts")] for each in _containers(pod)]
    owned = [name for mounts in containers for name in dict.fromkeys(mounts)]
    if list(dict.fromkeys(owned)) != names or not _by_path(pod) or not all(map(_source, volumes)):
        return pod
    mounted = Counter(name for mounts in containers for name in mounts)
    owners = Counter(owned)
    sources = [frozen(_source(volume)) for volume in volumes]
    like = Counter(sources)
    inline = {
        name: _Inline(volume, like[source] == 1, mounted[name] == 1)
        for name, volume, source in zip(names, volumes, sources, strict=True)
    }
    if any(owners[name] > 1 and not each.repeats for name, each in inline.items()):
        return pod
    result = Map(pod, pod.origin, pod.type)
    result.pop("volumes", None)
    for group in ("initContainers", "containers"):
        if group in pod:
            stated: Any = pod[group]
            result[group] = List((_container(each, inline) for each in stated), stated.origin)
    return result


def _by_path(pod: Map) -> bool:
    """Tell whether no container mounts two things at one path, or nothing anywhere: such mounts stay Kubernetes' list."""
    for container in _containers(pod):
        mounts = list(container.maps("volumeMounts"))
        paths = [mount.get("mountPath") for mount in mounts]
        if len(set(map(str, paths))) < len(paths) or None in paths or not all("name" in mount for mount in mounts):
            return False
    return True


def _containers(pod: Map) -> Iterator[Map]:
    for group in ("initContainers", "containers"):
        yield from pod.maps(group)


def _source(volume: Map) -> Map:
    return Map(((key, value) for key, value in volume.items() if key in ONE_OF["Volume"]), volume.origin)


def _container(container: Map, inline: dict[str, _Inline]) -> Map:
    """Return the container with mounts that declare their volumes."""
    stated: Any = container.get("volumeMounts")
    if not stated:
        return container
    result = Map(container, container.origin, container.type)
    mounts = List((), stated.origin)
    declared: set[str] = set()
    for mount in stated:
        name, path = str(mount.get("name")), mount["mountPath"]
        volume = inline[name]
        if name in declared and not volume.repeats:
            mounts.append(mount)
            continue
        declared.add(name)
        rest = [(key, value) for key, value in mount.items() if key not in ("name", "mountPath")]
        head = [] if volume.needs_no_name(str(path)) else [("name", mount["name"])]
        mounts.append(Map([("mountPath", path), *head, *_source(volume.volume).items(), *rest], mount.origin, "Mount"))
    result["volumeMounts"] = mounts
    return result
