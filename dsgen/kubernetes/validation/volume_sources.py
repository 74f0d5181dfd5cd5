"""The fields that volume sources require."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("volumes", "volumeClaimTemplates")

SOURCE = "pkg/apis/core/validation: validateVolumeSource"

REQUIRED: Final = {
    "awsElasticBlockStore": ("volumeID",),
    "azureDisk": ("diskName", "diskURI"),
    "azureFile": ("secretName", "shareName"),
    "cephfs": ("monitors",),
    "cinder": ("volumeID",),
    "configMap": ("name",),
    "csi": ("driver",),
    "ephemeral": ("volumeClaimTemplate",),
    "flexVolume": ("driver",),
    "gcePersistentDisk": ("pdName",),
    "gitRepo": ("repository",),
    "glusterfs": ("endpoints", "path"),
    "hostPath": ("path",),
    "iscsi": ("targetPortal", "iqn"),
    "nfs": ("server", "path"),
    "persistentVolumeClaim": ("claimName",),
    "photonPersistentDisk": ("pdID",),
    "portworxVolume": ("volumeID",),
    "quobyte": ("registry", "volume"),
    "rbd": ("monitors", "image"),
    "scaleIO": ("gateway", "system", "volumeName"),
    "secret": ("secretName",),
    "storageos": ("volumeName",),
    "vsphereVolume": ("volumePath",),
}
NAMES_ITS_SECRET: Final = ("cinder", "storageos", "csi")


@rule("volume-source", source=SOURCE)
def missing_volume_source_field(source: FieldRef) -> Iterator[FieldError]:
    """The required fields of a volume source must be set: `path` of `hostPath`, `name` of `configMap`, `secretName` of
    `secret`, `claimName` of `persistentVolumeClaim`, `driver` of `csi`, `server` and `path` of `nfs`, and so on.
    Whether the object exists is not checked, nor is its name (except for `storageos` and `csi`).
    """
    for name in REQUIRED.get(source.scope, ()):
        found = source.get(name)
        if found is None or (not found and name != "volumeClaimTemplate"):
            yield source.required(name, f"must be set for `{source.scope}`")


@rule("volume-source", source=SOURCE)
def missing_volume_secret_name(source: FieldRef) -> Iterator[FieldError]:
    """If `cinder`, `storageos` or `csi` refers to a Secret (`secretRef`, `nodePublishSecretRef`), its `name` must be set."""
    if source.scope in NAMES_ITS_SECRET:
        name = "nodePublishSecretRef" if source.scope == "csi" else "secretRef"
        reference = source.child(name)
        if reference and not reference.get("name", ""):
            yield reference.required("name")
