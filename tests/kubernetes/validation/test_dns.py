from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import dns
from tests.kubernetes.pods import check, found, refused, table, untested

POLICY = table(
    "dnsPolicy: None\n*",
    """
    missing-dns-config | dnsConfig: {nameservers: [1.1.1.1]} | dnsConfig: ~ | Required dnsConfig
    missing-dns-config | dnsConfig: {nameservers: [1.1.1.1]} | dnsConfig: {searches: [A], options: [{}]} | Required dnsConfig.nameservers
    """,
)
CONFIG = table(
    "dnsConfig: {*}",
    """
    too-many-nameservers | nameservers: [1.1.1.1, 1.1.1.1, 1.1.1.1] | nameservers: [1.1.1.1, 1.1.1.1, 1.1.1.1, 1.1.1.1] | Invalid dnsConfig.nameservers
    invalid-nameserver | nameservers: [1.2.3.4] | nameservers: [1.2.3] | Invalid dnsConfig.nameservers[0]
    invalid-nameserver | nameservers: ['fe80::1'] | nameservers: ['fe80::1%eth0'] | Invalid dnsConfig.nameservers[0]
    invalid-nameserver | nameservers: [1.2.3.255] | nameservers: [1.2.3.256] | Invalid dnsConfig.nameservers[0]
    invalid-nameserver | nameservers: [1.2.3.4] | nameservers: [1.2.3.04] | Invalid dnsConfig.nameservers[0]
    invalid-nameserver | nameservers: ['::'] | nameservers: ['::ffff:1.2.3.4'] | Invalid dnsConfig.nameservers[0]
    too-long-search-list | searches: [SEARCHES] | searches: [SEARCHES, a] | Invalid dnsConfig.searches
    too-long-search-list | searches: [<200>, <200>, <200>, <200>, <200>, <200>, <200>, <200>, <200>, <200>, <38>] | searches: [<200>, <200>, <200>, <200>, <200>, <200>, <200>, <200>, <200>, <200>, <39>] | Invalid dnsConfig.searches
    invalid-search-domain | searches: ['.', a., _a.b_c] | searches: [a..] | Invalid dnsConfig.searches[0]
    invalid-search-domain | searches: [<253>.] | searches: [<254>] | Invalid dnsConfig.searches[0]
    invalid-search-domain | searches: [a] | searches: [A] | Invalid dnsConfig.searches[0]
    invalid-search-domain | searches: [a] | searches: [''] | Invalid dnsConfig.searches[0]
    missing-dns-option-name | options: [{name: Any text}] | options: [{value: a}] | Required dnsConfig.options[0]
    non-canonical-nameserver | nameservers: ['2001:db8::1'] | nameservers: ['2001:DB8::1'] | Warning dnsConfig.nameservers[0]
    non-canonical-nameserver | nameservers: ['::102:304'] | nameservers: [1.1.1.1, '::1.2.3.4'] | Warning dnsConfig.nameservers[1]
    """.replace("SEARCHES", ", ".join(["a"] * 32)),
)
ROWS = POLICY + CONFIG


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, dns) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)


@pytest.mark.parametrize("search", ["_a", "a_b", "."])
def test_before_1_33_search_domains_are_dns_subdomains(search: str) -> None:
    pod = f"dnsConfig: {{searches: ['{search}']}}"
    assert refused(pod, "1.33") == set()
    assert refused(pod, "1.32") == {("invalid-search-domain", "Invalid dnsConfig.searches[0]")}


@pytest.mark.parametrize("address", ["01.2.3.4", "::ffff:1.2.3.4", "::FFFF:102:304", "2001:00db8::00000"])
def test_before_1_36_odd_addresses_are_accepted(address: str) -> None:
    pod = f"dnsConfig: {{nameservers: ['{address}']}}"
    assert found(pod, "1.36") == {("invalid-nameserver", "Invalid dnsConfig.nameservers[0]")}
    assert found(pod, "1.35") == {("non-canonical-nameserver", "Warning dnsConfig.nameservers[0]")}
