from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import persistent_volume, persistent_volume_sources
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, said_of_update, table

NOTE = "volume.beta.kubernetes.io"
FRAME = "{apiVersion: v1, kind: PersistentVolume, metadata: {name: a}, spec: {SPEC, *}}"
BARE = FRAME.replace("SPEC", "accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}")
NFS = BARE.replace("*", "nfs: {server: a, path: /a}, *")
CSI = BARE.replace("*", "csi: {driver: a.b, volumeHandle: c, *}")
REF = "{name: a, namespace: b}"
AFFINITY = (
    "nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: %s, operator: In, values: [%s]}]}]}}"
)
IQN = "iqn.2020-01.io.x:y"

ROWS = [
    *table(
        FRAME.replace("SPEC, ", "nfs: {server: a, path: /a}, "),
        """
        missing-persistent-volume-access-modes | accessModes: [ReadWriteOnce], capacity: {storage: 1} | capacity: {storage: 1} | Required spec.accessModes
        invalid-persistent-volume-access-modes | accessModes: [ReadWriteOncePod], capacity: {storage: 1} | accessModes: [RWO], capacity: {storage: 1} | NotSupported spec.accessModes
        invalid-persistent-volume-access-modes | accessModes: [ReadWriteOnce, ReadWriteMany], capacity: {storage: 1} | accessModes: [ReadWriteOncePod, ReadWriteMany], capacity: {storage: 1} | Forbidden spec.accessModes
        invalid-persistent-volume-capacity | accessModes: [ReadWriteOnce], capacity: {storage: 1} | accessModes: [ReadWriteOnce], capacity: {storage: 0} | Invalid spec.capacity[storage]
        invalid-persistent-volume-capacity | accessModes: [ReadWriteOnce], capacity: {storage: 1} | accessModes: [ReadWriteOnce] | Required spec.capacity, NotSupported spec.capacity
        """,
    ),
    *table(
        NFS,
        """
        invalid-persistent-volume-reclaim-policy | persistentVolumeReclaimPolicy: Delete | persistentVolumeReclaimPolicy: x | NotSupported spec.persistentVolumeReclaimPolicy
        invalid-persistent-volume-mode | volumeMode: Block | volumeMode: '' | NotSupported spec.volumeMode
        invalid-persistent-volume-class-name | storageClassName: a.b | storageClassName: a_b | Invalid spec.storageClassName
        conflicting-persistent-volume-sources | flexVolume: {driver: a} | csi: {} | Forbidden spec.csi
        """,
    ),
    *table(
        BARE,
        f"""
        missing-persistent-volume-source | vsphereVolume: {{volumePath: a}} | mountOptions: [a] | Required spec
        invalid-persistent-volume-attributes-class | csi: {{driver: a, volumeHandle: b}}, volumeAttributesClassName: a | nfs: {{server: a, path: /a}}, volumeAttributesClassName: a | Required spec.csi
        missing-volume-node-affinity | local: {{path: /a}}, {AFFINITY % ("a", "b")} | local: {{path: /a}} | Required spec.nodeAffinity
        invalid-local-volume-path | local: {{path: /a}}, {AFFINITY % ("a", "b")} | local: {{path: /a/../b}}, {AFFINITY % ("a", "b")} | Invalid spec.local.path
        missing-iscsi-secret-name | iscsi: {{targetPortal: a, iqn: '{IQN}', secretRef: {{name: a}}}} | iscsi: {{targetPortal: a, iqn: '{IQN}', secretRef: {{}}}} | Required spec.iscsi.secretRef.name
        too-long-iscsi-target-portal | iscsi: {{targetPortal: <62>, iqn: '{IQN}', initiatorName: '{IQN}'}} | iscsi: {{targetPortal: <63>, iqn: '{IQN}', initiatorName: '{IQN}'}} | Invalid spec.iscsi.targetportal
        missing-volume-secret-namespace | cinder: {{volumeID: a, secretRef: {REF}}} | cinder: {{volumeID: a, secretRef: {{name: a}}}} | Required spec.cinder.secretRef.namespace
        missing-volume-secret-namespace | azureFile: {{secretName: a, shareName: b}} | azureFile: {{secretName: a, shareName: b, secretNamespace: ''}} | Required spec.azureFile.secretNamespace
        missing-volume-source-field | portworxVolume: {{volumeID: a}} | portworxVolume: {{}} | Required spec.portworxVolume.volumeID
        """,
    ),
    *table(
        CSI,
        f"""
        invalid-csi-secret-reference | controllerExpandSecretRef: {REF} | controllerExpandSecretRef: {{name: a}} | Required spec.csi.controllerExpandSecretRef.namespace
        invalid-csi-secret-reference | nodePublishSecretRef: {REF} | nodePublishSecretRef: {{name: A_, namespace: b}} | Invalid spec.csi.nodePublishSecretRef.name
        """,
    ),
]
WARNED = [
    ("deprecated-recycling", NFS.replace("*", "persistentVolumeReclaimPolicy: Recycle"), "spec.persistentVolumeReclaimPolicy"),
    ("deprecated-persistent-volume-source", BARE.replace("*", "glusterfs: {endpoints: a, path: b}"), "spec.glusterfs"),
    ("deprecated-persistent-volume-source", BARE.replace("*", "storageos: {volumeName: a}"), "spec.storageOS"),
    ("deprecated-affinity-label", NFS.replace("*", AFFINITY % ("beta.kubernetes.io/os", "linux")), "spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key"),
    ("deprecated-volume-annotation", NFS.replace(", *", "").replace("name: a", f"name: a, annotations: {{{NOTE}/mount-options: a}}"), f"metadata.annotations[{NOTE}/mount-options]"),
]  # fmt: skip
REFUSED = [
    ("forbidden-recycling", BARE.replace("*", "hostPath: {path: //}, persistentVolumeReclaimPolicy: Recycle"), "Forbidden spec.persistentVolumeReclaimPolicy"),
    ("missing-volume-handle", CSI.replace("volumeHandle: c, *", "fsType: a"), "Required spec.csi.volumeHandle"),
    ("invalid-endpoints-namespace", BARE.replace("*", "glusterfs: {endpoints: a, path: b, endpointsNamespace: ''}"), "Invalid spec.glusterfs.endpointsNamespace"),
    ("forbidden-mount-options-annotation", CSI.replace(", *", "").replace("name: a", f"name: a, annotations: {{{NOTE}/mount-options: a}}"), f"Forbidden metadata.annotations.{NOTE}/mount-options"),
    ("conflicting-persistent-volume-sources", NFS.replace("*", "csi: {}"), "Forbidden spec.csi"),
    ("conflicting-persistent-volume-sources", NFS.replace("*", "cephfs: {monitors: [a]}"), "Forbidden spec.cephFS"),
    ("missing-volume-node-affinity", NFS.replace("*", "nodeAffinity: {}"), "Required spec.nodeAffinity.required"),
]  # fmt: skip
UPDATES = [
    ("", CSI, "fsType: a", "fsType: a, controllerExpandSecretRef: " + REF, ""),
    ("changed-persistent-volume-source", CSI, "fsType: a", "fsType: b", "Forbidden spec.persistentvolumesource"),
    ("changed-persistent-volume-mode", NFS, "volumeMode: null", "volumeMode: Block", "Invalid volumeMode"),
    ("", NFS, "storageClassName: a", AFFINITY % ("a", "b"), ""),
    ("", NFS, AFFINITY % ("beta.kubernetes.io/os", "b"), AFFINITY % ("kubernetes.io/os", "b"), ""),
    ("changed-volume-node-affinity", NFS, AFFINITY % ("a", "b"), AFFINITY % ("a", "c"), "Invalid nodeAffinity"),
    ("changed-volume-node-affinity", NFS, AFFINITY % ("a", "b"), "nodeAffinity: null", "Invalid nodeAffinity"),
]


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


