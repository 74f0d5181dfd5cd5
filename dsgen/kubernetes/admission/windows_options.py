"""What Windows asks of a security context: `windowsOptions`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes import formats
from dsgen.kubernetes.admission.rule import Error, Node, rule

SOURCE = "pkg/apis/core/validation: validateWindowsSecurityContextOptions"
MAX_CREDENTIAL_SPEC: Final = 64 * 1024
MAX_DOMAIN: Final = 255
MAX_USER: Final = 104
LABEL: Final = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
DOMAIN: Final = re.compile(rf'[^\\/:*?"<>|.][^\\/:*?"<>|]{{0,14}}|{LABEL}(?:\.{LABEL})*')
CONTROL: Final = re.compile("[\x00-\x1f\x7f]")
NOT_IN_USERS: Final = re.compile(r'["/\\:;|=,+*?<>@\[\]]')


@rule("credential-spec-name", "security-context", source=SOURCE)
def credential_spec_name(context: Node) -> Iterator[Error]:
    """`gmsaCredentialSpecName` is a DNS subdomain."""
    options = context.child("windowsOptions")
    name = options.get("gmsaCredentialSpecName") if options is not None else None
    if options is not None and name is not None:
        for message in formats.dns_subdomain(name):
            yield options.invalid("gmsaCredentialSpecName", message)


@rule("credential-spec-length", "security-context", source=SOURCE)
def credential_spec_length(context: Node) -> Iterator[Error]:
    """`gmsaCredentialSpec` has 1 to 65536 characters."""
    options = context.child("windowsOptions")
    spec = options.get("gmsaCredentialSpec") if options is not None else None
    if options is not None and spec is not None and not 1 <= formats.byte_length(spec) <= MAX_CREDENTIAL_SPEC:
        yield options.invalid("gmsaCredentialSpec", f"has 1 to {MAX_CREDENTIAL_SPEC} characters")


@rule("windows-user-name", "security-context", source=SOURCE)
def windows_user_name(context: Node) -> Iterator[Error]:
    r"""
    `runAsUserName` is a user of at most 104 characters, or DOMAIN\USER: not empty, not only dots and spaces, and without
    control characters and `" / \ [ ] : ; | = , + * ? < > @`.
    """
    options = context.child("windowsOptions")
    name = options.get("runAsUserName") if options is not None else None
    if options is not None and name is not None:
        for message in _user_name(name):
            yield options.invalid("runAsUserName", message)


def _user_name(name: str) -> Iterator[str]:
    domain, backslash, user = name.rpartition("\\")
    if not name:
        yield "is empty"
    elif CONTROL.search(name):
        yield f"{name!r} has a control character"
    elif "\\" in domain:
        yield f"{name!r} has more than one backslash"
    else:
        if backslash and (formats.byte_length(domain) > MAX_DOMAIN or not DOMAIN.fullmatch(domain)):
            yield f"{domain!r} is no domain: a NetBIOS name of at most 15 characters, or a DNS name"
        if not 1 <= formats.byte_length(user) <= MAX_USER:
            yield f"the user has 1 to {MAX_USER} characters"
        if user and not user.strip(". "):
            yield f"{user!r} has only dots and spaces"
        if NOT_IN_USERS.search(user):
            yield f'{user!r} has one of the characters " / \\ [ ] : ; | = , + * ? < > @'
