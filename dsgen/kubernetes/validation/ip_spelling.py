"""IP addresses that the server takes, in another spelling than their own."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "k8s.io/apimachinery/pkg/util/validation: GetWarningsForIP"
# The first minor that refuses leading zeros and IPv4 addresses in IPv6 form; those before it only warn.
STRICT_MINOR = 36


@rule("non-canonical-nameserver", "pod", source=SOURCE, when="dnsConfig", severity="warning")
def non_canonical_nameserver(pod: FieldRef) -> Iterator[FieldError]:
    """`dnsConfig.nameservers` are written in the usual form: IPv6 in lower case and as short as can be (`2001:db8::1`), IPv4
    without leading zeros.
    """
    config = pod.child("dnsConfig")
    for index, address in enumerate(config.get("nameservers", ()) if config else ()):
        for message in odd_spelling(address, pod.pod.minor):
            yield pod.warning(("dnsConfig", "nameservers", index), message)


@rule("non-canonical-host-alias-ip", "host-alias", source=SOURCE, severity="warning")
def non_canonical_host_alias_ip(alias: FieldRef) -> Iterator[FieldError]:
    """The `ip` of a host alias is written in the usual form: IPv6 in lower case and as short as can be (`2001:db8::1`), IPv4
    without leading zeros.
    """
    for message in odd_spelling(alias.get("ip", ""), alias.pod.minor):
        yield alias.warning("ip", message)


def odd_spelling(text: str, minor: int) -> list[str]:
    """Return how the IP address would be written better; nothing for a right one, nor for one that is refused anyway."""
    if formats.ip_address(text, minor):
        return []
    if messages := formats.ip_address(text, STRICT_MINOR):
        return [f"{message}; refused from 1.36 on" for message in messages]
    if ":" not in text:
        return []
    import ipaddress  # loaded only for the few manifests that state IPv6 addresses

    usual = str(ipaddress.IPv6Address(text))
    return [f"{str(text)!r} is usually written `{usual}`"] if usual != text else []
