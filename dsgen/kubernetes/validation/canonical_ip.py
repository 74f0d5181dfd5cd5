"""IP addresses and ranges that are not in canonical form: the server warned of some, and rejects them by now."""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.schema import cidr, formats

# The first minor that rejects leading zeros and IPv4 addresses in IPv6 form; those before it only warn.
STRICT_MINOR: Final = 36


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


def odd_range(text: str, *, strict: bool) -> list[str]:
    """Return messages with the canonical form of a CIDR; none if it has this form, or is rejected anyway, as `strict` servers do it."""
    if cidr.errors(text, strict=strict):
        return []
    if messages := cidr.errors(text, strict=True):
        return [f"{message}; rejected since 1.36" for message in messages]
    usual = cidr.usual(text)
    return [f"{str(text)!r} should be written `{usual}`"] if usual != text else []
