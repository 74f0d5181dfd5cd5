"""Blocks of IP addresses, such as `10.0.0.0/8`, as the API server reads them."""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address
from typing import Final

from dsgen.record import Record

_CIDR: Final = r"([0-9a-fA-F.:]+)/([0-9]+)"
# Leading zeros of a number in an IPv4 address.
_LEADING_ZEROS: Final = r"(?<![0-9a-fA-F])0+(?=[0-9a-fA-F])"
_IPV4_IN_IPV6: Final = 0xFFFF << 32


class Cidr(Record):
    """A block: `network` is its first address, as a number of 128 bits, `address` the one that is written.

    `length` is that of the prefix as it is written, `bits` that in 128 bits.
    """

    address: int
    network: int
    length: int
    bits: int

    @property
    def is_ipv4(self) -> bool:
        """Whether it is a block of IPv4 addresses, though it may be written as one of IPv6."""
        return self.network >> 32 == 0xFFFF

    def has_smaller(self, other: Cidr) -> bool:
        """Return whether `other` is inside this block, and has a longer prefix."""
        within = _masked(other.network, self.bits) == self.network and other.is_ipv4 == self.is_ipv4
        return within and self.length < other.length


def parse(text: str) -> Cidr | None:
    """Return the block that `text` means, or None. Like the server, it tolerates leading zeros and bits after the prefix."""
    found = re.fullmatch(_CIDR, text)
    if not found:
        return None
    try:
        address = ip_address(re.sub(_LEADING_ZEROS, "", found[1]))
    except ValueError:
        return None
    digits = found[2].lstrip("0") or "0"
    length = int(digits) if len(digits) < 4 else address.max_prefixlen + 1
    if length > address.max_prefixlen:
        return None
    number = int(address) if address.version == 6 else int(address) | _IPV4_IN_IPV6
    bits = length if address.version == 6 else length + 96
    return Cidr(number, _masked(number, bits), length, bits)


def errors(text: str, *, strict: bool) -> list[str]:
    """Return why `text` is not a valid CIDR; `strict` is the check of 1.36."""
    block = parse(text)
    if block is None:
        return [f"{text!r} is not a valid CIDR, such as `10.9.8.0/24` or `2001:db8::/64`"]
    if not strict:
        return []
    written, _, length = text.partition("/")
    try:
        address = ip_address(written)
    except ValueError:
        return [f"{text!r} has leading zeros in its address"]
    if length != str(block.length):
        return [f"{text!r} has leading zeros in its prefix length"]
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return [f"{text!r} is an IPv4 address written as IPv6"]
    if block.address != block.network:
        return [f"{text!r} has bits set after its prefix of {block.length} bits"]
    return []


def usual(text: str) -> str:
    """Return the canonical form of a CIDR without errors."""
    written, _, length = text.partition("/")
    return f"{ip_address(written)}/{length}"


def _masked(number: int, bits: int) -> int:
    return number >> (128 - bits) << (128 - bits)
