"""PersistentVolumes. The rules for most of their sources are those of volumes in pods."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats, quantity
from dsgen.kubernetes.schema.paths import STORAGE_CLASS_ANNOTATION
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.kinds import PERSISTENT_SOURCES
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.kubernetes.validation.volume_claim_template import (
    ACCESS_MODES,
    conflicting_volume_claim_access_modes,
    invalid_volume_claim_access_mode,
)
from dsgen.kubernetes.validation.volumes import DEPRECATED, PRINTED, PRINTED_AS_DEPRECATED

SOURCE = "pkg/apis/core/validation: ValidatePersistentVolumeSpec"
WARNINGS = "pkg/api/persistentvolume: warningsForPersistentVolumeSpecAndMeta"
RECYCLE: Final = "Recycle"
ALWAYS_VALIDATED: Final = "flexVolume"
# Sources of which the server warns, among those of pods.
WARNED: Final = ("cephfs", "photonPersistentDisk", "scaleIO", "storageos", "glusterfs", "rbd")
OPTIONS_NOTE: Final = "volume.beta.kubernetes.io/mount-options"
NOTES: Final = {STORAGE_CLASS_ANNOTATION: "use `storageClassName`", OPTIONS_NOTE: "use `mountOptions`"}
WITH_OPTIONS: Final = frozenset((
    "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "nfs", "rbd", "quobyte", "iscsi", "cinder", "cephfs", "azureFile",
    "vsphereVolume", "azureDisk", "photonPersistentDisk",
))  # fmt: skip


def validated_sources(spec: FieldRef) -> Iterator[FieldRef]:
    """Yield the sources that the server validates. The `scope` of each node is the source's name."""
    stated = [name for name in PERSISTENT_SOURCES if spec.get(name) is not None]
    for name in dict.fromkeys((*stated[:1], *(each for each in stated if each == ALWAYS_VALIDATED))):
        printed = f"{spec.field}.{PRINTED[name]}" if name in PRINTED else ""
        yield FieldRef(spec.get(name), spec, (name,), scope=name, printed=printed)


VOLUME = Fields("PersistentVolume.spec", "a PersistentVolume", SOURCE)
VOLUME.required(
    "missing-persistent-volume-access-modes", "accessModes", f"must be set: one of {', '.join(ACCESS_MODES)}"
)


@rule("PersistentVolume.spec", source=SOURCE, when="accessModes")
def invalid_persistent_volume_access_modes(spec: FieldRef) -> Iterator[FieldError]:
    """An access mode must be `ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany` or `ReadWriteOncePod`, and the last must be the only one."""
    yield from invalid_volume_claim_access_mode(spec)
    yield from conflicting_volume_claim_access_modes(spec)


@rule("PersistentVolume.spec", source=SOURCE)
def invalid_persistent_volume_capacity(spec: FieldRef) -> Iterator[FieldError]:
    """The `capacity` of a PersistentVolume must have `storage`, more than 0, and nothing else."""
    capacity = spec.value.map("capacity")
    if not capacity:
        yield spec.required("capacity", "must be set, such as `{storage: 10Gi}`")
    if [*capacity] != ["storage"]:
        yield spec.error("NotSupported", "capacity", "must have `storage`, and nothing else")
    for name, amount in capacity.items():
        if quantity.parse(amount) <= quantity.ZERO:
            yield spec.invalid(("capacity", name), f"must be more than 0, got {amount}", field=f"capacity[{name}]")


VOLUME.one_of(
    "invalid-persistent-volume-reclaim-policy",
    "persistentVolumeReclaimPolicy",
    ("Retain", "Delete", RECYCLE),
    default="Retain",
)
VOLUME.one_of("invalid-persistent-volume-mode", "volumeMode", ("Filesystem", "Block"), default="Filesystem", empty=True)
VOLUME.has_format("invalid-persistent-volume-class-name", "storageClassName", formats.dns_subdomain)


@rule("PersistentVolume.spec", source=SOURCE)
def missing_persistent_volume_source(spec: FieldRef) -> Iterator[FieldError]:
    """A PersistentVolume must have a source, such as `csi` or `local`."""
    if not any(validated_sources(spec)):
        yield spec.required("", "must have a source, such as `csi` or `local`")


