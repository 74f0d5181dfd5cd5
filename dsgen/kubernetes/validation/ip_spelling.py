"""IP addresses that the server accepts, but that are not in canonical form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.canonical_ip import odd_spelling
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("dnsConfig", "hostAliases")

SOURCE = "k8s.io/apimachinery/pkg/util/validation: GetWarningsForIP"


@rule("pod", source=SOURCE, when="dnsConfig", severity="warning")
def non_canonical_nameserver(pod: FieldRef) -> Iterator[FieldError]:
    """`dnsConfig.nameservers` should be in canonical form: IPv6 in lower case and as short as possible (`2001:db8::1`),
    IPv4 without leading zeros.
    """
    config = pod.child("dnsConfig")
    for index, address in enumerate(config.get("nameservers", ()) if config else ()):
        for message in odd_spelling(address, pod.pod.minor):
            yield pod.warning(("dnsConfig", "nameservers", index), message)


@rule("pod.hostAliases", source=SOURCE, severity="warning")
def non_canonical_host_alias_ip(alias: FieldRef) -> Iterator[FieldError]:
    """The `ip` of a host alias should be in canonical form: IPv6 in lower case and as short as possible
    (`2001:db8::1`), IPv4 without leading zeros.
    """
    for message in odd_spelling(alias.get("ip", ""), alias.pod.minor):
        yield alias.warning("ip", message)
