from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import volume_sources
from tests.kubernetes.pods import check, table, untested

INCOMPLETE = table(
    "volumes: [{name: v, *}]",
    """
    missing-volume-source-field | awsElasticBlockStore: {volumeID: a} | awsElasticBlockStore: {} | Required volumes[0].awsElasticBlockStore.volumeID
    missing-volume-source-field | azureDisk: {diskName: a, diskURI: 'https://a'} | azureDisk: {diskURI: 'https://a'} | Required volumes[0].azureDisk.diskName
    missing-volume-source-field | azureFile: {secretName: a, shareName: a} | azureFile: {secretName: a} | Required volumes[0].azureFile.shareName
    missing-volume-source-field | azureFile: {secretName: a, shareName: a} | azureFile: {shareName: a} | Required volumes[0].azureFile.secretName
    missing-volume-source-field | cephfs: {monitors: [a]} | cephfs: {monitors: []} | Required volumes[0].cephfs.monitors
    missing-volume-source-field | cinder: {volumeID: a} | cinder: {volumeID: ''} | Required volumes[0].cinder.volumeID
    missing-volume-source-field | configMap: {name: 'Any text'} | configMap: {} | Required volumes[0].configMap.name
    missing-volume-source-field | csi: {driver: a} | csi: {} | Required volumes[0].csi.driver
    missing-volume-source-field | emptyDir: {} | ephemeral: {} | Required volumes[0].ephemeral.volumeClaimTemplate
    missing-volume-source-field | flexVolume: {driver: a} | flexVolume: {} | Required volumes[0].flexVolume.driver
    missing-volume-source-field | gcePersistentDisk: {pdName: a} | gcePersistentDisk: {} | Required volumes[0].persistentDisk.pdName
    missing-volume-source-field | gitRepo: {repository: a} | gitRepo: {} | Required volumes[0].gitRepo.repository
    missing-volume-source-field | glusterfs: {endpoints: a, path: a} | glusterfs: {} | Required volumes[0].glusterfs.endpoints, Required volumes[0].glusterfs.path
    missing-volume-source-field | hostPath: {path: a} | hostPath: {path: ''} | Required volumes[0].hostPath.path
    missing-volume-source-field | hostPath: {path: a} | hostPath: {type: Wrong} | Required volumes[0].hostPath.path
    missing-volume-source-field | iscsi: {targetPortal: a, iqn: 'iqn.2001-04.com.example:a'} | iscsi: {} | Required volumes[0].iscsi.targetPortal, Required volumes[0].iscsi.iqn
    missing-volume-source-field | nfs: {server: a, path: /a} | nfs: {path: /a} | Required volumes[0].nfs.server
    missing-volume-source-field | persistentVolumeClaim: {claimName: 'Any text'} | persistentVolumeClaim: {} | Required volumes[0].persistentVolumeClaim.claimName
    missing-volume-source-field | photonPersistentDisk: {pdID: a} | photonPersistentDisk: {} | Required volumes[0].photonPersistentDisk.pdID
    missing-volume-source-field | portworxVolume: {volumeID: a} | portworxVolume: {} | Required volumes[0].portworxVolume.volumeID
    missing-volume-source-field | quobyte: {registry: 'a:1', volume: a} | quobyte: {} | Required volumes[0].quobyte.registry, Required volumes[0].quobyte.volume
    missing-volume-source-field | rbd: {monitors: [a], image: a} | rbd: {} | Required volumes[0].rbd.monitors, Required volumes[0].rbd.image
    missing-volume-source-field | scaleIO: {gateway: a, system: a, volumeName: a} | scaleIO: {system: a} | Required volumes[0].scaleIO.gateway, Required volumes[0].scaleIO.volumeName
    missing-volume-source-field | secret: {secretName: 'Any text'} | secret: {secretName: ~} | Required volumes[0].secret.secretName
    missing-volume-source-field | storageos: {volumeName: a} | storageos: {} | Required volumes[0].storageos.volumeName
    missing-volume-source-field | vsphereVolume: {volumePath: a} | vsphereVolume: {} | Required volumes[0].vsphereVolume.volumePath
    missing-volume-secret-name | cinder: {volumeID: a, secretRef: {name: a}} | cinder: {volumeID: a, secretRef: {}} | Required volumes[0].cinder.secretRef.name
    missing-volume-secret-name | storageos: {volumeName: a, secretRef: ~} | storageos: {volumeName: a, secretRef: {}} | Required volumes[0].storageos.secretRef.name
    missing-volume-secret-name | csi: {driver: a} | csi: {driver: a, nodePublishSecretRef: {}} | Required volumes[0].csi.nodePublishSecretRef.name
    missing-volume-secret-name | rbd: {monitors: [a], image: a, secretRef: {}} | csi: {driver: a, nodePublishSecretRef: {name: ''}} | Required volumes[0].csi.nodePublishSecretRef.name
    """,
)
ROWS = INCOMPLETE


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, volume_sources) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)
