"""IP addresses that the server accepts, but that are not in canonical form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("dnsConfig", "hostAliases")

SOURCE = "k8s.io/apimachinery/pkg/util/validation: GetWarningsForIP"
# The first minor that rejects leading zeros and IPv4 addresses in IPv6 form; those before it only warn.
STRICT_MINOR = 36


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


def odd_spelling(text: str, minor: int) -> list[str]:
    """Return a message with the canonical form of the IP address; none if it has this form, or is rejected anyway."""
    if formats.ip_address(text, minor):
        return []
    if messages := formats.ip_address(text, STRICT_MINOR):
        return [f"{message}; rejected since 1.36" for message in messages]
    if ":" not in text:
        return []
    import ipaddress  # loaded only for the few manifests with IPv6 addresses

    usual = str(ipaddress.IPv6Address(text))
    return [f"{str(text)!r} should be written `{usual}`"] if usual != text else []
