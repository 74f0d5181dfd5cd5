from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import metadata, ownership
from tests.kubernetes.manifests import check, daemonset, said, table, untested

OWNER = "name: agent, ownerReferences: [{*}]"
ROWS = [
    *table(
        "metadata",
        "*",
        """
        missing-object-name | name: agent | namespace: default | Required metadata.name
        missing-object-name | generateName: agent- | name: '' | Required metadata.name
        invalid-object-name | name: <253> | name: <254> | Invalid metadata.name
        invalid-object-name | name: a.b-c.1 | name: A | Invalid metadata.name
        invalid-object-name | name: a-b | name: a_b | Invalid metadata.name
        invalid-object-name | name: a.b | name: a..b | Invalid metadata.name
        invalid-object-name | name: a1 | name: 'a ' | Invalid metadata.name
        invalid-object-name | generateName: 'a' | generateName: '--' | Invalid metadata.name
        invalid-generate-name | generateName: ab- | generateName: a. | Invalid metadata.generateName
        invalid-generate-name | {name: a, generateName: b} | {name: a, generateName: A} | Invalid metadata.generateName
        invalid-namespace-name | {name: a, namespace: <63>} | {name: a, namespace: <64>} | Invalid metadata.namespace
        invalid-namespace-name | {name: a, namespace: ''} | {name: a, namespace: a.b} | Invalid metadata.namespace
        """.replace("{", "").replace("}", ""),
    ),
    *table(
        "metadata",
        "name: agent, labels: {*}",
        """
        invalid-label | <63>: '' | <64>: '' | Invalid metadata.labels
        invalid-label | a: <63> | a: <64> | Invalid metadata.labels
        invalid-label | example.com/A_b.c: A-b_c.d | example.com/: x | Invalid metadata.labels
        invalid-label | <253>/x: '1' | <254>/x: '1' | Invalid metadata.labels
        invalid-label | a.b/c: x | A.b/c: x | Invalid metadata.labels
        invalid-label | a/b: x | a/b/c: x | Invalid metadata.labels
        invalid-label | a: x.y | a: -x | Invalid metadata.labels
        invalid-label | a: '' | '': a | Invalid metadata.labels
        """,
    ),
    *table(
        "metadata",
        "name: agent, annotations: {*}",
        """
        invalid-annotation-key | Example.com/note: 'any text, of any length' | a b: x | Invalid metadata.annotations
        invalid-annotation-key | A: x | /a: x | Invalid metadata.annotations
        too-large-annotations | a: <262143> | a: <262144> | TooLong metadata.annotations
        """,
    ),
    *table(
        "metadata",
        OWNER,
        """
        invalid-owner-api-version | apiVersion: apps/v1, kind: A, name: a, uid: u | apiVersion: a/b/c, kind: A, name: a, uid: u | Invalid metadata.ownerReferences[0].apiVersion
        invalid-owner-api-version | apiVersion: v1, kind: A, name: a, uid: u | apiVersion: apps/, kind: A, name: a, uid: u | Invalid metadata.ownerReferences[0].apiVersion
        invalid-owner-api-version | apiVersion: v1, kind: A, name: a, uid: u | kind: A, name: a, uid: u | Required metadata.ownerReferences[0].apiVersion
        missing-owner-field | apiVersion: v1, kind: A, name: a, uid: u | apiVersion: v1, kind: A, name: a | Required metadata.ownerReferences[0].uid
        missing-owner-field | apiVersion: v1, kind: A, name: a, uid: u | apiVersion: v1, name: a, uid: u | Required metadata.ownerReferences[0].kind
        forbidden-owner-kind | apiVersion: events.k8s.io/v1, kind: Event, name: a, uid: u | apiVersion: v1, kind: Event, name: a, uid: u | Invalid metadata.ownerReferences[0]
        conflicting-controllers | apiVersion: v1, kind: A, name: a, uid: u, controller: true}, {apiVersion: v1, kind: A, name: a, uid: u, controller: false | apiVersion: v1, kind: A, name: a, uid: u, controller: true}, {apiVersion: v1, kind: A, name: b, uid: v, controller: true | Invalid metadata.ownerReferences
        """,
    ),
    *table(
        "metadata",
        "name: agent, finalizers: [*]",
        """
        invalid-finalizer-name | a.b/c | a.b/-c | Invalid metadata.finalizers
        unknown-finalizer | orphan, orphan | orphans | Invalid metadata.finalizers[0]
        conflicting-finalizers | foregroundDeletion | orphan, foregroundDeletion | Invalid metadata.finalizers
        """,
    ),
    *table(
        "metadata",
        "name: agent, managedFields: [{*}]",
        """
        invalid-managed-fields-operation | operation: Apply | manager: a | Required metadata.managedFields[0].operation
        invalid-managed-fields-operation | operation: Update | operation: update | NotSupported metadata.managedFields[0].operation
        invalid-managed-fields-type | operation: Update, fieldsType: FieldsV1 | operation: Update, fieldsType: V1 | Invalid metadata.managedFields[0].fieldsType
        too-long-managed-fields-name | operation: Update, manager: <128> | operation: Update, manager: <129> | TooLong metadata.managedFields[0].manager
        too-long-managed-fields-name | operation: Update, subresource: <256> | operation: Update, subresource: <257> | TooLong metadata.managedFields[0].subresource
        invalid-managed-fields-manager | operation: Update, manager: 'é b' | operation: Update, manager: "\\u0007" | Invalid metadata.managedFields[0].manager
        """,
    ),
]


