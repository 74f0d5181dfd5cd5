from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import priority_level
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, said_of_update, table

FRAME = (
    "{apiVersion: flowcontrol.apiserver.k8s.io/v1, kind: PriorityLevelConfiguration, metadata: {name: a}, spec: {*}}"
)
LIMITED = "type: Limited, limited: {limitResponse: {type: Reject}}"
LIMITS = FRAME.replace("*", "type: Limited, limited: {limitResponse: {type: Reject}, *}")
RESPONSE = FRAME.replace("*", "type: Limited, limited: {limitResponse: {*}}")
QUEUING = RESPONSE.replace("*", "type: Queue, queuing: {*}")
PRESERVED_ZERO = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares"

ROWS = [
    *table(
        FRAME,
        f"""
        invalid-priority-level-type | {LIMITED} | {LIMITED.replace("type: Limited", "type: ''")} | Required spec.type, Forbidden spec.limited
        invalid-priority-level-type | {LIMITED} | type: Exempt | Invalid spec.type
        invalid-priority-level-type | {LIMITED} | type: limited | NotSupported spec.type
        conflicting-priority-level-types | {LIMITED} | {LIMITED}, exempt: {{}} | Forbidden spec.exempt
        conflicting-priority-level-types | {LIMITED} | type: Limited | Required spec.limited
        """,
    ),
    *table(
        LIMITS,
        """
        out-of-range-concurrency-limit | nominalConcurrencyShares: 0 | nominalConcurrencyShares: -1 | Invalid spec.limited.nominalConcurrencyShares
        out-of-range-concurrency-limit | lendablePercent: 100 | lendablePercent: 101 | Invalid spec.limited.lendablePercent
        out-of-range-concurrency-limit | lendablePercent: 0 | lendablePercent: -1 | Invalid spec.limited.lendablePercent
        out-of-range-concurrency-limit | borrowingLimitPercent: 0 | borrowingLimitPercent: -1 | Invalid spec.limited.borrowingLimitPercent
        """,
    ),
    *table(
        RESPONSE,
        """
        invalid-limit-response | type: Reject | type: reject | NotSupported spec.limited.limitResponse.type
        invalid-limit-response | type: Queue, queuing: {} | type: Queue | Required spec.limited.limitResponse.queuing
        invalid-limit-response | type: Reject | type: Reject, queuing: {} | Forbidden spec.limited.limitResponse.queuing
        """,
    ),
    *table(
        QUEUING,
        """
        out-of-range-queues | queues: 10000000, handSize: 1 | queues: 10000001, handSize: 1 | Invalid spec.limited.limitResponse.queuing.queues
        out-of-range-queues | queueLengthLimit: 0 | queueLengthLimit: -1 | Invalid spec.limited.limitResponse.queuing.queueLengthLimit
        out-of-range-hand-size | handSize: 10 | handSize: 11 | Invalid spec.limited.limitResponse.queuing.handSize
        out-of-range-hand-size | queues: 8 | queues: 7 | Invalid spec.limited.limitResponse.queuing.handSize
        """,
    ),
]


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, priority_level) == {
        "changed-mandatory-priority-level",
        "forbidden-preserve-zero-annotation",
    }


@pytest.mark.parametrize(
    ("name", "spec", "is_valid"),
    [
        ("exempt", "type: Exempt", True),
        ("exempt", "type: Exempt, exempt: {nominalConcurrencyShares: 7}", True),
        ("exempt", "type: Exempt, limited: {limitResponse: {type: Reject}}", False),
        ("catch-all", LIMITED.replace("limited: {", "limited: {nominalConcurrencyShares: 5, "), True),
        ("catch-all", LIMITED, False),
        ("catch-all", LIMITED.replace("limited: {", "limited: {nominalConcurrencyShares: 6, "), False),
    ],
)
def test_mandatory_levels_are_fixed(name: str, spec: str, is_valid: bool) -> None:
    found = said(FRAME.replace("name: a", f"name: {name}").replace("*", spec))
    assert ("changed-mandatory-priority-level Invalid spec" not in found) == is_valid
    assert not is_valid or not found


def test_an_annotation_of_the_removed_version_is_forbidden() -> None:
    text = FRAME.replace("*", LIMITED).replace("name: a", f"name: a, annotations: {{{PRESERVED_ZERO}: ''}}")
    assert said(text) == {"forbidden-preserve-zero-annotation Forbidden metadata.annotations"}


class TestUnions:
    """Since 1.37, what the type does not allow is reported whatever the type is, but not again in an update that leaves it as it is."""

    WRONG = FRAME.replace("*", "type: x, limited: {limitResponse: {queuing: {}}}")
    NESTED = ("Required spec.limited.limitResponse.type", "Forbidden spec.limited.limitResponse.queuing")

    def test_a_new_object(self) -> None:
        found = {each.partition(" ")[2] for each in said(self.WRONG)}
        assert found == {"NotSupported spec.type", "Forbidden spec.limited", *self.NESTED}

    def test_before(self) -> None:
        assert {each.partition(" ")[2] for each in said(self.WRONG, "1.36")} == {"NotSupported spec.type"}

    def test_an_update(self) -> None:
        kept = {each.partition(" ")[2] for each in said_of_update(self.WRONG, self.WRONG)}
        assert kept == {"NotSupported spec.type"}
        changed = {each.partition(" ")[2] for each in said_of_update(FRAME.replace("*", LIMITED), self.WRONG)}
        assert changed == {"NotSupported spec.type", "Forbidden spec.limited", *self.NESTED}


@pytest.mark.parametrize(("minor", "type"), [("1.35", "NotSupported"), ("1.36", "Required")])
def test_an_empty_type(minor: str, type: str) -> None:
    found = said(FRAME.replace("*", "limited: {limitResponse: {type: Reject}}"), minor)
    assert found == {f"invalid-priority-level-type {type} spec.type"}
