from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.semantics.prepare import prepared
from dsgen.kubernetes.validate import validate
from dsgen.kubernetes.validation.companions import persistent_volume_claim
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, said_of_update, table

NOTE = "volume.beta.kubernetes.io/storage-class"
FRAME = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {SPEC, *}}"
SPEC = FRAME.replace("SPEC", "accessModes: [ReadWriteOnce], resources: {requests: {storage: 5Gi}}")
BOUND = SPEC.replace("*}", "*}, status: {phase: Bound, capacity: {storage: 5Gi}}")
SIZE = BOUND.replace("5Gi}}, *", "*}}")
ANNOTATED = SPEC.replace("name: a", f"name: a, annotations: {{{NOTE}: fast}}")

ROWS = [
    *table(
        SPEC,
        """
        missing-data-source-field | dataSourceRef: {kind: PersistentVolumeClaim, name: a} | dataSourceRef: {kind: PersistentVolumeClaim} | Required spec.dataSource.name, Required spec.dataSourceRef.name
        invalid-volume-claim-volume-mode | volumeMode: Block | volumeMode: '' | NotSupported spec.volumeMode
        invalid-volume-claim-class-name | volumeAttributesClassName: a.b | volumeAttributesClassName: a_b | Invalid spec.volumeAttributesClassName
        """,
    ),
    *table(
        FRAME.replace("SPEC, ", ""),
        """
        missing-volume-claim-access-modes | accessModes: [ReadWriteOnce], resources: {requests: {storage: 1}} | resources: {requests: {storage: 1}} | Required spec.accessModes
        """,
    ),
    *table(
        SPEC.replace("name: a", "name: a, annotations: {*: fast}").replace(", *}", "}"),
        f"""
        deprecated-storage-class-annotation | x | {NOTE} | Warning metadata.annotations[{NOTE}]
        """,
    ),
]
UPDATES = [
    ("", SPEC, "volumeName: ''", "volumeName: a", ""),
    ("", SPEC, "storageClassName: null", "storageClassName: ''", ""),
    ("", SPEC, "selector: null", "volumeMode: Filesystem", ""),
    ("", SIZE, "5Gi", "6Gi", ""),
    ("", SIZE, "8Gi", "6Gi", ""),
    ("", SIZE, "5Gi", "5368709120", ""),
    ("changed-volume-claim", SPEC, "volumeName: b", "volumeName: a", "Forbidden spec"),
    ("changed-volume-claim", SPEC, "storageClassName: ''", "storageClassName: fast", "Forbidden spec"),
    ("changed-volume-claim", SPEC, "selector: null", "selector: {}", "Forbidden spec"),
    ("changed-volume-claim", SIZE, "5Gi", "5Gi, cpu: 1", "Forbidden spec"),
    ("changed-volume-claim", SIZE.replace("Bound", "Pending"), "5Gi", "6Gi", "Forbidden spec"),
    ("changed-volume-claim-mode", SPEC, "volumeMode: null", "volumeMode: Block", "Invalid volumeMode, Forbidden spec"),
    ("insufficient-volume-claim-storage", SIZE, "8Gi", "5120Mi", "Forbidden spec.resources.requests.storage"),
]


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


@pytest.mark.parametrize(("code", "frame", "old", "new", "says"), UPDATES)
def test_update(code: str, frame: str, old: str, new: str, says: str) -> None:
    found = said_of_update(frame.replace("*", old), frame.replace("*", new))
    assert {each.partition(" ")[2] for each in found} == set(filter(None, says.split(", ")))
    assert code in {each.partition(" ")[0] for each in found} | {""}


def test_the_field_can_replace_the_annotation() -> None:
    old = ANNOTATED.replace(", *}", "}")
    assert said_of_update(old, SPEC.replace("*", "storageClassName: fast")) == set()
    changed = f"changed-storage-class-annotation Invalid metadata.annotations.{NOTE}"
    assert said_of_update(old, SPEC.replace(", *}", "}")) == {changed}


def test_a_volume_attributes_class_that_was_applied_is_kept() -> None:
    old, other, none = (BOUND.replace("*", f"volumeAttributesClassName: {name}") for name in ("gold", "silver", "null"))
    applied = old.replace("phase:", "currentVolumeAttributesClassName: gold, phase:")
    assert said_of_update(applied, other) == set()
    assert said_of_update(old, none) == set()
    changed = "changed-volume-attributes-class Forbidden spec.volumeAttributesClassName"
    assert said_of_update(applied, none) == {changed}
    assert said_of_update(old, other, "1.33") == {changed}


def test_every_rule_has_a_row() -> None:
    shown = {update[0] for update in UPDATES if update[0]} | {
        "changed-storage-class-annotation",
        "changed-volume-attributes-class",
    }
    assert untested(ROWS, persistent_volume_claim) == shown


@pytest.mark.parametrize(
    ("part", "minor", "field"),
    [
        ("dataSource: {kind: Dump, name: a, apiGroup: x.io}", "1.37", "spec.dataSource"),
        ("dataSourceRef: {kind: Dump, name: a, apiGroup: x.io, namespace: b}", "1.37", "spec.dataSourceRef"),
        ("volumeAttributesClassName: gold", "1.33", "spec.volumeAttributesClassName"),
    ],
)
def test_what_the_server_drops_is_reported(part: str, minor: str, field: str) -> None:
    problems = validate(read_first(SPEC.replace("*", part)).root, minor)
    assert [(each.code, each.field) for each in problems] == [("dropped-field", field)]


def test_what_an_old_claim_uses_is_kept() -> None:
    wrong = SPEC.replace("*", "dataSourceRef: {kind: Dump, name: a, apiGroup: X_}")
    assert said_of_update(wrong, wrong) == set()
    assert any("api-group" in each for each in said(wrong))
    classed = SPEC.replace("*", "volumeAttributesClassName: A_")
    assert said_of_update(classed, classed, "1.33") == {
        "invalid-volume-claim-class-name Invalid spec.volumeAttributesClassName"
    }


def test_both_data_sources_are_stored() -> None:
    document = read_first(SPEC.replace("*", "dataSource: {kind: PersistentVolumeClaim, name: a}"))
    spec = prepared(document.root, "PersistentVolumeClaim", "1.37").root.map("spec")
    assert spec["dataSourceRef"] == spec["dataSource"] == {"kind": "PersistentVolumeClaim", "name": "a"}


def test_a_fraction_of_a_byte_is_warned_about() -> None:
    text = SPEC.replace("5Gi", "100m").replace(", *", "")
    assert said(text) == {"fractional-volume-claim-storage Warning spec.resources.requests[storage]"}
