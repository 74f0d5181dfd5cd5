"""The names of what configures admission: webhooks, and the bindings of policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

STRATEGY = "pkg/registry/admissionregistration/validatingwebhookconfiguration: strategy"
STATIC_SUFFIX: Final = ".static.k8s.io"


@rule("admission-configuration", source=STRATEGY, since="1.37", when="metadata")
def reserved_webhook_configuration_name(configuration: FieldRef) -> Iterator[FieldError]:
    """Names that end in `.static.k8s.io` are reserved for webhooks and policies that the API server reads from files."""
    if configuration.pod.old is None and _name(configuration).endswith(STATIC_SUFFIX):
        yield configuration.invalid(("metadata", "name"), f"must not end in `{STATIC_SUFFIX}`, which is reserved")


@rule("admission-configuration", source=STRATEGY, since="1.36", when="metadata", severity="warning")
def deprecated_webhook_configuration_name(configuration: FieldRef) -> Iterator[FieldError]:
    """Names that end in `.static.k8s.io` will be reserved for webhooks and policies that the API server reads from files. Choose another name."""
    if (configuration.pod.old or configuration.pod.minor < 37) and _name(configuration).endswith(STATIC_SUFFIX):
        yield configuration.warning(("metadata", "name"), f"ends in `{STATIC_SUFFIX}`, which is reserved")


def _name(configuration: FieldRef) -> str:
    return str(configuration.value.map("metadata").get("name") or "")
