"""The defaults of the kinds of storage (pkg/apis/storage/v1 and core/v1: SetDefaults…)."""

from __future__ import annotations

from typing import Any, Final

from dsgen.tree import List, Map

ABSENT: Final[dict[str, dict[str, Any]]] = {
    "PersistentVolumeClaim": {"spec": Map()},
    "PersistentVolumeClaimSpec": {"volumeMode": "Filesystem"},
    "PersistentVolume": {"spec": Map()},
    "PersistentVolumeSpec": {"volumeMode": "Filesystem"},
    "StorageClass": {"reclaimPolicy": "Delete", "volumeBindingMode": "Immediate"},
    "CSIDriver": {"spec": Map()},
    "CSIDriverSpec": {
        "attachRequired": True,
        "fsGroupPolicy": "ReadWriteOnceWithFSType",
        **dict.fromkeys(("podInfoOnMount", "preventPodSchedulingIfMissing", "requiresRepublish"), False),
        **dict.fromkeys(("seLinuxMount", "storageCapacity"), False),
    },
}
EMPTY: Final[dict[str, dict[str, Any]]] = {
    "PersistentVolumeSpec": {"persistentVolumeReclaimPolicy": "Retain"},
    "ISCSIPersistentVolumeSource": {"iscsiInterface": "default"},
    "RBDPersistentVolumeSource": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
    "ScaleIOPersistentVolumeSource": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
    "CSIDriverSpec": {"volumeLifecycleModes": List(["Persistent"])},
    "Secret": {"type": "Opaque"},
}
# The minor version in which a field gets its default, if that is not the one in which the field is new.
SINCE: Final = {("CSIDriverSpec", "preventPodSchedulingIfMissing"): 37}
