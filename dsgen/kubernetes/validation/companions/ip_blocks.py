"""The IP blocks of network policies."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.schema import cidr
from dsgen.kubernetes.validation.canonical_ip import STRICT_MINOR, odd_range
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Path

SOURCE = "pkg/apis/networking/validation: ValidateIPBlock"
WARNINGS = "pkg/registry/networking/networkpolicy: networkPolicyWarnings"


IP_BLOCK = Fields("policy-peer.ipBlock", "`ipBlock`", SOURCE)
IP_BLOCK.required("missing-ip-block-cidr", "cidr", "must be set, such as `10.0.0.0/8`; all of IPv4 is `0.0.0.0/0`")


@rule("policy-peer.ipBlock", source=SOURCE, when="cidr")
def invalid_ip_block_cidr(block: FieldRef) -> Iterator[FieldError]:
    """The `cidr` and each `except` of an `ipBlock` must be an address, `/` and a prefix length: `10.0.0.0/8` or
    `2001:db8::/64`. Since 1.36, leading zeros, bits set after the prefix, and IPv4 addresses written as IPv6 are
    rejected, unless the old policy has them.
    """
    kept = _kept(block)
    for path, text in _stated(block):
        if text not in kept:
            yield from block.invalid_each(path, cidr.errors(text, strict=block.pod.minor >= STRICT_MINOR))


@rule("policy-peer.ipBlock", source=SOURCE, when="except")
def invalid_ip_block_exception(block: FieldRef) -> Iterator[FieldError]:
    """Each `except` of an `ipBlock` must be inside its `cidr`, and smaller."""
    text = block.get("cidr", "")
    whole = cidr.parse(text)
    for path, exception in _stated(block)[1:]:
        part = cidr.parse(exception)
        if whole and part and not whole.has_smaller(part):
            yield block.invalid(path, f"{str(exception)!r} is not a smaller part of {str(text)!r}")


@rule("policy-peer.ipBlock", source=WARNINGS, severity="warning")
def non_canonical_cidr(block: FieldRef) -> Iterator[FieldError]:
    """A CIDR should be in canonical form: IPv6 in lower case and as short as possible (`2001:db8::/64`), no leading
    zeros, and no bits set after the prefix.
    """
    kept = _kept(block)
    for path, text in _stated(block):
        for message in odd_range(text, strict=block.pod.minor >= STRICT_MINOR and text not in kept):
            yield block.warning(path, message)


def _stated(block: FieldRef) -> list[tuple[Path, str]]:
    """Return the paths and the values of the block's CIDRs, its own first; exceptions only if the block is valid."""
    text = block.get("cidr", "")
    exceptions = block.get("except", ()) if cidr.parse(text) else ()
    return [(("cidr",), text), *((("except", index), each) for index, each in enumerate(exceptions))] if text else []


def _kept(block: FieldRef) -> set[str]:
    """Return the CIDRs of the old policy, which an update can keep however they are written, since the strict minor version."""
    spec = block.pod.old.root.child("spec") if block.pod.old and block.pod.minor >= STRICT_MINOR else None
    rules = [each for side in ("ingress", "egress") for each in spec.children(side)] if spec else []
    peers = [peer.child("ipBlock") for each in rules for side in ("from", "to") for peer in each.children(side)]
    return {str(text) for old in peers if old for text in (old.get("cidr", ""), *old.get("except", ()))}
