"""The sources of PersistentVolumes, and updates."""

from __future__ import annotations

from typing import Any, Final

from conformance.mutations.companions.persistent_volume import AFFINITY, IN, WHOLE, required, volume
from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates
from conformance.mutations.values import DNS_LABEL, DNS_SUBDOMAIN, LONG


def fields(source: str, **pools: Pool) -> None:
    """Enter a mutation for each field of a source."""
    for name, pool in pools.items():

        def draw(value: Any, name: str = name) -> Any:
            return {**WHOLE[source], name: value}

        row(f"pv-{source}-{name}".lower(), f"spec.{source}", pool, draw, also=volume(**{source: WHOLE[source]}))


TEXT: Final = Pool(["a", " ", "é"], ["", None])
fields(
    "hostPath", path=TEXT.plus(["/a/b"], ["/a/../b", ".."]), type=Pool(["", "File", "Directory", None], ["file", "x"])
)
fields("gcePersistentDisk", pdName=TEXT, partition=Pool([0, 255], [-1, 256]))
fields("awsElasticBlockStore", volumeID=TEXT, partition=Pool([0, 255], [-1, 256]))
fields("nfs", server=TEXT, path=Pool(["/", "/a"], ["a", "", None]))
fields("glusterfs", endpoints=TEXT, path=TEXT, endpointsNamespace=DNS_LABEL.plus([None], [""]))
fields("flocker", datasetName=Pool(["a", " "], ["a/b", "", None]), datasetUUID=Pool([""], ["a"]))
fields("rbd", monitors=Pool([["a"], [""]], [[], None]), image=TEXT)
fields(
    "quobyte", registry=Pool(["a:1", "a:1,b:2"], ["a", "", "a:1:2"]), volume=TEXT, tenant=Pool([LONG[64]], [LONG[65]])
)
fields("cephfs", monitors=Pool([["a"], [""]], [[], None]))
SECRET: Final = Pool([{"name": "a", "namespace": "b"}, None], [{}, {"namespace": "b"}, {"name": ""}])
fields(
    "iscsi",
    targetPortal=TEXT,
    iqn=Pool(["iqn.2020-01.io.x:y", "eui." + "a" * 16, "naa." + "1" * 32], ["x", "iqn.x", "eui.1", "", None]),
    initiatorName=Pool(["iqn.2020-01.io.x:y", None], ["x", "naa.1", ""]),
    lun=Pool([0, 255], [-1, 256]),
    chapAuthSession=Pool([False], [True]),
    secretRef=SECRET.plus([{"name": "a"}]),
)
changes(
    "pv-iscsi-name",
    [
        {**volume(iscsi={**WHOLE["iscsi"], "targetPortal": portal, "initiatorName": initiator}), **named}
        for portal, initiator, named in (
            *(
                (LONG[58], "iqn.2020-01.io.x:y", {"metadata.name": "abcde"}),
                (LONG[65], None, {"metadata.name": "abcdef"}),
            ),
            (LONG[58] + "aaa", "iqn.2020-01.io.x:y", {"metadata.name": "ab"}),
        )
    ],
    [
        {**volume(iscsi={**WHOLE["iscsi"], "targetPortal": portal, "initiatorName": "iqn.2020-01.io.x:y"}), **named}
        for portal, named in (
            *((LONG[58], {"metadata.name": "abcdef"}), (LONG[65], {"metadata.name": "a"})),
            (LONG[58], {"metadata.name": DROP, "metadata.generateName": "a"}),
        )
    ],
    weight=1.5,
)
IN_NAMESPACE: Final = SECRET.plus([], [{"name": "a"}, {"name": "a", "namespace": ""}])
fields("cinder", volumeID=TEXT, secretRef=IN_NAMESPACE)
fields("storageos", volumeName=DNS_LABEL.plus([], [""]), volumeNamespace=DNS_LABEL.plus([""]), secretRef=IN_NAMESPACE)
fields("fc", targetWWNs=Pool([["a"]], [[], None]), wwids=Pool([[]], [["a"]]), lun=Pool([0, 255], [-1, 256, None]))
fields(
    "flexVolume",
    driver=TEXT,
    options=Pool([{"a": "b"}, {"x.io/a": "b"}], [{"k8s.io/a": "b"}, {"a.Kubernetes.io/b": ""}]),
)
fields("azureFile", secretName=TEXT, shareName=TEXT, secretNamespace=Pool(["a", None, "A_"], [""]))
fields("vsphereVolume", volumePath=TEXT)
fields("photonPersistentDisk", pdID=TEXT)
fields("portworxVolume", volumeID=TEXT)
fields(
    "azureDisk",
    diskName=TEXT,
    diskURI=Pool(["https://a"], ["http://a", "", "/subscriptions/a"]),
    kind=Pool(["Shared", None], ["Managed", "x"]),
)
fields("scaleIO", gateway=TEXT, system=TEXT, volumeName=TEXT, secretRef=Pool([None, {}, {"name": ""}], []))
fields("local", path=TEXT.plus(["/a/..b"], ["/a/../b", "..", "a/.."]))
REFERENCE: Final = Pool(
    [{"name": "a", "namespace": "b"}, {"name": "a.b", "namespace": "b-c"}, None],
    [
        {},
        {"name": "a"},
        {"namespace": "b"},
        {"name": "A_", "namespace": "b"},
        {"name": "a", "namespace": "b.c"},
        {"name": "", "namespace": "B"},
    ],
)
SECRETS: Final = (
    "controllerPublishSecretRef",
    "controllerExpandSecretRef",
    "nodePublishSecretRef",
    "nodeExpandSecretRef",
)
fields(
    "csi",
    driver=DNS_SUBDOMAIN.plus([LONG[63], "X.io"], ["", None, LONG[64], "a_b"]),
    volumeHandle=TEXT,
    nodeStageSecretRef=Pool([{}, {"name": "A_"}, None], []),
    **dict.fromkeys(SECRETS, REFERENCE),
)
CSI: Final = WHOLE["csi"]
EXPAND: Final = {**CSI, "controllerExpandSecretRef": {"name": "a", "namespace": "b"}}


