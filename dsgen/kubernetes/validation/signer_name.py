"""The names of certificate signers: `example.com/my-signer`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats, names
from dsgen.kubernetes.validation.rule import FieldError, FieldRef

# A domain, a slash, and room for a label, a dot and a subdomain.
SIGNER_NAME_MAX_LENGTH: Final = (
    names.DNS1123_SUBDOMAIN_MAX_LENGTH + 1 + (names.DNS1123_SUBDOMAIN_MAX_LENGTH + names.DNS1123_LABEL_MAX_LENGTH + 1)
)


def signer_name_errors(node: FieldRef) -> Iterator[FieldError]:
    """Yield the errors of the `signerName` of `node`: a domain of two labels or more, `/`, and a path of DNS subdomains."""
    name = node.get("signerName", "")
    if not name:
        yield node.required("signerName")
        return
    domain, slash, path = name.partition("/")
    if not slash or "/" in path:
        yield node.invalid("signerName", f"{str(name)!r} is not a valid signer name, such as `example.com/my-signer`")
        return
    for message in formats.too_long(domain, names.DNS1123_SUBDOMAIN_MAX_LENGTH):
        yield node.error("TooLong", "signerName", f"the domain {message}")
    if "." not in domain:
        yield node.invalid("signerName", f"{domain!r} is not a domain of at least two labels, such as `example.com`")
    yield from node.invalid_each("signerName", _first_wrong(formats.dns_label(label) for label in domain.split(".")))
    yield from node.invalid_each("signerName", _first_wrong(formats.dns_subdomain(label) for label in path.split(".")))
    for message in formats.too_long(name, SIGNER_NAME_MAX_LENGTH):
        yield node.error("TooLong", "signerName", message)


def _first_wrong(found: Iterator[list[str]]) -> list[str]:
    return next(filter(None, found), [])
