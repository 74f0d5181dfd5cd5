"""PersistentVolumes: everything but their sources."""

from __future__ import annotations

from typing import Any, Final

from conformance.mutations.companions.persistent_volume_claim import MODES
from conformance.mutations.row import DROP, Pool, changes, each_of, row
from conformance.mutations.values import DNS_SUBDOMAIN, LABEL_VALUE, QUANTITY

SOURCES: Final = (
    "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte", "cephfs", "iscsi", "cinder",
    "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "scaleIO", "local",
    "storageos", "csi",
)  # fmt: skip
WHOLE: Final[dict[str, dict[str, Any]]] = {
    "hostPath": {"path": "/a"}, "gcePersistentDisk": {"pdName": "a"}, "awsElasticBlockStore": {"volumeID": "a"}, "nfs": {"server": "a", "path": "/a"},
    "glusterfs": {"endpoints": "a", "path": "b"}, "flocker": {"datasetName": "a"}, "rbd": {"monitors": ["a"], "image": "a"}, "cephfs": {"monitors": ["a"]},
    "iscsi": {"targetPortal": "a", "iqn": "iqn.2020-01.io.x:y", "lun": 0}, "cinder": {"volumeID": "a"}, "quobyte": {"registry": "a:1", "volume": "a"},
    "fc": {"targetWWNs": ["a"], "lun": 1}, "flexVolume": {"driver": "a"}, "azureFile": {"secretName": "a", "shareName": "a"}, "vsphereVolume": {"volumePath": "a"},
    "photonPersistentDisk": {"pdID": "a"}, "portworxVolume": {"volumeID": "a"}, "azureDisk": {"diskName": "a", "diskURI": "https://a"}, "local": {"path": "/a"},
    "scaleIO": {"gateway": "a", "system": "a", "volumeName": "a", "secretRef": {"name": "a"}}, "storageos": {"volumeName": "a"},
    "csi": {"driver": "a", "volumeHandle": "b"},
}  # fmt: skip


def volume(**stated: Any) -> dict[str, Any]:
    """Return the changes that make a PersistentVolume with these sources, and no others."""
    return {
        **{f"spec.{name}": DROP for name in SOURCES},
        "spec.volumeAttributesClassName": DROP,
        **{f"spec.{name}": value for name, value in stated.items()},
    }


row("pv-mode", "spec.accessModes", Pool(list(MODES), ["", "RWO", "ReadWriteOnce ", None]), lambda mode: [mode])
changes(
    "pv-modes",
    [{"spec.accessModes": list(value)} for value in (MODES[:3], MODES[3:], (MODES[0], MODES[0]))],
    [{"spec.accessModes": value} for value in each_of([], None, DROP, [*MODES], [MODES[3], MODES[0]], [MODES[3], "x"])],
)
row("pv-storage", "spec.capacity.storage", QUANTITY.plus([], ["0", 0, "-1Gi", "0Gi"]), weight=2)
changes(
    "pv-capacity",
    [{"spec.capacity": {"storage": 1}}],
    [
        {"spec.capacity": value}
        for value in each_of(
            {}, None, DROP, {"cpu": 1}, {"storage": 1, "cpu": 1}, {"storage": 0, "cpu": -1}, {"cpu": 0}
        )
    ],
)
row(
    "pv-reclaim",
    "spec.persistentVolumeReclaimPolicy",
    Pool(["Retain", "Delete", "Recycle", "", None], ["retain", "Keep", "x"]),
    weight=1.5,
)
row("pv-volume-mode", "spec.volumeMode", Pool(["Filesystem", "Block", None], ["", "block", "File"]))
row("pv-class", "spec.storageClassName", DNS_SUBDOMAIN.plus(["", None]))
changes(
    "pv-attributes",
    [{**volume(csi=WHOLE["csi"]), "spec.volumeAttributesClassName": name} for name in each_of("a", "a.b", None, DROP)],
    [{**volume(csi=WHOLE["csi"]), "spec.volumeAttributesClassName": name} for name in ("", "A_", "a..b")]
    + [{**volume(nfs=WHOLE["nfs"]), "spec.volumeAttributesClassName": name} for name in ("a", "", "A_")],
    weight=2,
)
changes(
    "pv-recycled",
    [
        {**volume(hostPath={"path": path}), "spec.persistentVolumeReclaimPolicy": policy}
        for path, policy in (("/a", "Recycle"), ("/", "Retain"), (".", "Recycle"), ("/a/b/.", "Recycle"))
    ],
    [
        {**volume(hostPath={"path": path}), "spec.persistentVolumeReclaimPolicy": "Recycle"}
        for path in ("/", "//", "/.", "/a/..", "///", "")
    ]
    + [{**volume(hostPath={"path": "/"}, nfs=WHOLE["nfs"]), "spec.persistentVolumeReclaimPolicy": "Recycle"}],
    weight=2,
)
changes("pv-spec", [], [{"spec": {}}, {"spec": None}, {"spec": DROP}, volume()])
PAIRS: Final = [(one, other) for one in SOURCES for other in SOURCES if one < other]
changes(
    "pv-sources",
    [volume(**{name: whole}) for name, whole in WHOLE.items() if name != "local"]
    + [volume(csi=WHOLE["csi"], nfs=None), volume(nfs=WHOLE["nfs"], flexVolume=WHOLE["flexVolume"])],
    [volume(**{one: WHOLE[one], other: WHOLE[other]}) for one, other in PAIRS]
    + [volume(**{one: {}, other: {}}) for one, other in PAIRS],
    weight=3,
)
changes("pv-source-empty", [], [volume(**{name: {}}) for name in SOURCES], weight=2)
AFFINITY: Final = "spec.nodeAffinity"


