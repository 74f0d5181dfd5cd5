"""The common formats of names, recognized without a pattern.

What is true here is valid; `formats` checks the rest again to describe the error. The objects of a fleet have the same names over and over, so
the answers are cached.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

# As in k8s.io/apimachinery/pkg/util/validation.
DNS1123_LABEL_MAX_LENGTH: Final = 63
DNS1123_SUBDOMAIN_MAX_LENGTH: Final = 253
QUALIFIED_NAME_MAX_LENGTH: Final = 63

_LOWER_CASE: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_LABEL_CHARACTERS: Final = f"{_LOWER_CASE}-"
_SUBDOMAIN_CHARACTERS: Final = f"{_LOWER_CASE}-."
_NAME_CHARACTERS: Final = f"{_LOWER_CASE}ABCDEFGHIJKLMNOPQRSTUVWXYZ-_."


_known = lru_cache(maxsize=4096)


@_known
def is_dns_label(text: str) -> bool:
    """Return whether a string is certainly a DNS label."""
    return (
        0 < len(text) <= DNS1123_LABEL_MAX_LENGTH and not text.strip(_LABEL_CHARACTERS) and text[0] != "-" != text[-1]
    )


@_known
def is_dns_subdomain(text: str) -> bool:
    """Return whether a string is certainly a DNS subdomain."""
    return (
        len(text) <= DNS1123_SUBDOMAIN_MAX_LENGTH
        and not text.strip(_SUBDOMAIN_CHARACTERS)
        and all(label and label[0] != "-" != label[-1] for label in text.split("."))
    )


@_known
def is_name(text: str) -> bool:
    """Return whether a string is certainly a label value, or the name in a label key."""
    return (
        0 < len(text) <= QUALIFIED_NAME_MAX_LENGTH
        and not text.strip(_NAME_CHARACTERS)
        and text[0] not in "-_."
        and text[-1] not in "-_."
    )


@_known
def is_qualified_name(text: str) -> bool:
    """Return whether a string is certainly a label key."""
    prefix, slash, name = text.partition("/")
    return is_dns_subdomain(prefix) and is_name(name) if slash else is_name(text)


# apiserver/pkg/storage/names: a generated name is cut so that five random characters still fit.
MAX_GENERATED_NAME_LENGTH: Final = 58


def generated_name(prefix: str) -> str:
    """Return a name such as the server generates from a `generateName`; empty for an empty one."""
    return prefix.encode()[:MAX_GENERATED_NAME_LENGTH].decode("utf-8", "replace") + "xxxxx" if prefix else ""
