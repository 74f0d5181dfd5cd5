"""The blocks of IP addresses in network policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import cidr
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Path

SOURCE = "pkg/apis/networking/validation: ValidateIPBlock"
WARNINGS = "pkg/registry/networking/networkpolicy: networkPolicyWarnings"
# The first minor that refuses a CIDR whose parts are only tolerated; those before it warn.
STRICT_MINOR: Final = 36


@rule("missing-ip-block-cidr", "ip-block", source=SOURCE)
def missing_ip_block_cidr(block: FieldRef) -> Iterator[FieldError]:
    """An `ipBlock` states its `cidr`, such as `10.0.0.0/8`."""
    if not block.get("cidr"):
        yield block.required("cidr", "state the addresses, such as `10.0.0.0/8`; all of IPv4 is `0.0.0.0/0`")


@rule("invalid-ip-block-cidr", "ip-block", source=SOURCE, when="cidr")
def invalid_ip_block_cidr(block: FieldRef) -> Iterator[FieldError]:
    """
    The `cidr` and each `except` of an `ipBlock` is an address, `/` and the length of the prefix: `10.0.0.0/8` or
    `2001:db8::/64`. From 1.36 on, its numbers have no leading zeros, no bit is set behind the prefix, and an IPv4 address
    is not written as IPv6.
    """
    for path, text in _stated(block):
        for message in cidr.errors(text, strict=block.pod.minor >= STRICT_MINOR):
            yield block.invalid(path, message)


@rule("invalid-ip-block-exception", "ip-block", source=SOURCE, when="except")
def invalid_ip_block_exception(block: FieldRef) -> Iterator[FieldError]:
    """Each `except` of an `ipBlock` is a part of its `cidr`, and smaller than it."""
    text = block.get("cidr", "")
    whole = cidr.parse(text)
    for path, exception in _stated(block)[1:]:
        part = cidr.parse(exception)
        if whole and part and not whole.has_smaller(part):
            yield block.invalid(path, f"{str(exception)!r} is no smaller part of {str(text)!r}")


@rule("non-canonical-cidr", "ip-block", source=WARNINGS, severity="warning")
def non_canonical_cidr(block: FieldRef) -> Iterator[FieldError]:
    """
    A CIDR is written in the usual form: IPv6 in lower case and as short as can be (`2001:db8::/64`), without leading zeros,
    and with no bit set behind the prefix.
    """
    for path, text in _stated(block):
        if cidr.errors(text, strict=block.pod.minor >= STRICT_MINOR):
            continue
        if messages := cidr.errors(text, strict=True):
            for message in messages:
                yield block.warning(path, f"{message}; refused from 1.36 on")
        elif cidr.usual(text) != text:
            yield block.warning(path, f"{str(text)!r} is usually written `{cidr.usual(text)}`")


def _stated(block: FieldRef) -> list[tuple[Path, str]]:
    """Return the places of the block's CIDRs and what stands there, its own first; without a block, nothing can be taken out."""
    text = block.get("cidr", "")
    exceptions = block.get("except", ()) if cidr.parse(text) else ()
    return [(("cidr",), text), *((("except", index), each) for index, each in enumerate(exceptions))] if text else []
