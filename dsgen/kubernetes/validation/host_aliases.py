"""Host aliases: entries of the pod's hosts file."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: ValidateHostAliases"


@rule("invalid-host-alias-ip", "host-alias", source=SOURCE)
def invalid_host_alias_ip(alias: FieldRef) -> Iterator[FieldError]:
    """The `ip` of a host alias is an IP address: IPv4, or IPv6 without zone. Leading zeros and IPv4 addresses in IPv6 form are
    refused since 1.36.
    """
    for message in formats.ip_address(alias.get("ip", ""), alias.pod.minor):
        yield alias.invalid("ip", message)


@rule("invalid-host-alias-hostname", "host-alias", source=SOURCE)
def invalid_host_alias_hostname(alias: FieldRef) -> Iterator[FieldError]:
    """The `hostnames` of a host alias are DNS subdomains."""
    for index, name in enumerate(alias.get("hostnames", ())):
        for message in formats.dns_subdomain(name or ""):
            yield alias.invalid(("hostnames", index), message)


@rule(
    "duplicate-host-alias",
    "pod",
    source="pkg/api/pod: warningsForPodSpecAndMeta",
    when="hostAliases",
    severity="warning",
)
def duplicate_host_alias(pod: FieldRef) -> Iterator[FieldError]:
    """Host aliases with one `ip` are one alias with several `hostnames`: server-side apply refuses two (`duplicate-entry`)."""
    seen: set[str] = set()
    for alias in pod.children("hostAliases"):
        address = alias.get("ip", "")
        if address in seen:
            yield alias.warning("ip", f"an alias before this one has the ip {str(address)!r}")
        seen.add(address)
