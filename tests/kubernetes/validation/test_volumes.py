from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import volumes
from dsgen.kubernetes.validation.pod import Pod
from tests.kubernetes.pods import check, found, read, refused, table, untested

NAMES = table(
    "volumes: [*]",
    """
    missing-volume-name    | {name: a}                                | {emptyDir: {}}                         | Required volumes[0].name
    missing-volume-name    | {name: a}                                | {name: ''}                             | Required volumes[0].name
    missing-volume-name    | {name: a}                                | {name: ~}                              | Required volumes[0].name
    invalid-volume-name            | {name: <63>}                             | {name: <64>}                           | Invalid volumes[0].name
    invalid-volume-name            | {name: a-1}                              | {name: A-1}                            | Invalid volumes[0].name
    invalid-volume-name            | {name: ab}                               | {name: a.b}                            | Invalid volumes[0].name
    invalid-volume-name            | {name: ab}                               | {name: ab-}                            | Invalid volumes[0].name
    duplicate-volume-name       | {name: a}, {name: b}                     | {name: a}, {name: a}                   | Duplicate volumes[1].name
    conflicting-volume-sources | {name: a, hostPath: {path: /a}}          | {name: a, hostPath: {}, emptyDir: {}}  | Forbidden volumes[0].hostPath
    conflicting-volume-sources | {name: a, emptyDir: {}, hostPath: ~}     | {name: a, secret: {}, emptyDir: {}}    | Forbidden volumes[0].secret
    conflicting-volume-sources | {name: a, nfs: {server: a, path: /a}} | {nfs: {server: a, path: /a}, secret: {secretName: a}} | Forbidden volumes[0].nfs, Required volumes[0].name
    conflicting-volume-sources | {name: a, cephfs: {monitors: [a]}}       | {name: a, cephfs: {}, emptyDir: {}}    | Forbidden volumes[0].cephFS
    conflicting-volume-sources | {name: a, downwardAPI: {}}               | {name: a, downwardAPI: {}, nfs: {server: a, path: /a}} | Forbidden volumes[0].downwarAPI
    conflicting-volume-sources | {name: a, gcePersistentDisk: {pdName: a}} | {name: a, emptyDir: {}, gcePersistentDisk: {}} | Forbidden volumes[0].gcePersistentDisk
    """,
)
DEPRECATED = table(
    "volumes: [{name: a, *}]",
    """
    deprecated-volume-source | hostPath: {path: /a} | gitRepo: {repository: a}            | Warning volumes[0].gitRepo
    deprecated-volume-source | hostPath: {path: /a} | photonPersistentDisk: {pdID: a}     | Warning volumes[0].photonPersistentDisk
    deprecated-volume-source | hostPath: {path: /a} | scaleIO: {gateway: a, system: a, volumeName: a} | Warning volumes[0].scaleIO
    deprecated-volume-source | hostPath: {path: /a} | flocker: {datasetName: a}           | Warning volumes[0].flocker
    deprecated-volume-source | hostPath: {path: /a} | storageos: {volumeName: a}          | Warning volumes[0].storageOS
    deprecated-volume-source | hostPath: {path: /a} | quobyte: {registry: 'a:1', volume: a} | Warning volumes[0].quobyte
    deprecated-volume-source | hostPath: {path: /a} | glusterfs: {endpoints: a, path: a}  | Warning volumes[0].glusterfs
    deprecated-volume-source | hostPath: {path: /a} | cephfs: {monitors: [a]}             | Warning volumes[0].cephfs
    deprecated-volume-source | csi: {driver: a}     | rbd: {monitors: [a], image: a}      | Warning volumes[0].rbd
    """,
)
ROWS = NAMES + DEPRECATED


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, volumes) == {"invalid-ephemeral-claim-name"}  # only of a Pod


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)


def test_only_a_valid_volume_takes_its_name() -> None:
    assert refused("volumes: [{name: a, hostPath: {}}, {name: a}]") == {
        ("missing-volume-source-field", "Required volumes[0].hostPath.path")
    }


def test_only_the_first_source_is_looked_into() -> None:
    pod = "volumes: [{name: a, nfs: {}, secret: {}, configMap: {}}]"
    assert refused(pod) == {
        ("missing-volume-source-field", "Required volumes[0].secret.secretName"),
        ("conflicting-volume-sources", "Forbidden volumes[0].nfs"),
        ("conflicting-volume-sources", "Forbidden volumes[0].configMap"),
    }


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("dta", "no volume has the name 'dta': did you mean `data`?"),
        ("x", "no volume has the name 'x': the pod has data, logs"),
        ("logs", "the volume 'logs' is invalid: fix it first"),
    ],
)
def test_why_a_mount_finds_no_volume(name: str, why: str) -> None:
    pod = Pod(read("volumes: [{name: data}, {name: logs, hostPath: {}}]", "1.36"), "1.36")
    assert volumes.why_missing(pod, name) == why


def test_a_source_that_is_null_is_none() -> None:
    assert found("volumes: [{name: a, secret: ~, hostPath: {path: /a}}]") == set()
