from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import host_aliases
from tests.kubernetes.pods import check, found, table, untested

ALIASES = table(
    "hostAliases: [*]",
    """
    invalid-host-alias-ip | {ip: 1.2.3.4} | {ip: 1.2.3.4.5} | Invalid hostAliases[0].ip
    invalid-host-alias-ip | {ip: '::1', hostnames: []} | {ip: '::1%lo', hostnames: []} | Invalid hostAliases[0].ip
    invalid-host-alias-ip | {ip: 1.2.3.4} | {hostnames: [a]} | Invalid hostAliases[0].ip
    invalid-host-alias-ip | {ip: 1.2.3.4} | {ip: 1.2.3.04} | Invalid hostAliases[0].ip
    invalid-host-alias-hostname | {ip: 1.2.3.4, hostnames: [a.b, <253>]} | {ip: 1.2.3.4, hostnames: [a.b, <254>]} | Invalid hostAliases[0].hostnames[1]
    invalid-host-alias-hostname | {ip: 1.2.3.4, hostnames: [a-b]} | {ip: 1.2.3.4, hostnames: [a_b]} | Invalid hostAliases[0].hostnames[0]
    duplicate-host-alias | {ip: 1.2.3.4}, {ip: 1.2.3.5} | {ip: 1.2.3.4}, {ip: 1.2.3.4} | Warning hostAliases[1].ip
    non-canonical-host-alias-ip | {ip: '2001:db8::1'} | {ip: '2001:0db8::1'} | Warning hostAliases[0].ip
    """,
)
ROWS = ALIASES


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, host_aliases) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)


def test_before_1_36_leading_zeros_are_accepted() -> None:
    pod = "hostAliases: [{ip: 10.0.0.01}]"
    assert found(pod, "1.35") == {("non-canonical-host-alias-ip", "Warning hostAliases[0].ip")}
    assert found(pod, "1.36") == {("invalid-host-alias-ip", "Invalid hostAliases[0].ip")}