def required(*expressions: Any) -> dict[str, Any]:
    """Return an affinity."""
    return {"required": {"nodeSelectorTerms": [{"matchExpressions": list(expressions)}]}}


IN: Final = {"key": "a", "operator": "In", "values": ["b"]}
changes(
    "pv-affinity",
    [
        {AFFINITY: value}
        for value in each_of(required(IN), required(), required({"key": "a", "operator": "Gt", "values": ["1"]}))
    ]
    + [{**volume(nfs=WHOLE["nfs"]), AFFINITY: DROP}],
    [
        {AFFINITY: value}
        for value in each_of(
            {},
            {"required": None},
            {"required": {}},
            {"required": {"nodeSelectorTerms": []}},
            required({}),
            required({**IN, "operator": "x"}),
            required({**IN, "values": []}),
            required({**IN, "key": "a b"}),
            {"required": {"nodeSelectorTerms": [{"matchFields": [{"key": "a", "operator": "In", "values": ["b"]}]}]}},
        )
    ]
    + [{**volume(local=WHOLE["local"]), AFFINITY: value} for value in each_of(None, DROP, {})],
    weight=2,
)
row("pv-affinity-value", AFFINITY, LABEL_VALUE, lambda value: required({**IN, "values": [value]}))
row(
    "pv-affinity-key",
    AFFINITY,
    Pool(["beta.kubernetes.io/os", "node-role.kubernetes.io/master", "kubernetes.io/os"], ["A b"]),
    lambda key: required({**IN, "key": key}),
    weight=1.5,
)
NOTE: Final = "metadata.annotations{volume.beta.kubernetes.io/%s}"
changes(
    "pv-annotation",
    [
        {NOTE % "storage-class": "a"},
        {NOTE % "storage-classes": "a"},
        {NOTE % "mount-options": "a", **volume(nfs=WHOLE["nfs"])},
    ],
    [
        {NOTE % "mount-options": value, **volume(**{name: WHOLE[name]})}
        for name in ("csi", "hostPath", "local", "fc")
        for value in ("", "a")
    ]
    + [{NOTE % "mount-options": "a", **volume(csi=WHOLE["csi"], nfs={})}, {NOTE % "mount-options": "a", **volume()}],
    weight=2,
)
for name in WHOLE:
    if name not in ("hostPath", "csi", "local"):
        changes(
            f"pv-options-{name.lower()}",
            [{NOTE % "mount-options": "a", **volume(**{name: WHOLE[name]})}],
            [],
            weight=0.2,
        )
