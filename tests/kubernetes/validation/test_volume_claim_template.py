from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import volume_claim_template
from tests.kubernetes.pods import check, found, refused, table, untested

METADATA = table(
    """\
    volumes:
    - name: v
      ephemeral:
        volumeClaimTemplate:
          metadata: {*}
          spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
    """,
    """
    forbidden-volume-claim-metadata | labels: {a: b}, annotations: {a: b} | name: a | Forbidden volumes[0].ephemeral.volumeClaimTemplate.metadata.name
    forbidden-volume-claim-metadata | name: '', namespace: ~ | uid: a, namespace: a | Forbidden volumes[0].ephemeral.volumeClaimTemplate.metadata.uID, Forbidden volumes[0].ephemeral.volumeClaimTemplate.metadata.namespace
    forbidden-volume-claim-metadata | finalizers: ~ | finalizers: [] | Forbidden volumes[0].ephemeral.volumeClaimTemplate.metadata.finalizers
    forbidden-volume-claim-metadata | generation: 0 | generation: 1 | Forbidden volumes[0].ephemeral.volumeClaimTemplate.metadata.generation
    forbidden-volume-claim-metadata | creationTimestamp: ~ | deletionGracePeriodSeconds: 0 | Forbidden volumes[0].ephemeral.volumeClaimTemplate.metadata.deletionGracePeriodSeconds
    invalid-volume-claim-label | labels: {a.b/C: <63>} | labels: {a.b/C: <64>} | Invalid volumes[0].ephemeral.volumeClaimTemplate.metadata.labels
    invalid-volume-claim-annotation-key | annotations: {A.b/C: Any text} | annotations: {a/b/c: a} | Invalid volumes[0].ephemeral.volumeClaimTemplate.metadata.annotations
    invalid-volume-claim-annotation-key | annotations: {<63>: ''} | annotations: {<64>: ''} | Invalid volumes[0].ephemeral.volumeClaimTemplate.metadata.annotations
    too-large-volume-claim-annotations | annotations: {a: <262143>} | annotations: {a: <262144>} | TooLong volumes[0].ephemeral.volumeClaimTemplate.metadata.annotations
    invalid-volume-claim-label | labels: {<63>: ''} | labels: {<64>: ''} | Invalid volumes[0].ephemeral.volumeClaimTemplate.metadata.labels
    """,
)
SPEC = table(
    """\
    volumes:
    - name: v
      ephemeral: {volumeClaimTemplate: {spec: {resources: {requests: {storage: 1Gi}}, *}}}
    """,
    """
    missing-volume-claim-access-modes | accessModes: [ReadWriteMany] | accessModes: [] | Required volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes
    invalid-volume-claim-access-mode | accessModes: [ReadWriteOnce, ReadOnlyMany] | accessModes: [RWO] | NotSupported volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes
    conflicting-volume-claim-access-modes | accessModes: [ReadWriteOncePod, ReadWriteOncePod] | accessModes: [ReadWriteOncePod, ReadWriteOnce] | Forbidden volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes
    invalid-volume-claim-selector | accessModes: [ReadWriteOnce], selector: {matchLabels: {a: b}} | accessModes: [ReadWriteOnce], selector: {matchLabels: {a: -b}} | Invalid volumes[0].ephemeral.volumeClaimTemplate.spec.selector.matchLabels
    invalid-volume-claim-class-name | accessModes: [ReadWriteOnce], storageClassName: '' | accessModes: [ReadWriteOnce], storageClassName: A | Invalid volumes[0].ephemeral.volumeClaimTemplate.spec.storageClassName
    invalid-volume-claim-class-name | accessModes: [ReadWriteOnce], storageClassName: <253> | accessModes: [ReadWriteOnce], storageClassName: <254> | Invalid volumes[0].ephemeral.volumeClaimTemplate.spec.storageClassName
    invalid-volume-claim-class-name | accessModes: [ReadWriteOnce], volumeAttributesClassName: '' | accessModes: [ReadWriteOnce], volumeAttributesClassName: A | Invalid volumes[0].ephemeral.volumeClaimTemplate.spec.volumeAttributesClassName
    invalid-volume-claim-volume-mode | accessModes: [ReadWriteOnce], volumeMode: Block | accessModes: [ReadWriteOnce], volumeMode: '' | NotSupported volumes[0].ephemeral.volumeClaimTemplate.spec.volumeMode
    missing-data-source-field | accessModes: [ReadWriteOnce], dataSource: {kind: PersistentVolumeClaim, name: Any} | accessModes: [ReadWriteOnce], dataSource: {kind: PersistentVolumeClaim} | Required volumes[0].ephemeral.volumeClaimTemplate.spec.dataSource.name
    missing-data-source-field | accessModes: [ReadWriteOnce], dataSourceRef: ~ | accessModes: [ReadWriteOnce], dataSourceRef: {apiGroup: a, name: a} | Required volumes[0].ephemeral.volumeClaimTemplate.spec.dataSourceRef.kind
    invalid-data-source-kind | accessModes: [ReadWriteOnce], dataSource: {kind: Snapshot, name: a, apiGroup: a} | accessModes: [ReadWriteOnce], dataSource: {kind: Snapshot, name: a, apiGroup: ''} | Invalid volumes[0].ephemeral.volumeClaimTemplate.spec.dataSource
    invalid-data-source-api-group | accessModes: [ReadWriteOnce], dataSourceRef: {kind: Snapshot, name: a, apiGroup: a.b} | accessModes: [ReadWriteOnce], dataSourceRef: {kind: Snapshot, name: a, apiGroup: a_b} | Invalid volumes[0].ephemeral.volumeClaimTemplate.spec.dataSourceRef.apiGroup
    invalid-data-source-namespace | accessModes: [ReadWriteOnce], dataSourceRef: {kind: PersistentVolumeClaim, name: a, namespace: <63>} | accessModes: [ReadWriteOnce], dataSourceRef: {kind: PersistentVolumeClaim, name: a, namespace: a.b} | Invalid volumes[0].ephemeral.volumeClaimTemplate.spec.dataSourceRef.namespace
    conflicting-data-sources | accessModes: [ReadWriteOnce], dataSource: {kind: PersistentVolumeClaim, name: a}, dataSourceRef: {kind: PersistentVolumeClaim, name: a} | accessModes: [ReadWriteOnce], dataSource: {kind: PersistentVolumeClaim, name: a}, dataSourceRef: {kind: PersistentVolumeClaim, name: b} | Invalid volumes[0].ephemeral.volumeClaimTemplate.spec
    conflicting-data-sources | accessModes: [ReadWriteOnce], dataSource: {kind: A, name: a, apiGroup: a}, dataSourceRef: {kind: A, name: a, apiGroup: a} | accessModes: [ReadWriteOnce], dataSource: {kind: PersistentVolumeClaim, name: a, apiGroup: ''}, dataSourceRef: {kind: PersistentVolumeClaim, name: a} | Invalid volumes[0].ephemeral.volumeClaimTemplate.spec
    conflicting-data-sources | accessModes: [ReadWriteOnce], dataSourceRef: {kind: PersistentVolumeClaim, name: a, namespace: a} | accessModes: [ReadWriteOnce], dataSource: {kind: PersistentVolumeClaim, name: a}, dataSourceRef: {kind: PersistentVolumeClaim, name: a, namespace: a} | Invalid volumes[0].ephemeral.volumeClaimTemplate.spec
    """,
)
STORAGE = table(
    """\
    volumes:
    - name: v
      ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], *}}}
    """,
    """
    invalid-volume-claim-storage | resources: {requests: {storage: 1}} | resources: {requests: {storage: 0}} | Invalid volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]
    invalid-volume-claim-storage | resources: {requests: {storage: 1, cpu: -1}, limits: {cpu: -1}} | resources: {limits: {storage: 1}} | Required volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]
    invalid-volume-claim-storage | resources: {requests: {storage: 1Ti}} | resources: {requests: {storage: ~}} | Invalid volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]
    fractional-volume-claim-storage | resources: {requests: {storage: 1000m}} | resources: {requests: {storage: 1500m}} | Warning volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests[storage]
    fractional-volume-claim-storage | resources: {requests: {storage: 1}, limits: {storage: 1}} | resources: {requests: {storage: 1}, limits: {storage: 0.5}} | Warning volumes[0].ephemeral.volumeClaimTemplate.spec.resources.limits[storage]
    """,
)
ROWS = METADATA + SPEC + STORAGE


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, volume_claim_template) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)


def test_a_template_without_spec_lacks_what_a_spec_states() -> None:
    assert refused("volumes: [{name: v, ephemeral: {volumeClaimTemplate: {}}}]") == {
        ("missing-volume-claim-access-modes", "Required volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes"),
        ("invalid-volume-claim-storage", "Required volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]"),
    }


ATTRIBUTES_CLASS = """\
volumes:
- name: v
  ephemeral:
    volumeClaimTemplate:
      spec: {accessModes: [ReadWriteOnce], volumeAttributesClassName: A, resources: {requests: {storage: 1}}}
"""


@pytest.mark.parametrize(("minor", "is_checked"), [("1.33", False), ("1.34", True), ("1.36", True)])
def test_the_attributes_class_is_checked_since_1_34(minor: str, is_checked: bool) -> None:
    assert bool(found(ATTRIBUTES_CLASS, minor)) == is_checked
