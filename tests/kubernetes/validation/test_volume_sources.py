from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import volume_sources
from tests.kubernetes.pods import check, table, untested

INCOMPLETE = table(
    "volumes: [{name: v, *}]",
    """
    volume-source-incomplete | awsElasticBlockStore: {volumeID: a} | awsElasticBlockStore: {} | Required volumes[0].awsElasticBlockStore.volumeID
    volume-source-incomplete | azureDisk: {diskName: a, diskURI: 'https://a'} | azureDisk: {diskURI: 'https://a'} | Required volumes[0].azureDisk.diskName
    volume-source-incomplete | azureFile: {secretName: a, shareName: a} | azureFile: {secretName: a} | Required volumes[0].azureFile.shareName
    volume-source-incomplete | azureFile: {secretName: a, shareName: a} | azureFile: {shareName: a} | Required volumes[0].azureFile.secretName
    volume-source-incomplete | cephfs: {monitors: [a]} | cephfs: {monitors: []} | Required volumes[0].cephfs.monitors
    volume-source-incomplete | cinder: {volumeID: a} | cinder: {volumeID: ''} | Required volumes[0].cinder.volumeID
    volume-source-incomplete | configMap: {name: 'Any text'} | configMap: {} | Required volumes[0].configMap.name
    volume-source-incomplete | csi: {driver: a} | csi: {} | Required volumes[0].csi.driver
    volume-source-incomplete | emptyDir: {} | ephemeral: {} | Required volumes[0].ephemeral.volumeClaimTemplate
    volume-source-incomplete | flexVolume: {driver: a} | flexVolume: {} | Required volumes[0].flexVolume.driver
    volume-source-incomplete | gcePersistentDisk: {pdName: a} | gcePersistentDisk: {} | Required volumes[0].persistentDisk.pdName
    volume-source-incomplete | gitRepo: {repository: a} | gitRepo: {} | Required volumes[0].gitRepo.repository
    volume-source-incomplete | glusterfs: {endpoints: a, path: a} | glusterfs: {} | Required volumes[0].glusterfs.endpoints, Required volumes[0].glusterfs.path
    volume-source-incomplete | hostPath: {path: a} | hostPath: {path: ''} | Required volumes[0].hostPath.path
    volume-source-incomplete | hostPath: {path: a} | hostPath: {type: Wrong} | Required volumes[0].hostPath.path
    volume-source-incomplete | iscsi: {targetPortal: a, iqn: 'iqn.2001-04.com.example:a'} | iscsi: {} | Required volumes[0].iscsi.targetPortal, Required volumes[0].iscsi.iqn
    volume-source-incomplete | nfs: {server: a, path: /a} | nfs: {path: /a} | Required volumes[0].nfs.server
    volume-source-incomplete | persistentVolumeClaim: {claimName: 'Any text'} | persistentVolumeClaim: {} | Required volumes[0].persistentVolumeClaim.claimName
    volume-source-incomplete | photonPersistentDisk: {pdID: a} | photonPersistentDisk: {} | Required volumes[0].photonPersistentDisk.pdID
    volume-source-incomplete | portworxVolume: {volumeID: a} | portworxVolume: {} | Required volumes[0].portworxVolume.volumeID
    volume-source-incomplete | quobyte: {registry: 'a:1', volume: a} | quobyte: {} | Required volumes[0].quobyte.registry, Required volumes[0].quobyte.volume
    volume-source-incomplete | rbd: {monitors: [a], image: a} | rbd: {} | Required volumes[0].rbd.monitors, Required volumes[0].rbd.image
    volume-source-incomplete | scaleIO: {gateway: a, system: a, volumeName: a} | scaleIO: {system: a} | Required volumes[0].scaleIO.gateway, Required volumes[0].scaleIO.volumeName
    volume-source-incomplete | secret: {secretName: 'Any text'} | secret: {secretName: ~} | Required volumes[0].secret.secretName
    volume-source-incomplete | storageos: {volumeName: a} | storageos: {} | Required volumes[0].storageos.volumeName
    volume-source-incomplete | vsphereVolume: {volumePath: a} | vsphereVolume: {} | Required volumes[0].vsphereVolume.volumePath
    volume-secret-name-missing | cinder: {volumeID: a, secretRef: {name: a}} | cinder: {volumeID: a, secretRef: {}} | Required volumes[0].cinder.secretRef.name
    volume-secret-name-missing | storageos: {volumeName: a, secretRef: ~} | storageos: {volumeName: a, secretRef: {}} | Required volumes[0].storageos.secretRef.name
    volume-secret-name-missing | csi: {driver: a} | csi: {driver: a, nodePublishSecretRef: {}} | Required volumes[0].csi.nodePublishSecretRef.name
    volume-secret-name-missing | rbd: {monitors: [a], image: a, secretRef: {}} | csi: {driver: a, nodePublishSecretRef: {name: ''}} | Required volumes[0].csi.nodePublishSecretRef.name
    """,
)
ROWS = INCOMPLETE


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, volume_sources) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)
