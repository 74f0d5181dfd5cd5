"""Fields behind feature gates: if a gate is off, the API server silently drops the field before it validates the object."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.schema.paths import CONTAINER_LISTS, POD
from dsgen.record import Record
from dsgen.tree import List, Map, Null, Path, origin_of

NEVER_ENABLED: Final = 1000


class Gate(Record):
    """A feature gate and the first minor in which it is on; before `since` it did not exist."""

    name: str
    on: int
    since: int = 0


class Dropped(Record):
    """A field that the server drops, and why."""

    path: Path
    gate: Gate


# Field → gate, by the object that contains it.
IN_POD: Final = {
    "schedulingGroup": Gate("GenericWorkload", NEVER_ENABLED),
    "workloadRef": Gate("GenericWorkload", NEVER_ENABLED),
    "hostUsers": Gate("UserNamespacesSupport", 33),
    "resources": Gate("PodLevelResources", 34),
    "resourceClaims": Gate("DynamicResourceAllocation", 34),
    "hostnameOverride": Gate("HostnameOverride", 35),
}
IN_POD_SECURITY_CONTEXT: Final = {
    "supplementalGroupsPolicy": Gate("SupplementalGroupsPolicy", 33),
    "seLinuxChangePolicy": Gate("SELinuxChangePolicy", 33),
}
IN_CONTAINER: Final = {
    "resizePolicy": Gate("InPlacePodVerticalScaling", 33),
    "restartPolicyRules": Gate("ContainerRestartRules", 35),
}
IN_RESOURCES: Final = {"claims": Gate("DynamicResourceAllocation", 34)}
IN_LIFECYCLE: Final = {"stopSignal": Gate("ContainerStopSignals", NEVER_ENABLED)}
IN_VALUE_FROM: Final = {"fileKeyRef": Gate("EnvFiles", 35)}
IN_PROJECTION: Final = {
    "clusterTrustBundle": Gate("ClusterTrustBundleProjection", NEVER_ENABLED),
    "podCertificate": Gate("PodCertificateRequest", NEVER_ENABLED),
}
RESTART_RULES: Final = Gate("ContainerRestartRules", 35, since=34)
IMAGE_VOLUME: Final = Gate("ImageVolume", 35)
PROC_MOUNT: Final = Gate("ProcMountType", 33)


# Every gate, by its fields.
GATED: Final = (
    *(
        (name, gate)
        for fields in (
            *(IN_POD, IN_POD_SECURITY_CONTEXT, IN_CONTAINER, IN_RESOURCES, IN_LIFECYCLE, IN_VALUE_FROM, IN_PROJECTION),
            *({"restartPolicy": RESTART_RULES}, {"image": IMAGE_VOLUME}, {"procMount": PROC_MOUNT}),
        )
        for name, gate in fields.items()
    ),
)


@cache
def disabled_fields(minor: str) -> frozenset[str]:
    """Return the fields that a gate may drop in `minor`: an object without any of them stays as it is."""
    number = minor_number(minor)
    return frozenset(name for name, gate in GATED if gate.since <= number < gate.on)


def drop_disabled_fields(
    root: Map, minor: str, in_use: frozenset[str] = frozenset(), kind: str = "DaemonSet"
) -> tuple[Map, list[Dropped]]:
    """Return the object as the server validates it in `minor`, and what it drops. `root` is not changed.

    Fields of gates `in_use`, by the old object of an update, are kept.
    """
    number = minor_number(minor)
    dropped: list[Dropped] = []
    if kind != "DaemonSet":
        return root, dropped
    spec = root.map("spec", "template", "spec")
    pod = _Pruner(number, dropped, in_use).pod(spec)
    if pod is spec:
        return root, dropped
    template = root.map("spec", "template").replaced("spec", pod)
    return root.replaced("spec", root.map("spec").replaced("template", template)), dropped


def in_use(dropped: list[Dropped]) -> frozenset[str]:
    """Return the gates whose fields are kept and validated in an update, because the old object, which has `dropped`, uses them.

    Resources of the whole pod are kept too, but never validated. Restart rules are only looked for in init containers, and
    restart policies in all but ephemeral ones, and claims only in the pod itself.
    """
    names = set()
    for path, gate in dropped:
        in_containers, field = path[3] == "containers", path[-1]
        unseen = path[3] == "ephemeralContainers" or (in_containers and field == "restartPolicyRules")
        judged = gate.name != "PodLevelResources" and field != "claims"
        if judged and not (gate.name == RESTART_RULES.name and unseen):
            names.add(gate.name)
    return frozenset(names)


class _Pruner:
    def __init__(self, minor: int, dropped: list[Dropped], in_use: frozenset[str]) -> None:
        self.minor = minor
        self.dropped = dropped
        self.in_use = in_use

    def is_off(self, gate: Gate) -> bool:
        """Return whether the fields of a gate are dropped."""
        return gate.since <= self.minor < gate.on and gate.name not in self.in_use

    def pod(self, spec: Map) -> Map:
        """Return a pod's spec without the fields whose gates are off."""
        spec = self._without(spec, IN_POD, POD)
        spec = self._inside(spec, "securityContext", IN_POD_SECURITY_CONTEXT, POD)
        images = self._image_volumes(spec)
        for kind in CONTAINER_LISTS:
            if spec.get(kind):
                spec = self._each(spec, kind, POD, lambda each, path: self._container(each, path, images))
        return self._each(spec, "volumes", POD, self._volume, leave_out=_is_image_volume if images else None)

    def _image_volumes(self, spec: Map) -> frozenset[str]:
        if not self.is_off(IMAGE_VOLUME):
            return frozenset()
        found = set()
        volumes: Any = spec.get("volumes") or ()
        for index, volume in enumerate(volumes):
            if _is_image_volume(volume):
                found.add(str(volume.get("name") or ""))
                self.dropped.append(Dropped((*POD, "volumes", index, "image"), IMAGE_VOLUME))
        return frozenset(found)

    def _container(self, container: Map, path: Path, images: frozenset[str]) -> Map:
        container = self._without(container, IN_CONTAINER, path)
        restart = container.get("restartPolicy")
        sidecar = path[3] == "initContainers" and restart == "Always"
        if not sidecar:
            container = self._without(container, {"restartPolicy": RESTART_RULES}, path)
        container = self._inside(container, "resources", IN_RESOURCES, path)
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
        if images and container.get("volumeMounts"):
            container = self._each(
                container, "volumeMounts", path, lambda each, _: each, lambda each: (each.get("name") or "") in images
            )
        return container

    def _volume(self, volume: Map, path: Path) -> Map:
        if "projected" not in volume or not (projected := volume.map("projected")).get("sources"):
            return volume
        below = (*path, "projected")
        sources = self._each(projected, "sources", below, lambda each, place: self._without(each, IN_PROJECTION, place))
        return volume.replaced("projected", sources)

    def _without(self, value: Map, gates: dict[str, Gate], path: Path) -> Map:
        for name, gate in gates.items():
            if name in value and self.is_off(gate):
                if type(value[name]) is not Null and value[name] != []:
                    self.dropped.append(Dropped((*path, name), gate))
                value = value.without(name)
        return value

    def _inside(self, value: Map, name: str, gates: dict[str, Gate], path: Path) -> Map:
        child = value.get(name)
        return value.replaced(name, self._without(child, gates, (*path, name))) if isinstance(child, Map) else value

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


def _is_image_volume(volume: Map) -> bool:
    return isinstance(volume.get("image"), Map)


def _stated(value: Any) -> bool:
    return any(type(child) is not Null for child in value.values())
