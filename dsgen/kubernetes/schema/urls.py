"""URLs, as Go reads them (net/url: Parse): it takes for one what Python's `urllib` rejects, and the other way round."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address
from typing import Final

from dsgen.record import Record

# Since this minor version, the API server rejects a host with more than one colon (Go's setting `urlstrictcolons`).
STRICT_COLONS: Final = 36

_SCHEME: Final = re.compile(r"([A-Za-z][-+.A-Za-z0-9]*):", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PORT: Final = re.compile(r"(:[0-9]*)?", re.ASCII)
_USER: Final = re.compile(r"[-A-Za-z0-9._:~!$&'()*+,;=%@]*", re.ASCII)
_BAD_HOST: Final = re.compile("[^-A-Za-z0-9!$&'()*+,;=:\\[\\]<>\"_.~%\x80-\U0010ffff]")
_BAD_ZONE_ESCAPE: Final = re.compile(
    r"%(?!25|20|2[146789bBcCdDeE]|22|3[0-9a-eA-E]|[46][1-9a-fA-F]|[57][0-9aA]|5[bBdDfF]|7[eE])"
)
_ASCII_ESCAPE: Final = re.compile(r"%(?!25)[0-7]")


class Url(Record):
    """The parts of a URL. `user` is None without `@`."""

    scheme: str = ""
    user: str | None = None
    host: str = ""
    query: str = ""
    fragment: str = ""


def parse(text: str, minor: int) -> Url | str:
    """Return the parts of the URL `text`, or what is wrong with it. `minor` is the number of the minor version, 36 for `1.36`."""
    rest, _, fragment = text.partition("#")
    if _BAD_ESCAPE.search(fragment):
        return "has a `%` without two hexadecimal digits behind it"
    found = parse_without_fragment(rest, minor)
    return found if isinstance(found, str) else found._replace(fragment=fragment)


def parse_without_fragment(rest: str, minor: int) -> Url | str:
    """Return the parts of a URL in which `#` does not begin a fragment, or what is wrong with it."""
    if _CONTROL.search(rest):
        return "has a control character"
    if rest == "*":
        return Url()
    scheme, found = "", _SCHEME.match(rest)
    if found:
        scheme, rest = found[1].lower(), rest[found.end() :]
    elif rest.startswith(":"):
        return "has no scheme before the colon"
    rest, _, query = rest.partition("?")
    if not rest.startswith("/"):
        if not scheme and ":" in rest.partition("/")[0]:
            return "has a colon in its first part"
        wrong = not scheme and _BAD_ESCAPE.search(rest)
        return "has a `%` without two hexadecimal digits behind it" if wrong else Url(scheme, None, "", query)
    user, host = None, ""
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        rest = slash + path
        before, at, host = authority.rpartition("@")
        user = before if at else None
        if wrong_host := _host_fault(host, scheme in ("http", "https") and minor >= STRICT_COLONS):
            return wrong_host
        if user is not None and (not _USER.fullmatch(user) or _BAD_ESCAPE.search(user)):
            return "has characters before `@` that are not allowed there"
    if _BAD_ESCAPE.search(rest):
        return "has a `%` without two hexadecimal digits behind it"
    return Url(scheme, user, host, query)


def _host_fault(host: str, one_colon: bool) -> str:
    """Return what is wrong with a host and port, or an empty string."""
    literal = ""
    bracket = host.rfind("[")
    if bracket > 0:
        return "has a `[` inside its host"
    if bracket == 0:
        closing = host.rfind("]")
        if closing < 0:
            return "has a `[` without `]` in its host"
        literal, port = host[1:closing], host[closing + 1 :]
    else:
        colon = host.find(":") if one_colon else host.rfind(":")
        port = host[colon:] if colon >= 0 else ""
    if not _PORT.fullmatch(port):
        return f"has {port!r} after its host, expected a colon and a number"
    address, percent, zone = literal.partition("%25")
    for part in (address, port) if literal else (host,):
        if _BAD_ESCAPE.search(part) or _ASCII_ESCAPE.search(part) or _BAD_HOST.search(part):
            return "has characters in its host that are not allowed there"
    if percent and (_BAD_ESCAPE.search(zone) or _BAD_ZONE_ESCAPE.search(zone) or _BAD_HOST.search(zone)):
        return "has characters in the zone of its address that are not allowed there"
    if bracket == 0 and not _is_ipv6(address, percent, zone):
        return "has brackets around something that is not an IPv6 address"
    return ""


def _is_ipv6(address: str, percent: str, zone: str) -> bool:
    """Return whether an address with an optional zone is valid."""
    try:
        IPv6Address(address)
    except (AddressValueError, ValueError):
        return False
    return "%" not in address and (not percent or bool(zone))
