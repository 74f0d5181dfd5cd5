"""The formats that many fields share. Each function returns what is wrong with a string, and an empty list if it is valid.

`minor` is the number of the minor version, 36 for `1.36`. Lengths are in bytes of UTF-8, as in the API server.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from dsgen.kubernetes.schema.names import (
    DNS1123_LABEL_MAX_LENGTH,
    DNS1123_SUBDOMAIN_MAX_LENGTH,
    QUALIFIED_NAME_MAX_LENGTH,
    is_dns_label,
    is_dns_subdomain,
    is_name,
    is_qualified_name,
)

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

Address: TypeAlias = "IPv4Address | IPv6Address"

LABEL_VALUE_MAX_LENGTH: Final = 63
PORT_NAME_MAX_LENGTH: Final = 15

# What Unicode and Go call white space; Python's own `strip` removes a few more.
WHITE_SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

# Rare patterns are strings, and compiled by `re` when they are first needed: a cold start should not wait for them.
_LABEL: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_UNDERSCORE_LABEL: Final = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_SYSCTL_LABEL: Final = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?"

_DNS_SUBDOMAIN: Final = rf"{_LABEL}(\.{_LABEL})*"
_WILDCARD_SUBDOMAIN: Final = rf"\*\.{_DNS_SUBDOMAIN}"
_UNDERSCORE_SUBDOMAIN: Final = rf"{_UNDERSCORE_LABEL}(\.{_UNDERSCORE_LABEL})*"
_NAME: Final = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_STRICT_ENV_NAME: Final = r"[-._a-zA-Z][-._a-zA-Z0-9]*"
_CONFIG_KEY: Final = r"[-._a-zA-Z0-9]+"
_HTTP_HEADER_NAME: Final = r"[-A-Za-z0-9]+"
_PERCENT: Final = r"[0-9]+%"
_SYSCTL_NAME: Final = rf"({_SYSCTL_LABEL}[\./])*{_SYSCTL_LABEL}"
_PORT_CHARACTERS: Final = r"[-a-z0-9]+"
_LETTER: Final = r"[a-z]"


def byte_length(text: str) -> int:
    """Return the length of `text` in bytes of UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def lower_case(text: str) -> str:
    """Return `text` in lower case as Go does it, character by character: a dotted capital I becomes a plain `i`."""
    return text.lower() if text.isascii() else text.replace("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "i").lower()


def too_long(text: str, limit: int) -> list[str]:
    """At most `limit` bytes of UTF-8, which the server calls characters. If it counts characters, compare `len` instead."""
    length = byte_length(text)
    return [f"must have at most {limit} characters, got {length}"] if length > limit else []


def _mismatch(pattern: str, text: str, wanted: str) -> list[str]:
    return [] if re.fullmatch(pattern, text) else [f"{text!r} is not {wanted}"]


def dns_label(text: str) -> list[str]:
    """A DNS label: at most 63 lower-case letters, digits and inner `-`."""
    if is_dns_label(text):
        return []
    wanted = "a valid DNS label: lower-case letters, digits and inner `-`, such as `my-name` or `123-abc`"
    return too_long(text, DNS1123_LABEL_MAX_LENGTH) + _mismatch(_LABEL, text, wanted)


def letter_label(text: str) -> list[str]:
    """A DNS label that begins with a letter: at most 63 lower-case letters, digits and inner `-`."""
    wrong = dns_label(text)
    return [*wrong, f"{text!r} must begin with a letter"] if text[:1].isdecimal() else wrong


def dns_subdomain(text: str) -> list[str]:
    """A DNS subdomain: lower-case letters, digits, and inner `-` or `.`, at most 253 characters."""
    if is_dns_subdomain(text):
        return []
    wanted = "a valid DNS subdomain: lower-case letters, digits, and inner `-` or `.`, such as `example.com`"
    return too_long(text, DNS1123_SUBDOMAIN_MAX_LENGTH) + _mismatch(_DNS_SUBDOMAIN, text, wanted)


def wildcard_dns_subdomain(text: str) -> list[str]:
    """A DNS subdomain with a wildcard as its first label: `*.example.com`."""
    wanted = "a valid wildcard: `*.` and lower-case letters, digits, and inner `-` or `.`, such as `*.example.com`"
    return too_long(text, DNS1123_SUBDOMAIN_MAX_LENGTH) + _mismatch(_WILDCARD_SUBDOMAIN, text, wanted)


def domain_prefixed_path(text: str) -> list[str]:
    """A DNS subdomain, `/` and a path, such as `example.com/my-controller`."""
    host, _, path = text.partition("/")
    if not host or not path:
        return [f"{text!r} is not a domain and a path, such as `example.com/my-controller`"]
    wanted = "a path of letters, digits and any of `/-._~%!$&'()*+,;=:`"
    return dns_subdomain(host) + _mismatch(r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+", path, wanted)


def dns_subdomain_with_underscore(text: str) -> list[str]:
    """A DNS subdomain whose labels may contain `_`, also at the beginning."""
    wanted = "a valid domain: lower-case letters, digits, and inner `-`, `_` or `.`, such as `_tcp.example.com`"
    return too_long(text, DNS1123_SUBDOMAIN_MAX_LENGTH) + _mismatch(_UNDERSCORE_SUBDOMAIN, text, wanted)


def qualified_name(text: str) -> list[str]:
    """A qualified name: at most 63 characters, after an optional DNS subdomain and `/`, such as `example.com/my-name`."""
    if is_qualified_name(text):
        return []
    prefix, slash, name = text.rpartition("/")
    if "/" in prefix:
        return [
            f"{text!r} has more than one `/`: expected a name, or a prefix and a name, such as `example.com/my-name`"
        ]
    wrong: list[str] = []
    if slash:
        inside = [f"before `/`: {message}" for message in dns_subdomain(prefix)]
        wrong += inside if prefix else ["the part before `/` must be a DNS subdomain, such as `example.com`"]
    if not name:
        wrong.append("the name must not be empty" if not slash else "the name after `/` must not be empty")
    wanted = "a valid name: letters, digits, and inner `-`, `_` or `.`, such as `MyName` or `my.name`"
    return wrong + too_long(name, QUALIFIED_NAME_MAX_LENGTH) + _mismatch(_NAME, name, wanted)


label_key = qualified_name


def label_value(text: str) -> list[str]:
    """A label value: empty, or at most 63 letters, digits, and inner `-`, `_` or `.`."""
    if not text or is_name(text):
        return []
    wanted = "a valid label value: letters, digits, and inner `-`, `_` or `.`, such as `MyValue` or `12345`"
    return too_long(text, LABEL_VALUE_MAX_LENGTH) + _mismatch(_NAME, text, wanted)


def name_prefix(text: str, name_format: Callable[[str], list[str]] = dns_subdomain) -> list[str]:
    """A DNS subdomain that may end in `-`, as it is the beginning of a name.

    `name_format` is the format of the name, if that is another one.
    """
    if name_format is path_segment:
        return path_segment(text)
    if name_format is any_name:
        return path_segment_prefix(text)
    if len(text) > 1 and text.endswith("-"):
        # The server cuts two bytes, not two characters, and so may leave half of one.
        text = text.encode()[:-2].decode(errors="replace") + "a"
    return name_format(text)


def path_segment(text: str) -> list[str]:
    """A path segment: not `.` or `..`, and without `/` and `%`."""
    return ["must not be `.` or `..`"] if text in (".", "..") else path_segment_prefix(text)


def any_name(text: str) -> list[str]:
    """A path segment, as every name is; that of a kind that asks for no more, also of `generateName`."""
    return path_segment(text)


def path_segment_prefix(text: str) -> list[str]:
    """The beginning of a path segment: without `/` and `%`."""
    return [f"{text!r} must not contain `{sign}`" for sign in "/%" if sign in text]


def port_name(text: str) -> list[str]:
    """A port name: at most 15 lower-case letters, digits and single inner `-`, with at least one letter."""
    wanted = "a valid port name: lower-case letters, digits and `-`, such as `http` or `metrics-1`"
    wrong = too_long(text, PORT_NAME_MAX_LENGTH) + _mismatch(_PORT_CHARACTERS, text, wanted)
    if not re.search(_LETTER, text):
        wrong.append(f"{text!r} must have at least one letter, such as `p8080`")
    if "--" in text:
        wrong.append(f"{text!r} must not have two `-` in a row")
    if text.startswith("-") or text.endswith("-"):
        wrong.append(f"{text!r} must not begin or end with `-`")
    return wrong


def env_name(text: str, minor: int = 36) -> list[str]:
    """The name of an environment variable: printable ASCII except `=`; before 1.32, letters, digits, `_`, `-` and `.`."""
    wanted = "a valid environment variable name"
    if minor < 32:
        wanted += ": letters, digits, `_`, `-` and `.`, not beginning with a digit, such as `MY_NAME`"
        return _mismatch(_STRICT_ENV_NAME, text, wanted) + _dots(text)
    if text and text.isascii() and text.isprintable() and "=" not in text:
        return []
    return [f"{text!r} is not {wanted}: printable ASCII without `=`, such as `MY_NAME`"]


def config_key(text: str) -> list[str]:
    """A key of a ConfigMap or Secret: at most 253 letters, digits, `-`, `_` and `.`; not `.`, and not beginning with `..`."""
    wanted = "a valid key: letters, digits, `-`, `_` or `.`, such as `key.name` or `KEY_NAME`"
    return too_long(text, DNS1123_SUBDOMAIN_MAX_LENGTH) + _mismatch(_CONFIG_KEY, text, wanted) + _dots(text)


def _dots(text: str) -> list[str]:
    allowed = text != "." and not text.startswith("..")
    return [] if allowed else [f"{text!r} is not allowed: a key must not be `.`, and not begin with `..`"]


def http_header_name(text: str) -> list[str]:
    """The name of an HTTP header: letters, digits and `-`."""
    return _mismatch(_HTTP_HEADER_NAME, text, "a valid header name: letters, digits and `-`, such as `X-Header-Name`")


def percent(text: str) -> list[str]:
    """A percentage: digits and `%`."""
    return _mismatch(_PERCENT, text, "a valid percentage: digits and `%`, such as `10%`")


def sysctl_name(text: str) -> list[str]:
    """A sysctl name: parts of lower-case letters, digits, `-` and `_`, joined by `.` or `/`; at most 253 characters."""
    wanted = "a valid sysctl name: lower-case parts joined by `.` or `/`, such as `net.ipv4.tcp_syncookies`"
    return too_long(text, DNS1123_SUBDOMAIN_MAX_LENGTH) + _mismatch(_SYSCTL_NAME, text, wanted)


def no_backsteps(path: str) -> list[str]:
    """A path without the element `..`."""
    return [f"{path!r} must not contain `..`"] if ".." in path.split("/") else []


def local_path(path: str) -> list[str]:
    """A relative path without the element `..`."""
    wrong = [f"{path!r} must be a relative path: it must not begin with `/`"] if path.startswith("/") else []
    return wrong + no_backsteps(path)


def local_unreserved_path(path: str) -> list[str]:
    """A relative path without the element `..`, which does not begin with `..`."""
    wrong = local_path(path)
    if path.startswith("..") and not path.startswith("../"):
        wrong.append(f"{path!r} must not begin with `..`")
    return wrong


def ip_address(text: str, minor: int = 36) -> list[str]:
    """An IPv4 or IPv6 address; since 1.36 without leading zeros, and not an IPv4 address written as IPv6."""
    import ipaddress  # loaded only for the few manifests with addresses

    try:
        address = None if "%" in text else ipaddress.ip_address(text if minor >= 36 else _without_leading_zeros(text))
    except ValueError:
        address = None
    if address is None:
        return [f"{text!r} is not a valid IP address, such as `10.9.8.7` or `2001:db8::ffff`"]
    if minor >= 36 and address.version == 6 and address.ipv4_mapped:
        return [f"{text!r} is an IPv4 address written as IPv6: write `{address.ipv4_mapped}`"]
    return []


def tolerant_address(text: str) -> Address | None:
    """Return the IP address that `text` means, with or without leading zeros; an IPv4 address written as IPv6 is one of IPv4."""
    import ipaddress

    try:
        address = ipaddress.ip_address(_without_leading_zeros(text))
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address


def _without_leading_zeros(text: str) -> str:
    return re.sub(r"(?<![0-9a-fA-F])0+(?=[0-9a-fA-F])", "", text)


def is_blank(text: str) -> bool:
    """Return whether a text is empty or consists of white space, as Go's `strings.TrimSpace` has it."""
    return not text.strip(WHITE_SPACE)


def unpadded(text: str) -> list[str]:
    """A text without white space at its ends."""
    return [] if text == text.strip(WHITE_SPACE) else [f"{text!r} must not begin or end with white space"]
