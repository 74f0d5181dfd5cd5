"""The `windowsOptions` of a security context."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("windowsOptions",)

SOURCE = "pkg/apis/core/validation: validateWindowsSecurityContextOptions"
MAX_CREDENTIAL_SPEC: Final = 64 * 1024
MAX_DOMAIN: Final = 255
MAX_USER: Final = 104
LABEL: Final = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
DOMAIN: Final = re.compile(rf'[^\\/:*?"<>|.][^\\/:*?"<>|]{{0,14}}|{LABEL}(?:\.{LABEL})*')
CONTROL: Final = re.compile("[\x00-\x1f\x7f]")
NOT_IN_USERS: Final = re.compile(r'["/\\:;|=,+*?<>@\[\]]')


OPTIONS = Fields("security-context.windowsOptions", "`windowsOptions`", SOURCE)
OPTIONS.has_format("invalid-gmsa-credential-spec-name", "gmsaCredentialSpecName", formats.dns_subdomain, empty=True)


@rule("security-context.windowsOptions", source=SOURCE)
def invalid_gmsa_credential_spec(options: FieldRef) -> Iterator[FieldError]:
    """`gmsaCredentialSpec` must have 1 to 65536 characters."""
    spec = options.get("gmsaCredentialSpec")
    if spec is not None and not 1 <= formats.byte_length(spec) <= MAX_CREDENTIAL_SPEC:
        yield options.invalid("gmsaCredentialSpec", f"must have 1 to {MAX_CREDENTIAL_SPEC} characters")


@rule("security-context.windowsOptions", source=SOURCE)
def invalid_windows_user_name(options: FieldRef) -> Iterator[FieldError]:
    r"""`runAsUserName` must be a user of at most 104 characters, or DOMAIN\USER: not empty, not only dots and spaces,
    and without control characters and `" / \ [ ] : ; | = , + * ? < > @`.
    """
    name = options.get("runAsUserName")
    for message in _user_name(name) if name is not None else ():
        yield options.invalid("runAsUserName", message)


def _user_name(name: str) -> Iterator[str]:
    domain, backslash, user = name.rpartition("\\")
    if not name:
        yield "must not be empty"
    elif CONTROL.search(name):
        yield f"{name!r} has a control character"
    elif "\\" in domain:
        yield f"{name!r} has more than one backslash"
    else:
        if backslash and (formats.byte_length(domain) > MAX_DOMAIN or not DOMAIN.fullmatch(domain)):
            yield f"{domain!r} is not a valid domain: a NetBIOS name of at most 15 characters, or a DNS name"
        if not 1 <= formats.byte_length(user) <= MAX_USER:
            yield f"the user must have 1 to {MAX_USER} characters"
        if user and not user.strip(". "):
            yield f"{user!r} has only dots and spaces"
        if NOT_IN_USERS.search(user):
            yield f'{user!r} has one of the characters " / \\ [ ] : ; | = , + * ? < > @'
