from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import ingress_class
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, said_of_update, table

FRAME = "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: a}, spec: {*}}"
CLASS = FRAME.replace("*", "controller: a.io/b, *")
PARAMETERS = CLASS.replace("*", "parameters: {*}")
NAMED = PARAMETERS.replace("*", "kind: ConfigMap, name: a, *")
LONG = "x" * 245

ROWS = [
    *table(
        FRAME,
        f"""
        invalid-ingress-class-controller | controller: a.io/b/c | controller: a.io | Invalid spec.controller
        invalid-ingress-class-controller | controller: a.io/b | controller: '' | Required spec.controller
        invalid-ingress-class-controller | controller: a.io/{LONG} | controller: a.io/{LONG}x | TooLong spec.controller
        """,
    ),
    *table(
        PARAMETERS,
        """
        missing-ingress-parameters-field | kind: ConfigMap, name: a | kind: '', name: a | Required spec.parameters.kind
        missing-ingress-parameters-field | kind: ConfigMap, name: a | kind: ConfigMap | Required spec.parameters.name
        invalid-ingress-parameters-name | kind: A b, name: a | kind: A/b, name: a | Invalid spec.parameters.kind
        invalid-ingress-parameters-name | kind: A, name: '...' | kind: A, name: .. | Invalid spec.parameters.name
        """,
    ),
    *table(
        NAMED,
        """
        invalid-ingress-parameters-group | apiGroup: a.io | apiGroup: '' | Invalid spec.parameters.apiGroup
        invalid-ingress-parameters-scope | scope: Cluster | scope: cluster | NotSupported spec.parameters.scope
        invalid-ingress-parameters-scope | scope: null | scope: '' | NotSupported spec.parameters.scope
        invalid-ingress-parameters-namespace | scope: Namespace, namespace: <63> | scope: Namespace, namespace: <64> | Invalid spec.parameters.namespace
        invalid-ingress-parameters-namespace | scope: Namespace, namespace: a | scope: Namespace | Required spec.parameters.namespace
        forbidden-ingress-parameters-namespace | scope: Namespace, namespace: a | scope: Cluster, namespace: a | Forbidden spec.parameters.namespace
        forbidden-ingress-parameters-namespace | namespace: null | namespace: '' | Forbidden spec.parameters.namespace
        """,
    ),
]


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, ingress_class) == {"changed-ingress-class-controller"}


def test_a_class_without_a_spec_has_no_controller() -> None:
    assert said("{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: a}}") == {
        "invalid-ingress-class-controller Required spec.controller"
    }


def test_update() -> None:
    old, new = (FRAME.replace("*", f"controller: a.io/{name}") for name in ("a", "b"))
    assert said_of_update(old, old.replace("}}", ", parameters: {kind: A, name: a}}}")) == set()
    assert said_of_update(old, new) == {"changed-ingress-class-controller Invalid spec.controller"}


def test_an_update_excuses_nothing() -> None:
    wrong = FRAME.replace("*", "controller: a")
    assert said_of_update(wrong, wrong) == said(wrong) != set()
