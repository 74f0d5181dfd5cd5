from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import devices
from tests.kubernetes.pods import check, refused, table, untested

VOLUMES = """\
volumes:
- {name: v}
- {name: p, persistentVolumeClaim: {claimName: p}}
- {name: q, persistentVolumeClaim: {claimName: q}}
- name: e
  ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1}}}}}
"""
DEVICES = table(
    VOLUMES + "containers: [{name: c, image: i, volumeDevices: [*]}]",
    """
    missing-volume-device-field | {name: p, devicePath: a} | {name: p} | Required containers[0].volumeDevices[0].devicePath
    unknown-device-volume | {name: p, devicePath: /a} | {name: x, devicePath: /a} | NotFound containers[0].volumeDevices[0].name
    invalid-device-volume | {name: e, devicePath: /a} | {name: v, devicePath: /a} | Invalid containers[0].volumeDevices[0].name
    invalid-device-path | {name: p, devicePath: /a/..b} | {name: p, devicePath: /a/../b} | Invalid containers[0].volumeDevices[0].devicePath
    duplicate-volume-device | {name: p, devicePath: /a}, {name: q, devicePath: /a/} | {name: p, devicePath: /a}, {name: q, devicePath: /a} | Invalid containers[0].volumeDevices[1].devicePath
    duplicate-volume-device | {name: p, devicePath: /a}, {name: q, devicePath: /b} | {name: p, devicePath: /a}, {name: p, devicePath: /b} | Invalid containers[0].volumeDevices[1].name
    """,
)
MOUNTED = table(
    VOLUMES + "containers: [{name: c, image: i, volumeDevices: [{name: p, devicePath: /a}], volumeMounts: [*]}]",
    """
    conflicting-mount-and-device | {name: q, mountPath: /b} | {name: p, mountPath: /b} | Invalid containers[0].volumeMounts[0].name, Invalid containers[0].volumeDevices[0].name
    conflicting-mount-and-device | {name: q, mountPath: /a/} | {name: q, mountPath: /a} | Invalid containers[0].volumeMounts[0].mountPath, Invalid containers[0].volumeDevices[0].devicePath
    conflicting-mount-and-device | {name: v, mountPath: /b} | {name: v, mountPath: /a}, {name: v, mountPath: /b} | Invalid containers[0].volumeMounts[0].mountPath
    """,
)
ROWS = DEVICES + MOUNTED


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, devices) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)


def test_a_device_without_name_has_no_volume_either() -> None:
    assert refused("containers: [{name: c, image: i, volumeDevices: [{devicePath: /a}]}]") == {
        ("missing-volume-device-field", "Required containers[0].volumeDevices[0].name"),
        ("unknown-device-volume", "NotFound containers[0].volumeDevices[0].name"),
    }
