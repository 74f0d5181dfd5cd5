"""What the API server drops: if a feature gate is off, it silently removes the gate's fields before it validates the object."""

from __future__ import annotations

from typing import Any

from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.schema.paths import CONTAINER_LISTS, HOOKS, PROBES
from dsgen.kubernetes.schema.words import FILE_VOLUMES
from dsgen.kubernetes.semantics.feature_gates import (
    FILE_PROJECTIONS,
    IMAGE_VOLUME,
    IN_CONTAINER,
    IN_EMPTY_DIR,
    IN_FILE,
    IN_FILES,
    IN_GRPC,
    IN_HTTP_GET,
    IN_JOB,
    IN_LIFECYCLE,
    IN_MOUNT,
    IN_POD,
    IN_POD_SECURITY_CONTEXT,
    IN_PROJECTION,
    IN_RESOURCES,
    IN_VALUE_FROM,
    MAX_UNAVAILABLE,
    PROC_MOUNT,
    RESTART_RULES,
    Gate,
)
from dsgen.record import Record
from dsgen.tree import List, Map, Null, Path, origin_of


class Dropped(Record):
    """A field that the server drops, and why."""

    path: Path
    gate: Gate


def drop_disabled_fields(
    root: Map, minor: str, template: tuple[str, ...] | None, in_use: frozenset[str] = frozenset()
) -> tuple[Map, list[Dropped]]:
    """Return the object as the server validates it in `minor`, and what it drops. `root` is not changed.

    `template` is the path of its pod template, if it has one. Fields of gates `in_use`, by the old object of an update, are kept.
    """
    number = minor_number(minor)
    dropped: list[Dropped] = []
    if template is None:
        return root, dropped
    path: tuple[str, ...] = (*template, "spec")
    spec = root.map(*path)
    pruner = _Pruner(number, dropped, in_use, path)
    if root.get("kind") == "StatefulSet":
        root = pruner.stateful_set(root)
    elif root.get("kind") in ("Job", "CronJob"):
        root = pruner.job(root, template[:-1])
    pod = pruner.pod(spec)
    return (root if pod is spec else replaced_at(root, path, pod)), dropped


def replaced_at(root: Map, path: tuple[str, ...], value: Map) -> Map:
    """Return a map with another value at a path."""
    first, *rest = path
    return root.replaced(first, replaced_at(root.map(first), tuple(rest), value) if rest else value)


def in_use(dropped: list[Dropped]) -> frozenset[str]:
    """Return the gates whose fields are kept and validated in an update, because the old object, which has `dropped`, uses them.

    Resources of the whole pod are kept too, but never validated. Restart rules are only looked for in init containers, and
    restart policies in all but ephemeral ones, and claims only in the pod itself.
    """
    names = set()
    for path, gate in dropped:
        place, field = next((step for step in path if step in CONTAINER_LISTS), ""), path[-1]
        unseen = place == "ephemeralContainers" or (place == "containers" and field == "restartPolicyRules")
        judged = gate.name != "PodLevelResources" and field != "claims"
        if judged and not (gate.name == RESTART_RULES.name and unseen):
            names.add(gate.name)
    return frozenset(names)


