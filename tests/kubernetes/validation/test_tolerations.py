from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import tolerations
from tests.kubernetes.pods import check, refused, table, untested

TOLERATIONS = table(
    "tolerations: [{*}]",
    """
    invalid-toleration-key | key: a.b/C | key: A.b/c | Invalid tolerations[0].key
    invalid-toleration-key | key: <63>, operator: Exists | key: <64>, operator: Exists | Invalid tolerations[0].key
    missing-toleration-key | operator: Exists | operator: Equal | Invalid tolerations[0].operator
    missing-toleration-key | key: a | key: '' | Invalid tolerations[0].operator
    forbidden-toleration-seconds | key: a, tolerationSeconds: -1, effect: NoExecute | key: a, tolerationSeconds: 0, effect: NoSchedule | Invalid tolerations[0].effect
    forbidden-toleration-seconds | key: a, tolerationSeconds: ~ | key: a, tolerationSeconds: 1 | Invalid tolerations[0].effect
    invalid-toleration-value | key: a, value: <63> | key: a, value: <64> | Invalid tolerations[0].operator
    invalid-toleration-value | key: a, operator: Equal, value: a_b | key: a, operator: Equal, value: a_ | Invalid tolerations[0].operator
    invalid-toleration-value | key: a, operator: Exists, value: '' | key: a, operator: Exists, value: a | Invalid tolerations[0].operator
    invalid-toleration-operator | key: a, operator: Exists | key: a, operator: exists | NotSupported tolerations[0].operator
    invalid-toleration-operator | key: a, operator: '' | key: a, operator: Lt, value: '1' | NotSupported tolerations[0].operator
    invalid-toleration-effect | key: a, effect: PreferNoSchedule | key: a, effect: preferNoSchedule | NotSupported tolerations[0].effect
    invalid-toleration-effect | key: a, effect: '' | key: a, effect: NoScheduleNoAdmit | NotSupported tolerations[0].effect
    """,
)
OLD = "tolerations: [{key: a, operator: Gt, value: '1'}]"
COMPARED = table(
    "tolerations: [{key: a, operator: Lt, value: '*'}]",
    """
    invalid-toleration-number | 0                    | -0                   | Invalid tolerations[0].value
    invalid-toleration-number | 9223372036854775807  | 9223372036854775808  | Invalid tolerations[0].value
    invalid-toleration-number | -9223372036854775808 | -9223372036854775809 | Invalid tolerations[0].value
    invalid-toleration-number | 1                    | +1                   | Invalid tolerations[0].value
    invalid-toleration-number | 10                   | 010                  | Invalid tolerations[0].value
    invalid-toleration-number | -5                   | -5.0                 | Invalid tolerations[0].value
    """,
)
ROWS = TOLERATIONS + COMPARED


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, tolerations) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), TOLERATIONS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), COMPARED)
def test_an_update_may_keep_comparisons_with_numbers(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says, OLD)


def test_before_1_35_an_update_may_not_keep_comparisons() -> None:
    assert refused(OLD, "1.35", OLD) == set()
    assert refused(OLD, "1.34", OLD) == {("invalid-toleration-operator", "NotSupported tolerations[0].operator")}


def test_an_empty_toleration_is_refused() -> None:
    assert refused("tolerations: [{}]") == {("missing-toleration-key", "Invalid tolerations[0].operator")}