def source(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return an update of the source."""
    return volume(**old), volume(**new)


updates(
    "update-pv-source",
    [
        source({"csi": CSI}, {"csi": CSI}),
        source({"csi": CSI}, {"csi": EXPAND}),
        source({"csi": EXPAND}, {"csi": EXPAND}),
        source({"csi": CSI}, {"csi": {**CSI, "readOnly": False, "fsType": ""}}),
        source({"hostPath": {"path": "/a"}}, {"hostPath": {"path": "/a", "type": ""}}),
        at("spec.mountOptions", ["a"], ["b"]),
        at("spec.storageClassName", "a", "b"),
        at("spec.accessModes", ["ReadWriteOnce"], ["ReadWriteMany"]),
        at("spec.capacity", {"storage": 1}, {"storage": 2}),
        at("spec.persistentVolumeReclaimPolicy", "Retain", "Delete"),
        at("spec.claimRef", None, {"name": "a"}),
    ],
    [
        source({"csi": CSI}, {"csi": {**CSI, "driver": "b"}}),
        source({"csi": EXPAND}, {"csi": CSI}),
        source({"csi": EXPAND}, {"csi": {**EXPAND, "controllerExpandSecretRef": {"name": "b", "namespace": "b"}}}),
        source({"csi": CSI}, {"csi": {**EXPAND, "volumeHandle": "c"}}),
        source({"csi": CSI}, {"nfs": WHOLE["nfs"]}),
        source({"nfs": WHOLE["nfs"]}, {"csi": EXPAND}),
        source({"nfs": WHOLE["nfs"]}, {"nfs": {**WHOLE["nfs"], "readOnly": True}}),
        source({"nfs": WHOLE["nfs"]}, {}),
        at("spec.volumeMode", "Block", None),
        at("spec.volumeMode", None, "Block"),
        at("spec.capacity", {"storage": 1}, {}),
    ],
    3,
)
LABELS: Final = (
    "beta.kubernetes.io/arch",
    "beta.kubernetes.io/os",
    "failure-domain.beta.kubernetes.io/zone",
    "beta.kubernetes.io/instance-type",
)
NAMES: Final = (
    "kubernetes.io/arch",
    "kubernetes.io/os",
    "topology.kubernetes.io/zone",
    "node.kubernetes.io/instance-type",
)
NO_LOCAL: Final = volume(csi=CSI)


def affinity(old: Any, new: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return an update of the affinity."""
    return {**NO_LOCAL, AFFINITY: old}, {**NO_LOCAL, AFFINITY: new}


WRONG: Final = {**IN, "values": ["a b"]}
updates(
    "update-pv-affinity",
    [
        affinity(None, required(IN)),
        affinity(required(IN), required(IN)),
        *(
            affinity(required({**IN, "key": old}), required({**IN, "key": new}))
            for old, new in zip(LABELS, NAMES, strict=True)
        ),
        affinity(required(WRONG), required(WRONG)),
    ],
    [
        affinity(required(IN), None),
        affinity(required(IN), required()),
        affinity(required(IN), required({**IN, "values": ["c"]})),
        affinity(required(IN), required(IN, IN)),
        *(
            affinity(required({**IN, "key": new}), required({**IN, "key": old}))
            for old, new in zip(LABELS, NAMES, strict=True)
        ),
        affinity(required({**IN, "key": LABELS[0]}), required({**IN, "key": NAMES[1]})),
        affinity(required(IN), required(WRONG)),
        affinity(None, required(WRONG)),
    ],
    3,
)
ATTRIBUTES: Final = "spec.volumeAttributesClassName"
updates(
    "update-pv-attributes",
    [
        ({**NO_LOCAL, ATTRIBUTES: old}, {**NO_LOCAL, ATTRIBUTES: new})
        for old, new in each_of(("a", "a"), (DROP, "a"), ("a", "b"), (None, None))
    ],
    [
        ({**NO_LOCAL, ATTRIBUTES: old}, {**NO_LOCAL, ATTRIBUTES: new})
        for old, new in each_of(("a", DROP), ("a", None), ("a", ""), ("a", "A_"))
    ],
    2,
)