class _Pruner:
    def __init__(self, minor: int, dropped: list[Dropped], in_use: frozenset[str], path: Path) -> None:
        self.path = path
        self.minor = minor
        self.dropped = dropped
        self.in_use = in_use

    def is_off(self, gate: Gate) -> bool:
        """Return whether the fields of a gate are dropped."""
        return gate.is_off(self.minor) and gate.name not in self.in_use

    def stateful_set(self, root: Map) -> Map:
        """Return a StatefulSet without the fields beside the pods whose gates are off."""
        path = ("spec", "updateStrategy", "rollingUpdate")
        rolling = root.map(*path)
        pruned = self._without(rolling, {"maxUnavailable": MAX_UNAVAILABLE}, path)
        return root if pruned is rolling else replaced_at(root, path, pruned)

    def job(self, root: Map, path: tuple[str, ...]) -> Map:
        """Return a Job, or a CronJob, without the fields beside the pods whose gates are off; `path` is that of the spec of the job."""
        spec = root.map(*path)
        pruned = self._without(spec, IN_JOB, path)
        return root if pruned is spec else replaced_at(root, path, pruned)

    def pod(self, spec: Map) -> Map:
        """Return a pod's spec without the fields whose gates are off."""
        spec = self._without(spec, IN_POD, self.path)
        spec = self._inside(spec, "securityContext", IN_POD_SECURITY_CONTEXT, self.path)
        images = self._image_volumes(spec)
        for kind in CONTAINER_LISTS:
            if spec.get(kind):
                spec = self._each(spec, kind, self.path, lambda each, path: self._container(each, path, images))
        return self._each(spec, "volumes", self.path, self._volume, leave_out=_is_image_volume if images else None)

    def _image_volumes(self, spec: Map) -> frozenset[str]:
        if not self.is_off(IMAGE_VOLUME):
            return frozenset()
        found = set()
        volumes: Any = spec.get("volumes") or ()
        for index, volume in enumerate(volumes):
            if _is_image_volume(volume):
                found.add(str(volume.get("name") or ""))
                self.dropped.append(Dropped((*self.path, "volumes", index, "image"), IMAGE_VOLUME))
        return frozenset(found)

    def _container(self, container: Map, path: Path, images: frozenset[str]) -> Map:
        container = self._without(container, IN_CONTAINER, path)
        restart = container.get("restartPolicy")
        sidecar = path[len(self.path)] == "initContainers" and restart == "Always"
        if not sidecar:
            container = self._without(container, {"restartPolicy": RESTART_RULES}, path)
        container = self._inside(container, "resources", IN_RESOURCES, path)
        container = self._handlers(container, path)
        container = self._inside(container, "lifecycle", IN_LIFECYCLE, path)
        if (
            "lifecycle" in container
            and self.dropped
            and self.dropped[-1].path[:-1] == (*path, "lifecycle")
            and not _stated(container["lifecycle"])
        ):
            container = container.without("lifecycle")
        if self.is_off(PROC_MOUNT) and (context := container.map("securityContext")).get("procMount"):
            container = container.replaced("securityContext", context.replaced("procMount", "Default"))
        if container.get("env") and self.is_off(IN_VALUE_FROM["fileKeyRef"]):
            container = self._each(
                container, "env", path, lambda each, below: self._inside(each, "valueFrom", IN_VALUE_FROM, below)
            )
        if container.get("volumeMounts"):
            container = self._each(
                container,
                "volumeMounts",
                path,
                lambda each, below: self._without(each, IN_MOUNT, below),
                (lambda each: (each.get("name") or "") in images) if images else None,
            )
        return container

    def _handlers(self, container: Map, path: Path) -> Map:
        def handler(holder: Map, name: str, below: Path) -> Map:
            found = holder.child(name)
            if found is None:
                return holder
            pruned = self._inside(found, "httpGet", IN_HTTP_GET, (*below, name))
            if name in PROBES:
                pruned = self._inside(pruned, "grpc", IN_GRPC, (*below, name))
            return holder if pruned is found else holder.replaced(name, pruned)

        for name in PROBES:
            container = handler(container, name, path)
        lifecycle = container.child("lifecycle")
        if lifecycle is not None:
            pruned = lifecycle
            for name in HOOKS:
                pruned = handler(pruned, name, (*path, "lifecycle"))
            if pruned is not lifecycle:
                container = container.replaced("lifecycle", pruned)
        return container

    def _volume(self, volume: Map, path: Path) -> Map:
        volume = self._inside(volume, "emptyDir", IN_EMPTY_DIR, path)
        name = _first(volume, FILE_VOLUMES)
        if not name:
            return volume
        source, below = volume.map(name), (*path, name)
        pruned = self._without(source, IN_FILES, below)
        if name == "projected":
            pruned = self._each(pruned, "sources", below, self._projection)
        else:
            pruned = self._each(pruned, "items", below, self._file)
        return volume if pruned is source else volume.replaced(name, pruned)

    def _projection(self, projection: Map, path: Path) -> Map:
        projection = self._without(projection, IN_PROJECTION, path)
        name = _first(projection, FILE_PROJECTIONS)
        if not name:
            return projection
        source, below = projection.map(name), (*path, name)
        pruned = self._without(source, IN_FILE, below)
        pruned = self._each(pruned, "items", below, self._file)
        return projection if pruned is source else projection.replaced(name, pruned)

    def _file(self, file: Map, path: Path) -> Map:
        return self._without(file, IN_FILE, path)

    def _without(self, value: Map, gates: dict[str, Gate], path: Path) -> Map:
        for name, gate in gates.items():
            if name in value and self.is_off(gate):
                if type(value[name]) is not Null and value[name] != []:
                    self.dropped.append(Dropped((*path, name), gate))
                value = value.without(name)
        return value

    def _inside(self, value: Map, name: str, gates: dict[str, Gate], path: Path) -> Map:
        child = value.child(name)
        if child is None:
            return value
        pruned = self._without(child, gates, (*path, name))
        return value if pruned is child else value.replaced(name, pruned)

    def _each(self, holder: Map, name: str, path: Path, prune: Any, leave_out: Any = None) -> Map:
        items = holder.get(name)
        if not isinstance(items, list) or not items:
            return holder
        pruned = [prune(item, (*path, name, index)) for index, item in enumerate(items)]
        if leave_out:
            pruned = [item for item in pruned if not leave_out(item)]
        if len(pruned) == len(items) and all(new is old for new, old in zip(pruned, items, strict=True)):
            return holder
        return holder.replaced(name, List(pruned, origin_of(items)))


def _first(value: Map, names: tuple[str, ...]) -> str:
    """Return the first of the fields `names` that holds an object; an empty string if none does."""
    return next((name for name in names if value.child(name) is not None), "")


def _is_image_volume(volume: Map) -> bool:
    return volume.child("image") is not None


def _stated(value: Any) -> bool:
    return any(type(child) is not Null for child in value.values())
