"""Pods that do not restart when a config map changes: the hash in their annotations is that of other data."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.checksums import PATH, PREFIX, annotation
from dsgen.kubernetes.relations.excerpt import Excerpt
from dsgen.kubernetes.relations.view import OwnedProblem, View
from dsgen.kubernetes.schema.paths import field_path
from dsgen.origin import Origin
from dsgen.problem import code
from dsgen.record import Record

MISMATCHED_CHECKSUM = code(
    "mismatched-checksum",
    """dsgen writes a hash of each config map into an annotation of the pods, `checksum/NAME`, so that they restart when the data changes. Here, the
    hash is not that of the ConfigMap with which the DaemonSet is applied: something, such as an overlay of Kustomize, changed the data, but not
    the annotation. The change does not restart the pods. As a transformer of Kustomize, `dsgen kustomize` updates the annotation.""",
    "warning",
)


class StaleChecksum(Record):
    """An annotation of the pods of `owner` whose hash is not that of `config_map`, which is now `current`."""

    owner: Excerpt
    key: str
    origin: Origin | None
    config_map: Excerpt
    current: str


def stale_checksums(view: View) -> Iterator[StaleChecksum]:
    """Yield the hashes in annotations of pods that are not those of their config maps."""
    for each in view.all:
        for key, value, place in each.checksums if each.kind == "DaemonSet" else ():
            config_maps = _config_maps(view, each, key)
            current = [own for config_map in config_maps for _, own, _ in config_map.checksums]
            if current and value not in current:
                yield StaleChecksum(each, key, place, config_maps[0], current[0])


def findings(view: View) -> Iterator[OwnedProblem]:
    """Yield a problem for each of them."""
    for owner, key, place, config_map, current in stale_checksums(view):
        found = f"is not the hash of {config_map.shown}{config_map.place}: its data changed, and pods do not restart"
        hint = f"write `{current}`, or list `dsgen kustomize` as a transformer, which does"
        field = f"{field_path(PATH)}[{key}]"
        yield OwnedProblem(owner, MISMATCHED_CHECKSUM.at(place, found, hint=hint, field=field, file=owner.file))


def _config_maps(view: View, pods: Excerpt, key: str) -> list[Excerpt]:
    """Return the ConfigMaps that an annotation may be about: those of its name, or of the only longer one that the pods refer to, as Kustomize may rename them."""
    name = key.removeprefix(PREFIX)
    referred = dict.fromkeys(each.name for each in pods.references if each.kind == "ConfigMap")
    exact = [name, *(each for each in referred if annotation(each) == key)]
    longer = [each for each in referred if name in each]
    for candidates in (exact, longer if len(longer) == 1 else ()):
        found = [each for candidate in candidates for each in view.find("ConfigMap", pods.namespace, candidate)]
        if found:
            return found
    return []
