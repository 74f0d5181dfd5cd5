"""What a volume source cannot do without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

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


@rule("missing-volume-source-field", "volume-source", source=SOURCE)
def missing_volume_source_field(source: FieldRef) -> Iterator[FieldError]:
    """A volume source states what it cannot do without: `hostPath` its `path`, `configMap` its `name`, `secret` its
    `secretName`, `persistentVolumeClaim` its `claimName`, `csi` its `driver`, `nfs` its `server` and `path`, and so on.
    Whether the thing exists is not checked, nor is its name (but `storageos` and `csi` names are).
    """
    for name in REQUIRED.get(source.scope, ()):
        found = source.get(name)
        if found is None or (not found and name != "volumeClaimTemplate"):
            yield source.required(name, f"`{source.scope}` needs `{name}`")


@rule("missing-volume-secret-name", "volume-source", source=SOURCE)
def missing_volume_secret_name(source: FieldRef) -> Iterator[FieldError]:
    """Where `cinder`, `storageos` or `csi` refers to a Secret (`secretRef`, `nodePublishSecretRef`), it names it."""
    if source.scope in NAMES_ITS_SECRET:
        name = "nodePublishSecretRef" if source.scope == "csi" else "secretRef"
        reference = source.child(name)
        if reference and not reference.get("name", ""):
            yield reference.required("name")
