from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import bindings
from tests.kubernetes.manifests import untested
from tests.kubernetes.objects import check, table

FRAME = "{apiVersion: rbac.authorization.k8s.io/v1, kind: KIND, metadata: {name: 'a:b'}, PART}"
REF = "roleRef: {kind: ClusterRole, name: a}"
ROLE = FRAME.replace("KIND", "RoleBinding").replace("PART", "*")
CLUSTER_ROLE = FRAME.replace("KIND", "ClusterRoleBinding").replace("PART", "*")
SUBJECT = FRAME.replace("KIND", "RoleBinding").replace("PART", f"{REF}, subjects: [*]")
CLUSTER_SUBJECT = FRAME.replace("KIND", "ClusterRoleBinding").replace("PART", f"{REF}, subjects: [*]")

ROWS = [
    *table(
        ROLE,
        """
        invalid-role-ref-kind | roleRef: {kind: Role, name: a} | roleRef: {kind: role, name: a} | NotSupported roleRef.kind
        invalid-role-ref-kind | roleRef: {kind: ClusterRole, name: a} | roleRef: {name: a} | NotSupported roleRef.kind
        missing-role-ref-name | roleRef: {kind: Role, name: ' '} | roleRef: {kind: Role, name: ''} | Required roleRef.name
        missing-role-ref-name | roleRef: {kind: Role, name: a} | subjects: [] | NotSupported roleRef.kind, Required roleRef.name
        invalid-role-ref-name | roleRef: {kind: Role, name: 'a:B ...'} | roleRef: {kind: Role, name: a/b} | Invalid roleRef.name
        invalid-role-ref-name | roleRef: {kind: Role, name: ...} | roleRef: {kind: Role, name: ..} | Invalid roleRef.name
        invalid-role-ref-api-group | roleRef: {kind: Role, name: a, apiGroup: ''} | roleRef: {kind: Role, name: a, apiGroup: apps} | NotSupported roleRef.apiGroup
        invalid-role-ref-api-group | roleRef: {kind: Role, name: a, apiGroup: rbac.authorization.k8s.io} | roleRef: {kind: Role, name: a, apiGroup: rbac.authorization.k8s.io/v1} | NotSupported roleRef.apiGroup
        """,
    ),
    *table(
        CLUSTER_ROLE,
        "invalid-role-ref-kind | roleRef: {kind: ClusterRole, name: a} | roleRef: {kind: Role, name: a} | NotSupported roleRef.kind",
    ),
    *table(
        SUBJECT,
        """
        invalid-subject-kind | {kind: User, name: a} | {kind: user, name: a} | NotSupported subjects[0].kind
        invalid-subject-kind | {kind: Group, name: a} | {name: a, apiGroup: b} | NotSupported subjects[0].kind
        missing-subject-name | {kind: User, name: ' '} | {kind: User} | Required subjects[0].name
        missing-subject-name | {kind: ServiceAccount, name: a} | {kind: ServiceAccount, name: ''} | Required subjects[0].name
        invalid-subject-name | {kind: ServiceAccount, name: <253>} | {kind: ServiceAccount, name: <254>} | Invalid subjects[0].name
        invalid-subject-name | {kind: User, name: A_} | {kind: ServiceAccount, name: A_} | Invalid subjects[0].name
        invalid-subject-api-group | {kind: ServiceAccount, name: a, apiGroup: ''} | {kind: ServiceAccount, name: a, apiGroup: rbac.authorization.k8s.io} | NotSupported subjects[0].apiGroup
        invalid-subject-api-group | {kind: Group, name: a, apiGroup: rbac.authorization.k8s.io} | {kind: Group, name: a, apiGroup: v1} | NotSupported subjects[0].apiGroup
        """,
    ),
    *table(
        CLUSTER_SUBJECT,
        """
        missing-subject-namespace | {kind: ServiceAccount, name: a, namespace: b} | {kind: ServiceAccount, name: a} | Required subjects[0].namespace
        missing-subject-namespace | {kind: User, name: a} | {kind: ServiceAccount, name: a, namespace: ''} | Required subjects[0].namespace
        """,
    ),
]


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, bindings) == {"changed-role-ref"}  # test_companion_updates.py


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)
