from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import network_volumes
from tests.kubernetes.pods import check, refused, table, untested

NETWORK = table(
    "volumes: [{name: v, *}]",
    """
    invalid-nfs-path | nfs: {server: a, path: /} | nfs: {server: a, path: a} | Invalid volumes[0].nfs.path
    invalid-flocker-dataset | flocker: {datasetUUID: a/b} | flocker: {} | Required volumes[0].flocker
    invalid-flocker-dataset | flocker: {datasetName: a} | flocker: {datasetName: a, datasetUUID: a} | Invalid volumes[0].flocker
    invalid-flocker-dataset | flocker: {datasetName: a.b} | flocker: {datasetName: a/b} | Invalid volumes[0].flocker.datasetName
    too-long-quobyte-tenant | quobyte: {registry: 'a:1', volume: a, tenant: <64>} | quobyte: {registry: 'a:1', volume: a, tenant: <65>} | Required volumes[0].quobyte.tenant
    invalid-quobyte-registry | quobyte: {volume: a, registry: 'a:1,b:2'} | quobyte: {volume: a, registry: 'a:1,b'} | Invalid volumes[0].quobyte.registry
    invalid-quobyte-registry | quobyte: {volume: a, registry: ':'} | quobyte: {volume: a, registry: '::'} | Invalid volumes[0].quobyte.registry
    invalid-quobyte-registry | quobyte: {volume: a, registry: '[::1]:1'} | quobyte: {volume: a, registry: '[::1]'} | Invalid volumes[0].quobyte.registry
    invalid-quobyte-registry | quobyte: {volume: a, registry: '[]:'} | quobyte: {volume: a, registry: '[a]b:1'} | Invalid volumes[0].quobyte.registry
    invalid-quobyte-registry | quobyte: {volume: a, registry: 'a:1'} | quobyte: {volume: a, registry: 'a[:1'} | Invalid volumes[0].quobyte.registry
    invalid-quobyte-registry | quobyte: {volume: a, registry: '[a]:1'} | quobyte: {volume: a, registry: '[a]:1]'} | Invalid volumes[0].quobyte.registry
    invalid-storageos-volume-name | storageos: {volumeName: a-b} | storageos: {volumeName: a.b} | Invalid volumes[0].storageos.volumeName
    invalid-storageos-volume-name | storageos: {volumeName: a, volumeNamespace: <63>} | storageos: {volumeName: a, volumeNamespace: <64>} | Invalid volumes[0].storageos.volumeNamespace
    reserved-flex-volume-option | flexVolume: {driver: a, options: {xk8s.io/a: a}} | flexVolume: {driver: a, options: {x.k8s.io/a: a}} | Invalid volumes[0].flexVolume.options[x.k8s.io/a]
    reserved-flex-volume-option | flexVolume: {driver: a, options: {a/k8s.io: a}} | flexVolume: {driver: a, options: {Kubernetes.IO: a}} | Invalid volumes[0].flexVolume.options[Kubernetes.IO]
    too-long-csi-driver-name | csi: {driver: <63>} | csi: {driver: <64>} | TooLong volumes[0].csi.driver
    invalid-csi-driver-name | csi: {driver: EBS.csİ.aws.com} | csi: {driver: ebs_csi} | Invalid volumes[0].csi.driver
    invalid-csi-secret-name | csi: {driver: a, nodePublishSecretRef: {name: a.b}} | csi: {driver: a, nodePublishSecretRef: {name: A}} | Invalid volumes[0].csi.name
    invalid-csi-secret-name | csi: {driver: a, nodePublishSecretRef: {name: <253>}} | csi: {driver: a, nodePublishSecretRef: {name: <254>}} | Invalid volumes[0].csi.name
    """,
)
ROWS = NETWORK


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, network_volumes) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)


def test_an_nfs_volume_without_path_has_a_relative_one_too() -> None:
    assert refused("volumes: [{name: v, nfs: {server: a}}]") == {
        ("missing-volume-source-field", "Required volumes[0].nfs.path"),
        ("invalid-nfs-path", "Invalid volumes[0].nfs.path"),
    }


def test_the_registry_is_not_looked_into_beside_a_long_tenant() -> None:
    pod = "volumes: [{name: v, quobyte: {registry: a, volume: a, tenant: <65>}}]"
    assert refused(pod) == {("too-long-quobyte-tenant", "Required volumes[0].quobyte.tenant")}


def test_before_1_35_a_csi_volume_without_driver_has_a_wrong_one_too() -> None:
    missing = ("missing-volume-source-field", "Required volumes[0].csi.driver")
    assert refused("volumes: [{name: v, csi: {}}]", "1.35") == {missing}
    assert refused("volumes: [{name: v, csi: {}}]", "1.34") == {
        missing,
        ("invalid-csi-driver-name", "Invalid volumes[0].csi.driver"),
    }
