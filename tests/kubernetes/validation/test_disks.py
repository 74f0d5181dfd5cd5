from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import disks
from tests.kubernetes.pods import check, refused, table, untested

DISKS = table(
    "volumes: [{name: v, *}]",
    """
    out-of-range-gce-partition | gcePersistentDisk: {pdName: a, partition: 0} | gcePersistentDisk: {pdName: a, partition: -1} | Invalid volumes[0].persistentDisk.partition
    out-of-range-gce-partition | gcePersistentDisk: {pdName: a, partition: 255} | gcePersistentDisk: {pdName: a, partition: 256} | Invalid volumes[0].persistentDisk.partition
    out-of-range-ebs-partition | awsElasticBlockStore: {volumeID: a, partition: 0} | awsElasticBlockStore: {volumeID: a, partition: -1} | Invalid volumes[0].awsElasticBlockStore.partition
    out-of-range-ebs-partition | awsElasticBlockStore: {volumeID: a, partition: 255} | awsElasticBlockStore: {volumeID: a, partition: 256} | Invalid volumes[0].awsElasticBlockStore.partition
    invalid-azure-disk-caching-mode | azureDisk: {diskName: a, diskURI: 'https://a', cachingMode: ReadOnly} | azureDisk: {diskName: a, diskURI: 'https://a', cachingMode: readOnly} | NotSupported volumes[0].azureDisk.cachingMode
    invalid-azure-disk-caching-mode | azureDisk: {diskName: a, diskURI: 'https://a', cachingMode: None} | azureDisk: {diskName: a, diskURI: 'https://a', cachingMode: ''} | NotSupported volumes[0].azureDisk.cachingMode
    invalid-azure-disk-kind | azureDisk: {diskName: a, diskURI: 'https://a', kind: Dedicated} | azureDisk: {diskName: a, diskURI: 'https://a', kind: dedicated} | NotSupported volumes[0].azureDisk.kind
    invalid-azure-disk-uri | azureDisk: {diskName: a, diskURI: 'https://a'} | azureDisk: {diskName: a, diskURI: /subscriptions/a} | NotSupported volumes[0].azureDisk.diskURI
    invalid-azure-disk-uri | azureDisk: {diskName: a, diskURI: 'https://a', kind: Shared} | azureDisk: {diskName: a, diskURI: 'http://a', kind: Shared} | NotSupported volumes[0].azureDisk.diskURI
    invalid-azure-disk-uri | azureDisk: {diskName: a, diskURI: /subscriptions/a, kind: Managed} | azureDisk: {diskName: a, diskURI: 'https://a', kind: Managed} | NotSupported volumes[0].azureDisk.diskURI
    invalid-fc-target | fc: {wwids: [a]} | fc: {lun: 1} | Required volumes[0].fc.targetWWNs
    invalid-fc-target | fc: {targetWWNs: [a], lun: 1} | fc: {targetWWNs: [a], wwids: [a], lun: 1} | Invalid volumes[0].fc.targetWWNs
    invalid-fc-lun | fc: {targetWWNs: [a], lun: 0} | fc: {targetWWNs: [a]} | Required volumes[0].fc.lun
    invalid-fc-lun | fc: {wwids: [a], lun: 256} | fc: {targetWWNs: [a], lun: 256} | Invalid volumes[0].fc.lun
    invalid-fc-lun | fc: {targetWWNs: [a], lun: 255} | fc: {targetWWNs: [a], lun: -1} | Invalid volumes[0].fc.lun
    """,
)
ISCSI = table(
    "volumes: [{name: v, iscsi: {targetPortal: a, *}}]",
    """
    invalid-iscsi-name | iqn: 'iqn.2001-04.com.example:a' | iqn: 'iqn.2001-04.com.example' | Invalid volumes[0].iscsi.iqn
    invalid-iscsi-name | iqn: 'iqnx iqn.2001-04.com.example:a' | iqn: 'xiqn.2001-04.com.example:a' | Invalid volumes[0].iscsi.iqn
    invalid-iscsi-name | iqn: 'iqn.2001-04.com.example:a' | iqn: 'iqn.2001-4.com.example:a' | Invalid volumes[0].iscsi.iqn
    invalid-iscsi-name | iqn: "iqn.2001-04.com.example:a\\vb" | iqn: "iqn.2001-04.com.example:a\\n" | Invalid volumes[0].iscsi.iqn
    invalid-iscsi-name | iqn: eui.0123456789abcdef | iqn: eui.0123456789abcde | Invalid volumes[0].iscsi.iqn
    invalid-iscsi-name | iqn: euix0123456789abcdef | iqn: "eui\\n0123456789abcdef" | Invalid volumes[0].iscsi.iqn
    invalid-iscsi-name | iqn: naa.<32> | iqn: naa.<31> | Invalid volumes[0].iscsi.iqn
    invalid-iscsi-name | iqn: naa.<32>, initiatorName: ~ | iqn: naa.<32>, initiatorName: '' | Invalid volumes[0].iscsi.initiatorname
    invalid-iscsi-name | iqn: naa.<32>, initiatorName: naa.<32> | iqn: naa.<32>, initiatorName: naa.<33> | Invalid volumes[0].iscsi.initiatorname
    out-of-range-iscsi-lun | iqn: naa.<32>, lun: 0 | iqn: naa.<32>, lun: -1 | Invalid volumes[0].iscsi.lun
    out-of-range-iscsi-lun | iqn: naa.<32>, lun: 255 | iqn: naa.<32>, lun: 256 | Invalid volumes[0].iscsi.lun
    missing-iscsi-secret | iqn: naa.<32>, chapAuthSession: true, secretRef: {} | iqn: naa.<32>, chapAuthSession: true | Required volumes[0].iscsi.secretRef
    missing-iscsi-secret | iqn: naa.<32>, chapAuthDiscovery: false | iqn: naa.<32>, chapAuthDiscovery: true | Required volumes[0].iscsi.secretRef
    """,
)
ISCSI_NAME = table(
    "volumes: [{name: v, iscsi: {iqn: naa.<32>, *}}]",
    """
    too-long-iscsi-volume-name | targetPortal: <62>, initiatorName: naa.<32> | targetPortal: <63>, initiatorName: naa.<32> | Invalid volumes[0].name
    too-long-iscsi-volume-name | targetPortal: <63> | targetPortal: <64>, initiatorName: naa.<32> | Invalid volumes[0].name
    """,
)
ROWS = DISKS + ISCSI + ISCSI_NAME


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, disks) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)


def test_the_length_of_names_is_checked_even_of_a_further_source() -> None:
    pod = "volumes: [{name: v, emptyDir: {}, iscsi: {targetPortal: <63>, initiatorName: a}}]"
    assert refused(pod) == {
        ("conflicting-volume-sources", "Forbidden volumes[0].iscsi"),
        ("too-long-iscsi-volume-name", "Invalid volumes[0].name"),
    }


def test_an_azure_disk_without_uri_has_a_wrong_one_too() -> None:
    assert refused("volumes: [{name: v, azureDisk: {diskName: a}}]") == {
        ("missing-volume-source-field", "Required volumes[0].azureDisk.diskURI"),
        ("invalid-azure-disk-uri", "NotSupported volumes[0].azureDisk.diskURI"),
    }
