"""What means the same to Kubernetes: each line is the server's own answer for a DaemonSet with one and with the other."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.kubernetes.semantics.field_diff import changes
from dsgen.kubernetes.semantics.normalize import normalized
from dsgen.tree import Map
from tests.kubernetes.pods import manifest

CLAIM = "volumes: [{name: a, ephemeral: {volumeClaimTemplate: {spec: {%saccessModes: [ReadWriteOnce]}}}}]"
CSI = "volumes: [{name: a, csi: {driver: x.y, %s}}]"
NFS = "volumes: [{name: a, nfs: {server: a, path: /a%s}}]"
CASES = [
    pytest.param("nodeSelector: {a: ''}", "nodeSelector: {}", False, id="node-selector"),
    pytest.param("nodeSelector: {path: ''}", "nodeSelector: {}", False, id="label-like-a-field"),
    pytest.param(
        "volumes: [{name: a, csi: {driver: x.y, volumeAttributes: {a: ''}}}]",
        "volumes: [{name: a, csi: {driver: x.y, volumeAttributes: {}}}]",
        False,
        id="volume-attributes",
    ),
    pytest.param(CLAIM % "storageClassName: '', ", CLAIM % "", False, id="storage-class"),
    pytest.param(CSI % "readOnly: false", CSI % "", False, id="a driver that may write"),
    pytest.param(CSI % "fsType: ''", CSI % "", False, id="file-system-of-a-driver"),
    pytest.param(NFS % ", readOnly: false", NFS % "", True, id="another-source"),
    pytest.param("dnsConfig: {options: [{name: a, value: ''}]}", "dnsConfig: {options: [{name: a}]}", False, id="dns-option"),
    pytest.param("hostname: ''", "hostname:", True, id="optional-field"),
    pytest.param("tolerations: [{key: '', operator: Exists}]", "tolerations: [{operator: Exists}]", True, id="in-a-list"),
]  # fmt: skip


def pod(text: str) -> Map:
    root = read_first(manifest(text)).root
    assert isinstance(root, Map)
    return root


@pytest.mark.parametrize(("one", "other", "expected"), CASES)
def test_two_daemonsets(one: str, other: str, expected: bool) -> None:
    first, second = (read_first(f"{{{text}}}").root for text in (one, other))
    assert semantic_equal(first, second) == expected
    assert (not changes(normalized(pod(one)), normalized(pod(other)))) == expected


@pytest.mark.parametrize("kind", ["apiVersion: v1\nkind: Service", "apiVersion: example.com/v1\nkind: Other"])
def test_a_label_of_any_kind(kind: str) -> None:
    bare = f"{kind}\nmetadata: {{name: a, labels: {{b: c%s}}}}\nspec: {{ports: [{{port: 1}}]}}\n"
    one, other = (read_first(bare % more).root for more in (", a: ''", ""))
    assert isinstance(one, Map)
    assert isinstance(other, Map)
    assert changes(normalized(one), normalized(other))