def test_every_rule_has_a_row() -> None:
    # The generation of a DaemonSet is never looked at, and its kind is no custom one: see the tests of other kinds.
    assert untested(ROWS, metadata, ownership) == {
        "out-of-range-generation",
        "unprefixed-finalizer",
        "non-canonical-workload-name",
    }


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_before_1_37_owners_have_no_index_and_every_fault_is_of_one_kind() -> None:
    text = daemonset("name: agent, ownerReferences: [{kind: Event}], managedFields: [{operation: x}, {}]")
    assert said(text, "1.36") == {
        "invalid-owner-api-version Invalid metadata.ownerReferences.apiVersion",
        "missing-owner-field Invalid metadata.ownerReferences.name",
        "missing-owner-field Invalid metadata.ownerReferences.uid",
        "invalid-managed-fields-operation Invalid metadata.managedFields[0].operation",
        "invalid-managed-fields-operation Invalid metadata.managedFields[1].operation",
    }


def test_a_long_generated_name_is_cut() -> None:
    assert said(daemonset("generateName: <252>-")) == set()
    assert said(daemonset(f"generateName: {'a' * 56}.-b")) == {
        "invalid-generate-name Invalid metadata.generateName",
        "invalid-object-name Invalid metadata.name",
    }


@pytest.mark.parametrize(
    ("kind", "label", "finalizer"),
    [
        ("apiVersion: storage.k8s.io/v1, kind: CSINode", True, True),
        ("apiVersion: coordination.k8s.io/v1beta1, kind: LeaseCandidate", True, False),
        ("apiVersion: v1, kind: Binding", False, False),
        ("apiVersion: authentication.k8s.io/v1, kind: TokenReview", False, False),
    ],
)
def test_kinds_without_rules_of_their_own(kind: str, label: bool, finalizer: bool) -> None:
    """Of what is not kept, no metadata are validated; of candidates for leases, the finalizers are those of Kubernetes' generic library."""
    found = said(f"{{{kind}, metadata: {{name: a, labels: {{-: b}}, finalizers: [cleanup]}}}}")
    expected = {
        "invalid-label Invalid metadata.labels": label,
        "unknown-finalizer Invalid metadata.finalizers[0]": finalizer,
    }
    assert found == {each for each, is_said in expected.items() if is_said}
