"""Functions of addresses and their blocks (k8s.io/apiserver/pkg/cel/library: ip.go and cidr.go)."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

from dsgen.kubernetes.cel.functions.values import Function, is_opaque, is_valid, opaque, revealed, text_of

Address = IPv4Address | IPv6Address
_BLOCK: Final = re.compile(r"(.+)/(0|[1-9][0-9]{0,2})", re.ASCII | re.DOTALL)


def _address(value: Any) -> Address:
    return ip_address(revealed("IP", value))


def _parsed(value: Any) -> Address:
    text = text_of(value)
    if "%" in text:
        raise ValueError(f'IP address "{text}" with zone value is not allowed')
    try:
        found = ip_address(text)
    except ValueError:
        raise ValueError(f'IP Address "{text}" parse error during conversion from string') from None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        raise ValueError(f'IPv4-mapped IPv6 address "{text}" is not allowed')
    return found


def _parsed_block(value: Any) -> tuple[Address, int]:
    text = text_of(value)
    found = _BLOCK.fullmatch(text)
    try:
        address = ip_address(found[1] if found and "%" not in text else "")
    except ValueError:
        raise ValueError(f'network address parse error during conversion from string: "{text}"') from None
    assert found
    if int(found[2]) > address.max_prefixlen:
        raise ValueError(f'network address parse error during conversion from string: "{text}"')
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        raise ValueError(f'IPv4-mapped IPv6 address "{text}" is not allowed')
    return address, int(found[2])


def _block(address: Address, length: int) -> Any:
    return opaque("CIDR", f"{address}/{length}")


def _network(value: Any) -> IPv4Network | IPv6Network:
    return ip_network(revealed("CIDR", value), strict=False)


def _ip(arguments: list[Any]) -> Any:
    if is_opaque("CIDR", arguments[0]):
        return opaque("IP", revealed("CIDR", arguments[0]).partition("/")[0])
    return opaque("IP", str(_parsed(arguments[0])))


def _contains_ip(arguments: list[Any]) -> bool:
    network, other = _network(arguments[0]), arguments[1]
    address = _parsed(other) if isinstance(other, str) else _address(other)
    return address in network


def _contains_block(arguments: list[Any]) -> bool:
    network, other = _network(arguments[0]), arguments[1]
    inner = (
        ip_network("{}/{}".format(*_parsed_block(other)), strict=False) if isinstance(other, str) else _network(other)
    )
    return network.version == inner.version and network.overlaps(inner) and network.prefixlen <= inner.prefixlen


def _masked(arguments: list[Any]) -> Any:
    network = _network(arguments[0])
    return _block(network.network_address, network.prefixlen)


def _is_global(address: Address) -> bool:
    is_broadcast = address == IPv4Address("255.255.255.255")
    return not (
        is_broadcast or address.is_unspecified or address.is_loopback or address.is_multicast or address.is_link_local
    )


def _is_local_multicast(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return int(address) >> 8 == 0xE00000
    return int(address) >> 112 & 0xFF0F == 0xFF02


def _test(test: Callable[[Address], bool]) -> Function:
    return lambda arguments: test(_address(arguments[0]))


ADDRESSES: Final[dict[str, Function]] = {
    "ip": _ip,
    "isIP": is_valid(lambda arguments: _parsed(arguments[0])),
    "ip.isCanonical": lambda arguments: str(_parsed(arguments[0])) == arguments[0],
    "family": lambda arguments: _address(arguments[0]).version,
    "isUnspecified": _test(lambda address: address.is_unspecified),
    "isLoopback": _test(lambda address: address.is_loopback),
    "isLinkLocalMulticast": _test(_is_local_multicast),
    "isLinkLocalUnicast": _test(lambda address: address.is_link_local),
    "isGlobalUnicast": _test(_is_global),
    "cidr": lambda arguments: _block(*_parsed_block(arguments[0])),
    "isCIDR": is_valid(lambda arguments: _parsed_block(arguments[0])),
    "containsIP": _contains_ip,
    "containsCIDR": _contains_block,
    "prefixLength": lambda arguments: int(revealed("CIDR", arguments[0]).partition("/")[2]),
    "masked": _masked,
}
