from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import overlapping_paths, volume_files
from tests.kubernetes.pods import check, found, refused, table, untested

MODES = table(
    "volumes: [{name: v, *}]",
    """
    out-of-range-default-mode | secret: {secretName: a, defaultMode: 0} | secret: {secretName: a, defaultMode: -1} | Invalid volumes[0].secret.defaultMode
    out-of-range-default-mode | secret: {secretName: a, defaultMode: 511} | secret: {secretName: a, defaultMode: 512} | Invalid volumes[0].secret.defaultMode
    out-of-range-default-mode | configMap: {name: a, defaultMode: 0777} | configMap: {name: a, defaultMode: 777} | Invalid volumes[0].configMap.defaultMode
    out-of-range-default-mode | downwardAPI: {defaultMode: ~} | downwardAPI: {defaultMode: 644} | Invalid volumes[0].downwardAPI.defaultMode
    out-of-range-default-mode | projected: {defaultMode: 420} | projected: {defaultMode: 644} | Invalid volumes[0].projected.defaultMode
    """,
)
SECRET_ITEM = table(
    "volumes: [{name: v, secret: {secretName: a, items: [*]}}]",
    """
    missing-volume-item-field | {key: Any text, path: a} | {path: a} | Required volumes[0].secret.items[0].key
    missing-volume-item-field | {key: a, path: a} | {key: a} | Required volumes[0].secret.items[0].path
    invalid-volume-item-path | {key: a, path: a/..b} | {key: a, path: a/../b} | Invalid volumes[0].secret.items[0].path
    invalid-volume-item-path | {key: a, path: .} | {key: a, path: ..} | Invalid volumes[0].secret.items[0].path
    invalid-volume-item-path | {key: a, path: a} | {key: a, path: /a} | Invalid volumes[0].secret.items[0].path
    invalid-volume-item-path | {key: a, path: .a} | {key: a, path: ..a} | Invalid volumes[0].secret.items[0].path
    out-of-range-volume-item-mode | {key: a, path: a, mode: 0} | {key: a, path: a, mode: -1} | Invalid volumes[0].secret.items[0].mode
    out-of-range-volume-item-mode | {key: a, path: a, mode: 511} | {key: a, path: a, mode: 512} | Invalid volumes[0].secret.items[0].mode
    """,
)
CONFIG_ITEM = table(
    "volumes: [{name: v, configMap: {name: a, items: [{key: a, path: a}, *]}}]",
    """
    missing-volume-item-field | {key: a, path: b} | {} | Required volumes[0].configMap.items[1].key, Required volumes[0].configMap.items[1].path
    out-of-range-volume-item-mode | {key: a, path: b, mode: 0644} | {key: a, path: b, mode: 644} | Invalid volumes[0].configMap.items[1].mode
    overlapping-paths | {key: a, path: b} | {key: a, path: a} | Warning volumes[0].configMap.items[1].path
    overlapping-paths | {key: a, path: ab} | {key: a, path: a/b} | Warning volumes[0].configMap.items[1].path
    overlapping-paths | {key: a, path: b/} | {key: a, path: a/} | Warning volumes[0].configMap.items[1].path
    """,
)
DOWNWARD = table(
    "volumes: [{name: v, downwardAPI: {items: [*]}}]",
    """
    missing-downward-api-path | {path: a, fieldRef: {fieldPath: metadata.uid}} | {fieldRef: {fieldPath: metadata.uid}} | Required volumes[0].downwardAPI.path
    invalid-downward-api-path | {path: a, fieldRef: {fieldPath: metadata.uid}} | {path: ../a, fieldRef: {fieldPath: metadata.uid}} | Invalid volumes[0].downwardAPI.path
    invalid-downward-api-path | {path: a, fieldRef: {fieldPath: metadata.uid}} | {path: ..a, fieldRef: {fieldPath: metadata.uid}} | Invalid volumes[0].downwardAPI.path
    out-of-range-downward-api-mode | {path: a, mode: 511, fieldRef: {fieldPath: metadata.uid}} | {path: a, mode: 512, fieldRef: {fieldPath: metadata.uid}} | Invalid volumes[0].downwardAPI.mode
    out-of-range-downward-api-mode | {path: a, mode: 0, fieldRef: {fieldPath: metadata.uid}} | {path: a, mode: -1, fieldRef: {fieldPath: metadata.uid}} | Invalid volumes[0].downwardAPI.mode
    missing-downward-api-source | {path: a, fieldRef: {fieldPath: metadata.uid}} | {path: a} | Required volumes[0].downwardAPI
    conflicting-downward-api-sources | {path: a, fieldRef: {fieldPath: metadata.uid}} | {path: a, fieldRef: {fieldPath: metadata.uid}, resourceFieldRef: {}} | Invalid volumes[0].downwardAPI
    overlapping-paths | {path: a, fieldRef: {fieldPath: metadata.uid}} | {path: a, fieldRef: {fieldPath: metadata.uid}}, {path: a/b, fieldRef: {fieldPath: metadata.uid}} | Warning volumes[0].downwardAPI.items[1].path
    """,
)
FIELD = table(
    "volumes: [{name: v, downwardAPI: {items: [{path: a, fieldRef: {*}}]}}]",
    """
    invalid-downward-api-field-path | fieldPath: metadata.labels | fieldPath: spec.nodeName | NotSupported volumes[0].downwardAPI.fieldRef.fieldPath
    invalid-downward-api-field-path | fieldPath: metadata.name | fieldPath: status.podIP | NotSupported volumes[0].downwardAPI.fieldRef.fieldPath
    invalid-downward-api-field-path | fieldPath: metadata.namespace | fieldPath: metadata.other | Invalid volumes[0].downwardAPI.fieldRef.fieldPath
    invalid-downward-api-field-path | fieldPath: metadata.annotations | fieldPath: '' | Required volumes[0].downwardAPI.fieldRef.fieldPath
    invalid-downward-api-field-path | fieldPath: metadata.uid, apiVersion: v1 | fieldPath: metadata.uid, apiVersion: v2 | Invalid volumes[0].downwardAPI.fieldRef.fieldPath
    invalid-downward-api-field-path | fieldPath: "metadata.labels['a.b/C']" | fieldPath: "metadata.labels['A.b/C']" | Invalid volumes[0].downwardAPI.fieldRef
    invalid-downward-api-field-path | fieldPath: "metadata.annotations['A.b/C']" | fieldPath: "metadata.annotations['']" | Invalid volumes[0].downwardAPI.fieldRef
    """,
)
RESOURCE = table(
    "volumes: [{name: v, downwardAPI: {items: [{path: a, resourceFieldRef: {*}}]}}]",
    """
    invalid-downward-api-resource | containerName: other, resource: limits.cpu | resource: limits.cpu | Required volumes[0].downwardAPI.resourceFieldRef.containerName
    invalid-downward-api-resource | containerName: a, resource: requests.memory | containerName: a | Required volumes[0].downwardAPI.resourceFieldRef.resource
    invalid-downward-api-resource | containerName: a, resource: limits.hugepages-2Mi | containerName: a, resource: limits.storage | NotSupported volumes[0].downwardAPI.resourceFieldRef.resource
    invalid-downward-api-divisor | containerName: a, resource: limits.cpu, divisor: 1m | containerName: a, resource: limits.cpu, divisor: 2m | Invalid volumes[0].downwardAPI.resourceFieldRef.divisor
    invalid-downward-api-divisor | containerName: a, resource: limits.memory, divisor: 1Mi | containerName: a, resource: limits.memory, divisor: 1m | Invalid volumes[0].downwardAPI.resourceFieldRef.divisor
    invalid-downward-api-divisor | containerName: a, resource: limits.memory, divisor: 0 | containerName: a, resource: limits.hugepages-2Mi, divisor: 2 | Invalid volumes[0].downwardAPI.resourceFieldRef.divisor
    """,
)
ROWS = MODES + SECRET_ITEM + CONFIG_ITEM + DOWNWARD + FIELD + RESOURCE


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, volume_files, overlapping_paths) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)


def test_a_backstep_at_the_beginning_is_one_error() -> None:
    pod = "volumes: [{name: v, secret: {secretName: a, items: [{key: a, path: /../a}, {key: a, path: ../a}]}}]"
    assert refused(pod) == {
        ("invalid-volume-item-path", "Invalid volumes[0].secret.items[0].path"),
        ("invalid-volume-item-path", "Invalid volumes[0].secret.items[1].path"),
    }


def test_overlapping_paths_in_a_secret() -> None:
    pod = "volumes: [{name: v, secret: {secretName: a, items: [{key: a, path: a/b}, {key: b, path: a}]}}]"
    assert found(pod) == {("overlapping-paths", "Warning volumes[0].secret.items[1].path")}
