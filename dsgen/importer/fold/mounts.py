"""Volumes that are declared at their mounts, if that is possible for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from dsgen.plain import frozen
from dsgen.record import Record
from dsgen.resolve.layers import ONE_OF
from dsgen.resolve.mounts import derived_name, named_after
from dsgen.tree import List, Map


class _Inline(Record):
    """A volume of a pod, whether its source is `unique`, and whether it is mounted `once`."""

    volume: Map
    unique: bool
    once: bool

    @property
    def repeats(self) -> bool:
        """Whether each of its mounts can declare the source, which is one word, and still mean the same volume."""
        source = _source(self.volume)
        words = [detail for key in source for detail in source.map(key)]
        return self.unique and len(words) == 1 and bool(named_after(dict(source))) and self._has_name_for("")

    def needs_no_name(self, path: str) -> bool:
        """Whether a mount at `path` that declares its source means this volume without its name."""
        return self.repeats or (self.unique and self.once and self._has_name_for(path))

    def _has_name_for(self, path: str) -> bool:
        return derived_name(path, dict(_source(self.volume))) == self.volume.get("name")


def folded(pod: Map) -> Map:
    """Return the pod with its volumes at their mounts, if that keeps their order and no container depends on another.

    If several containers mount a volume, each of them can declare it again if its source is one word, as in `{configMap: settings}`. If
    one volume has to stay in the list, all do: half of them here and half there would be hard to read.
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
    result = pod.without("volumes")
    for group in ("initContainers", "containers"):
        if group in pod:
            listed: Any = pod[group]
            result[group] = List((_container(each, inline) for each in listed), listed.origin)
    return result


def _by_path(pod: Map) -> bool:
    """Return whether each mount has a name and a path, and each path occurs once per container; other mounts stay in Kubernetes' list."""
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
    return volume.with_items((key, value) for key, value in volume.items() if key in ONE_OF["Volume"])


def _container(container: Map, inline: dict[str, _Inline]) -> Map:
    """Return the container with mounts that declare their volumes."""
    listed: Any = container.get("volumeMounts")
    if not listed:
        return container
    mounts = List((), listed.origin)
    declared: set[str] = set()
    for mount in listed:
        name, path = str(mount.get("name")), mount["mountPath"]
        volume = inline[name]
        if name in declared and not volume.repeats:
            mounts.append(mount)
            continue
        declared.add(name)
        rest = [(key, value) for key, value in mount.items() if key not in ("name", "mountPath")]
        head = [] if volume.needs_no_name(str(path)) else [("name", mount["name"])]
        mounts.append(Map([("mountPath", path), *head, *_source(volume.volume).items(), *rest], mount.origin, "Mount"))
    return container.replaced("volumeMounts", mounts)
