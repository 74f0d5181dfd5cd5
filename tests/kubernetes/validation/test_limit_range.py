from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.kubernetes.validation.companions import limit_range
from dsgen.plain import plain
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, said_of_update, table

FRAME = "{apiVersion: v1, kind: LimitRange, metadata: {name: a}, spec: {limits: [*]}}"
CONTAINER = FRAME.replace("*", "{type: Container, *}")
POD = FRAME.replace("*", "{type: Pod, *}")
OTHER = FRAME.replace("*", "{type: a/b, *}")

ROWS = [
    *table(
        FRAME,
        """
        invalid-limit-range-type | {type: x.io/Volume} | {type: Volume} | Invalid spec.limits[0].type
        invalid-limit-range-type | {type: Pod} | {} | Invalid spec.limits[0].type
        duplicate-limit-range-type | {type: Pod}, {type: Container} | {type: Pod}, {type: Container}, {type: Pod} | Duplicate spec.limits[2].type
        missing-claim-storage-limit | {type: PersistentVolumeClaim, max: {storage: 1}} | {type: PersistentVolumeClaim, default: {storage: 1}} | Required spec.limits[0].limits
        """,
    ),
    *table(
        POD,
        """
        invalid-limit-range-resource | max: {x.io/gpu: 1} | max: {gpu: 1} | Invalid spec.limits[0].max[gpu]
        invalid-limit-range-resource | min: {hugepages-2Mi: 1} | min: {storage: 1} | Invalid spec.limits[0].min[storage]
        invalid-limit-range-resource | max: {x.io/a: null} | max: {requests.x.io/a: 1} | Invalid spec.limits[0].max[requests.x.io/a]
        forbidden-pod-default | default: {} | default: {x: 1} | Forbidden spec.limits[0].default
        excessive-minimum | min: {cpu: 1}, max: {cpu: 1000m} | min: {cpu: 1}, max: {cpu: 999m} | Invalid spec.limits[0].min[cpu]
        out-of-range-limit-request-ratio | maxLimitRequestRatio: {cpu: 1} | maxLimitRequestRatio: {cpu: 999m} | Invalid spec.limits[0].maxLimitRequestRatio[cpu]
        out-of-range-limit-request-ratio | min: {cpu: 2}, max: {cpu: 3}, maxLimitRequestRatio: {cpu: 1.5} | min: {cpu: 2}, max: {cpu: 3}, maxLimitRequestRatio: {cpu: 1.501} | Invalid spec.limits[0].maxLimitRequestRatio[cpu]
        out-of-range-limit-request-ratio | min: {cpu: 0}, max: {cpu: 1}, maxLimitRequestRatio: {cpu: 1M} | min: {cpu: 0}, max: {cpu: -1}, maxLimitRequestRatio: {cpu: 1} | Invalid spec.limits[0].min[cpu], Invalid spec.limits[0].maxLimitRequestRatio[cpu]
        """,
    ),
    *table(
        OTHER,
        """
        invalid-limit-range-resource | max: {storage: 1} | max: {gpu: 1} | Invalid spec.limits[0].max[gpu]
        out-of-range-default-request | defaultRequest: {cpu: 1}, min: {cpu: 1} | defaultRequest: {cpu: 1}, min: {cpu: 1001m} | Invalid spec.limits[0].defaultRequest[cpu]
        out-of-range-default-request | defaultRequest: {cpu: 1}, max: {cpu: 1} | defaultRequest: {cpu: 1}, max: {cpu: 999m} | Invalid spec.limits[0].defaultRequest[cpu]
        out-of-range-default-request | defaultRequest: {cpu: 1}, default: {cpu: 1} | defaultRequest: {cpu: 1}, default: {cpu: 0} | Invalid spec.limits[0].defaultRequest[cpu]
        out-of-range-default-limit | default: {cpu: 1}, min: {cpu: 1} | default: {cpu: 1}, min: {cpu: 2} | Invalid spec.limits[0].default[cpu]
        out-of-range-default-limit | default: {cpu: 1}, max: {cpu: 1} | default: {cpu: 2}, max: {cpu: 1} | Invalid spec.limits[0].default[cpu]
        mismatched-default-request | default: {x.io/a: 1}, defaultRequest: {x.io/a: 1} | default: {x.io/a: 2}, defaultRequest: {x.io/a: 1} | Invalid spec.limits[0].defaultRequest[x.io/a]
        """,
    ),
]


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, limit_range) == set()


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_defaults_of_containers() -> None:
    text = fill(CONTAINER, "max: {cpu: 2, memory: 1Gi}, default: {memory: 1.0001}, min: {storage: 1, cpu: 1}")
    tree = plain(defaulted(read_first(text).root, kind="LimitRange"))
    assert isinstance(tree, dict)
    limit = tree["spec"]["limits"][0]
    assert limit["default"] == {"memory": "1001m", "cpu": 2}
    assert limit["defaultRequest"] == {"memory": "1001m", "cpu": 2, "storage": 1}


def test_an_error_of_a_default_is_where_it_comes_from() -> None:
    says = "out-of-range-default-request Invalid spec.limits[0].defaultRequest[cpu]"
    assert says in said(fill(CONTAINER, "max: {cpu: 1}, min: {cpu: 2}"))


def test_a_new_one_needs_no_name() -> None:
    nameless = fill(POD, "").replace("{name: a}", "{}")
    assert said(nameless) == set()
    assert "missing-object-name Required metadata.name" in said_of_update(nameless, nameless)
