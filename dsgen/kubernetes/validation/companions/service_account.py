"""ServiceAccounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

ENFORCE_MOUNTABLE_SECRETS: Final = "kubernetes.io/enforce-mountable-secrets"


@rule(
    "ServiceAccount",
    source="pkg/registry/core/serviceaccount: warnings on create",
    since="1.32",
    when="metadata",
    severity="warning",
)
def deprecated_mountable_secrets_annotation(account: FieldRef) -> Iterator[FieldError]:
    """The annotation `kubernetes.io/enforce-mountable-secrets` is deprecated since 1.32. Use separate namespaces to
    isolate Secrets.
    """
    before = account.pod.old.root.value.map("metadata", "annotations") if account.pod.old else ()
    if (
        ENFORCE_MOUNTABLE_SECRETS in account.value.map("metadata", "annotations")
        and ENFORCE_MOUNTABLE_SECRETS not in before
    ):
        path = ("metadata", "annotations", ENFORCE_MOUNTABLE_SECRETS)
        printed = f"metadata.annotations[{ENFORCE_MOUNTABLE_SECRETS}]"
        yield account.warning(path, "is deprecated: use separate namespaces to isolate Secrets", field=printed)
