from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import mounts
from tests.kubernetes.pods import check, refused, table, untested

MOUNTS = table(
    """\
    volumes: [{name: v}, {name: w}]
    containers: [{name: c, image: i, volumeMounts: [*]}]
    """,
    """
    missing-mount-name | {name: v, mountPath: /a} | {mountPath: /a} | Required containers[0].volumeMounts[0].name, NotFound containers[0].volumeMounts[0].name
    unknown-mounted-volume | {name: v, mountPath: /a} | {name: x, mountPath: /a} | NotFound containers[0].volumeMounts[0].name
    missing-mount-path | {name: v, mountPath: a:b} | {name: v} | Required containers[0].volumeMounts[0].mountPath
    duplicate-mount-path | {name: v, mountPath: /a}, {name: v, mountPath: /a/} | {name: v, mountPath: /a}, {name: w, mountPath: /a} | Invalid containers[0].volumeMounts[1].mountPath
    invalid-sub-path | {name: v, mountPath: /a, subPath: a/..b} | {name: v, mountPath: /a, subPath: a/..} | Invalid containers[0].volumeMounts.subPath
    invalid-sub-path | {name: v, mountPath: /a, subPath: ..a} | {name: v, mountPath: /a, subPath: /a} | Invalid containers[0].volumeMounts.subPath
    invalid-sub-path | {name: v, mountPath: /a, subPathExpr: $(A)} | {name: v, mountPath: /a, subPathExpr: /$(A)} | Invalid containers[0].volumeMounts.subPathExpr
    conflicting-sub-paths | {name: v, mountPath: /a, subPathExpr: a, subPath: ''} | {name: v, mountPath: /a, subPathExpr: a, subPath: a} | Invalid containers[0].volumeMounts[0].subPathExpr
    invalid-mount-propagation | {name: v, mountPath: /a, mountPropagation: HostToContainer} | {name: v, mountPath: /a, mountPropagation: ''} | NotSupported containers[0].volumeMounts.mountPropagation
    invalid-mount-propagation | {name: v, mountPath: /a, mountPropagation: None} | {name: v, mountPath: /a, mountPropagation: none} | NotSupported containers[0].volumeMounts.mountPropagation
    invalid-recursive-read-only | {name: v, mountPath: /a, recursiveReadOnly: Disabled} | {name: v, mountPath: /a, recursiveReadOnly: ''} | NotSupported containers[0].volumeMounts.recursiveReadOnly
    conflicting-recursive-read-only | {name: v, mountPath: /a, recursiveReadOnly: Enabled, readOnly: true} | {name: v, mountPath: /a, recursiveReadOnly: Enabled} | Forbidden containers[0].volumeMounts.recursiveReadOnly
    conflicting-recursive-read-only | {name: v, mountPath: /a, recursiveReadOnly: IfPossible, readOnly: true, mountPropagation: None} | {name: v, mountPath: /a, recursiveReadOnly: IfPossible, readOnly: true, mountPropagation: HostToContainer} | Forbidden containers[0].volumeMounts.recursiveReadOnly
    """,
)
PROPAGATION = table(
    """\
    volumes: [{name: v}]
    containers: [{name: c, image: i, volumeMounts: [{name: v, mountPath: /a, mountPropagation: Bidirectional}], *}]
    """,
    """
    forbidden-mount-propagation | securityContext: {privileged: true} | securityContext: {privileged: false} | Forbidden containers[0].volumeMounts.mountPropagation
    forbidden-mount-propagation | securityContext: {privileged: true} | securityContext: {} | Forbidden containers[0].volumeMounts.mountPropagation
    """,
)
ROWS = MOUNTS + PROPAGATION


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, mounts) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)


def test_a_mount_without_name_has_no_volume_either() -> None:
    pod = """\
    volumes: [{name: v}]
    initContainers: [{name: a, image: i, volumeMounts: [{mountPath: /a}]}]
    containers: [{name: c, image: i, volumeMounts: [{name: v, mountPath: /a}]}]
    """
    assert refused(pod) == {
        ("missing-mount-name", "Required initContainers[0].volumeMounts[0].name"),
        ("unknown-mounted-volume", "NotFound initContainers[0].volumeMounts[0].name"),
    }


def test_a_volume_with_errors_does_not_exist_for_mounts() -> None:
    pod = """\
    volumes: [{name: v, hostPath: {}}, {name: w, gitRepo: {repository: a}}]
    containers: [{name: c, image: i, volumeMounts: [{name: v, mountPath: /a}, {name: w, mountPath: /b}]}]
    """
    assert refused(pod) == {
        ("missing-volume-source-field", "Required volumes[0].hostPath.path"),
        ("unknown-mounted-volume", "NotFound containers[0].volumeMounts[0].name"),
    }
