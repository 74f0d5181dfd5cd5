from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import runtime_class
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, said_of_update, table

FRAME = "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: a}, *}"
HANDLED = FRAME.replace("*", "handler: runc, *")
OVERHEAD = HANDLED.replace("*", "overhead: {podFixed: {*}}")
SCHEDULING = HANDLED.replace("*", "scheduling: {*}")
TOLERATIONS = SCHEDULING.replace("*", "tolerations: [*]")

ROWS = [
    *table(
        FRAME,
        """
        invalid-handler | handler: <63> | handler: <64> | Invalid handler
        invalid-handler | handler: a | handler: '' | Required handler
        """,
    ),
    *table(
        OVERHEAD,
        """
        invalid-overhead | cpu: 1, a.io/b: 1 | cpu: 1, b: 1 | Invalid overhead.limits[b]
        invalid-overhead | a.io/b: 1000m | a.io/b: 1500m | Invalid overhead.limits[a.io/b]
        invalid-overhead | cpu: 0 | cpu: -1 | Invalid overhead.limits[cpu]
        invalid-overhead | hugepages-2Mi: 4Mi, cpu: 1 | hugepages-2Mi: 3Mi, cpu: 1 | Invalid overhead.limits[hugepages-2Mi]
        invalid-overhead | hugepages-2Mi: 4Mi, cpu: 1 | hugepages-2Mi: 4Mi | Forbidden overhead
        """,
    ),
    *table(
        SCHEDULING,
        """
        invalid-runtime-class-node-selector | nodeSelector: {a: b} | nodeSelector: {a: b c} | Invalid scheduling.nodeSelector
        deprecated-runtime-class-label | nodeSelector: {kubernetes.io/os: linux} | nodeSelector: {beta.kubernetes.io/os: linux} | Warning scheduling.nodeSelector
        """,
    ),
    *table(
        TOLERATIONS,
        """
        duplicate-toleration | {key: a, value: b}, {key: a, value: c} | {key: a}, {key: a, tolerationSeconds: 1, effect: NoExecute}, {key: a, value: ''} | Duplicate scheduling.tolerations[2]
        invalid-toleration-operator | {key: a, operator: Exists} | {key: a, operator: Lt} | NotSupported scheduling.tolerations[0].operator
        missing-toleration-key | {operator: Exists} | {} | Invalid scheduling.tolerations[0].operator
        """,
    ),
]


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, runtime_class) == {"changed-handler"}


def test_update() -> None:
    old, new = (FRAME.replace("*", f"handler: {name}") for name in ("a", "b"))
    assert said_of_update(old, old.replace("name: a", "name: a, labels: {a: b}")) == set()
    assert said_of_update(old, new) == {"changed-handler Invalid handler"}


def test_an_update_excuses_nothing() -> None:
    for frame, part in ((TOLERATIONS, "{key: a, operator: Lt, value: '1'}"), (OVERHEAD, "hugepages-2Mi: 3Mi, cpu: 1")):
        text = frame.replace("*", part)
        assert said_of_update(text, text) == said(text) != set()


def test_a_missing_handler_is_invalid_before_1_36() -> None:
    assert said(FRAME.replace(", *", ""), "1.35") == {"invalid-handler Invalid handler"}