@pytest.mark.parametrize(("code", "text", "field"), WARNED)
def test_warning(code: str, text: str, field: str) -> None:
    assert f"{code} Warning {field}" in said(text)
    assert all("Warning" in each for each in said(text))


@pytest.mark.parametrize(("code", "text", "says"), REFUSED)
def test_refused(code: str, text: str, says: str) -> None:
    assert f"{code} {says}" in said(text)


def test_a_directory_can_be_recycled() -> None:
    text = BARE.replace("*", "hostPath: {path: /a}, persistentVolumeReclaimPolicy: Recycle")
    assert said(text) == {"deprecated-recycling Warning spec.persistentVolumeReclaimPolicy"}


@pytest.mark.parametrize(("code", "frame", "old", "new", "says"), UPDATES)
def test_update(code: str, frame: str, old: str, new: str, says: str) -> None:
    found = said_of_update(frame.replace("*", old), frame.replace("*", new))
    assert {each for each in found if "Warning" not in each} == ({f"{code} {says}"} if code else set())


def test_an_attributes_class_is_not_taken_away() -> None:
    classed = BARE.replace("*", "csi: {driver: a, volumeHandle: b}, volumeAttributesClassName: *")
    removed = "removed-volume-attributes-class Forbidden spec.volumeAttributesClassName"
    assert said_of_update(classed.replace("*", "a"), classed.replace("*", "b")) == set()
    assert said_of_update(classed.replace("*", "a"), classed.replace("*", "null")) == {removed}
    assert said_of_update(classed.replace("*", "a"), classed.replace("*", "b"), "1.33") == {removed}


def test_every_rule_is_shown() -> None:
    shown = {each[0] for rows in (WARNED, REFUSED, UPDATES) for each in rows} | {"removed-volume-attributes-class"}
    assert untested(ROWS, persistent_volume, persistent_volume_sources) <= shown


def test_an_update_keeps_wrong_values_of_node_labels() -> None:
    text = NFS.replace("*", AFFINITY % ("a", "b c"))
    assert any("invalid-node-expression-value" in each for each in said(text))
    assert said_of_update(text, text) == set()