@rule("PersistentVolume.spec", source=SOURCE)
def conflicting_persistent_volume_sources(spec: FieldRef) -> Iterator[FieldError]:
    """A PersistentVolume must have only one source."""
    stated = [name for name in PERSISTENT_SOURCES if spec.get(name) is not None]
    for name in stated[1:]:
        if name != ALWAYS_VALIDATED:
            message = f"is not allowed together with `{stated[0]}`: remove one of the two"
            yield spec.forbidden(name, message, field="cephFS" if name == "cephfs" else None)


@rule("PersistentVolume.spec", source=SOURCE, when="hostPath")
def forbidden_recycling(spec: FieldRef) -> Iterator[FieldError]:
    """The `hostPath` `/` must not be recycled: that would delete everything on the node."""
    host_path = spec.child("hostPath")
    path = host_path.get("path", "") if host_path else ""
    if spec.get("persistentVolumeReclaimPolicy") == RECYCLE and path and not posixpath.normpath(path).strip("/"):
        yield spec.forbidden("persistentVolumeReclaimPolicy", f"must not be {RECYCLE} for the path `/`")


@rule("PersistentVolume.spec", source=SOURCE, when="volumeAttributesClassName")
def invalid_persistent_volume_attributes_class(spec: FieldRef) -> Iterator[FieldError]:
    """`volumeAttributesClassName` must be a DNS subdomain, and requires the source `csi`."""
    name = spec.get("volumeAttributesClassName")
    if name is None:
        return
    if not name:
        yield spec.required("volumeAttributesClassName", "must not be empty: remove it")
    for message in formats.dns_subdomain(name) if name else ():
        yield spec.invalid("volumeAttributesClassName", message)
    if spec.get("csi") is None:
        yield spec.required("csi", "must be set with `volumeAttributesClassName`")


@rule("PersistentVolume.spec", source="pkg/apis/core/validation: validateVolumeNodeAffinity")
def missing_volume_node_affinity(spec: FieldRef) -> Iterator[FieldError]:
    """A PersistentVolume with the source `local` must have `nodeAffinity`, and that of any must have `required`."""
    affinity = spec.child("nodeAffinity")
    if affinity is None and any(source.scope == "local" for source in validated_sources(spec)):
        yield spec.required("nodeAffinity", "must say on which node a `local` volume is")
    elif affinity is not None and affinity.get("required") is None:
        yield affinity.required("required")


@rule("PersistentVolume", source="pkg/volume/validation: checkMountOption", when="metadata")
def forbidden_mount_options_annotation(volume: FieldRef) -> Iterator[FieldError]:
    """The annotation `volume.beta.kubernetes.io/mount-options` is only allowed for some sources, such as `nfs`. Use
    `mountOptions`.
    """
    spec = volume.child("spec")
    supports = spec is not None and any(spec.get(name) is not None for name in WITH_OPTIONS)
    if OPTIONS_NOTE in volume.value.map("metadata", "annotations") and not supports:
        path = ("metadata", "annotations", OPTIONS_NOTE)
        detail = "is not allowed for this source: use `mountOptions`"
        yield volume.forbidden(path, detail, field=f"metadata.annotations.{OPTIONS_NOTE}")


@rule("PersistentVolume", source=WARNINGS, when="metadata", severity="warning")
def deprecated_volume_annotation(volume: FieldRef) -> Iterator[FieldError]:
    """The annotations `volume.beta.kubernetes.io/storage-class` and `volume.beta.kubernetes.io/mount-options` are deprecated:
    use `storageClassName` and `mountOptions`.
    """
    for key in volume.value.map("metadata", "annotations"):
        if key in NOTES:
            path = ("metadata", "annotations", key)
            yield volume.warning(path, f"is deprecated: {NOTES[key]}", field=f"metadata.annotations[{key}]")


@rule("PersistentVolume.spec", source=WARNINGS, severity="warning")
def deprecated_recycling(spec: FieldRef) -> Iterator[FieldError]:
    """The reclaim policy `Recycle` is deprecated: use dynamic provisioning."""
    if spec.get("persistentVolumeReclaimPolicy") == RECYCLE:
        yield spec.warning("persistentVolumeReclaimPolicy", f"{RECYCLE} is deprecated: use dynamic provisioning")


@rule("PersistentVolume.spec", source=WARNINGS, severity="warning")
def deprecated_persistent_volume_source(spec: FieldRef) -> Iterator[FieldError]:
    """Some sources have no function any longer: cephfs, photonPersistentDisk, scaleIO, storageos, glusterfs and rbd."""
    for name in WARNED:
        if spec.get(name) is not None:
            yield spec.warning(name, DEPRECATED[name], field=PRINTED_AS_DEPRECATED.get(name))
