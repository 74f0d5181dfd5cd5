"""Host aliases: entries of the pod's hosts file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule

LOADED_FOR: Final = ("hostAliases",)

SOURCE = "pkg/apis/core/validation: ValidateHostAliases"


@rule("pod.hostAliases", source=SOURCE)
def invalid_host_alias_ip(alias: FieldRef) -> Iterator[FieldError]:
    """The `ip` of a host alias must be an IP address: IPv4, or IPv6 without a zone. Since 1.36, leading zeros and IPv4
    addresses written as IPv6 are rejected.
    """
    yield from alias.invalid_each("ip", formats.ip_address(alias.get("ip", ""), alias.pod.minor))


@rule("pod.hostAliases", source=SOURCE)
def invalid_host_alias_hostname(alias: FieldRef) -> Iterator[FieldError]:
    """The `hostnames` of a host alias must be DNS subdomains."""
    for index, name in enumerate(alias.get("hostnames", ())):
        yield from alias.invalid_each(("hostnames", index), formats.dns_subdomain(name or ""))


@rule("pod", source="pkg/api/pod: warningsForPodSpecAndMeta", when="hostAliases", severity="warning")
def duplicate_host_alias(pod: FieldRef) -> Iterator[FieldError]:
    """The `ip` of each host alias should be unique. Server-side apply rejects two with the same `ip`
    (`duplicate-entry`); write one alias with several `hostnames`.
    """
    for alias, address in repeated(pod.children("hostAliases"), "ip"):
        yield alias.warning("ip", f"another alias has the ip {str(address)!r}")
