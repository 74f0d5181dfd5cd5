"""Ingresses: their hosts, certificates and class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SPEC = "pkg/apis/networking/validation: ValidateIngressSpec"
RULES = "pkg/apis/networking/validation: validateIngressRules"
TLS = "pkg/apis/networking/validation: validateIngressTLS"
CLASS: Final = "kubernetes.io/ingress.class"


@rule("Ingress.spec", source=SPEC)
def missing_ingress_rules(spec: FieldRef) -> Iterator[FieldError]:
    """An Ingress must have `rules` or a `defaultBackend`."""
    if not spec.get("rules") and spec.get("defaultBackend") is None:
        yield spec.invalid((), "must have `rules` or a `defaultBackend`")


@rule("Ingress.spec.rules", source=RULES, when="host")
def invalid_ingress_host(ingress_rule: FieldRef) -> Iterator[FieldError]:
    """The `host` of a rule must be a DNS name, such as `example.com`, or begin with a wildcard: `*.example.com`. It must
    not be an IP address.
    """
    host = ingress_rule.get("host", "")
    if host and formats.tolerant_address(host):
        yield ingress_rule.invalid("host", f"must be a DNS name, but {str(host)!r} is an IP address")
    yield from ingress_rule.invalid_each("host", _host(host) if host else ())


@rule("Ingress.spec.tls", source=TLS, when="hosts")
def invalid_ingress_tls_host(tls: FieldRef) -> Iterator[FieldError]:
    """Each of the `hosts` of a certificate must be a DNS name, such as `example.com`, or begin with a wildcard:
    `*.example.com`.
    """
    for index, host in enumerate(tls.get("hosts", ())):
        yield from tls.invalid_each(("hosts", index), _host(host))


CERTIFICATE = Fields("Ingress.spec.tls", "a certificate", TLS)
CERTIFICATE.has_format("invalid-ingress-tls-secret-name", "secretName", formats.dns_subdomain, ratcheting=True)
INGRESS = Fields("Ingress.spec", "an Ingress", SPEC)
INGRESS.has_format("invalid-ingress-class-name", "ingressClassName", formats.dns_subdomain, empty=True)


@rule("Ingress", source="pkg/apis/networking/validation: ValidateIngressCreate", when="metadata")
def mismatched_ingress_class(ingress: FieldRef) -> Iterator[FieldError]:
    """The annotation `kubernetes.io/ingress.class` of a new Ingress must be the same as its `ingressClassName`, if both
    are set.
    """
    stated, annotation = _classes(ingress)
    if None not in (stated, annotation) and stated != annotation:
        detail = f"must match `ingressClassName` ({stated!r}), or be left out"
        yield ingress.invalid(("metadata", "annotations", CLASS), detail, field=f"annotations.{CLASS}")


@rule(
    "Ingress", source="pkg/registry/networking/ingress: WarningsOnCreate", when="metadata", severity="warning"
)  # fmt: skip
def deprecated_ingress_class_annotation(ingress: FieldRef) -> Iterator[FieldError]:
    """The annotation `kubernetes.io/ingress.class` is deprecated: use `spec.ingressClassName`."""
    stated, annotation = _classes(ingress)
    if stated is None and annotation is not None:
        path, printed = ("metadata", "annotations", CLASS), f"metadata.annotations[{CLASS}]"
        yield ingress.warning(path, "is deprecated: use `spec.ingressClassName`", field=printed)


def _classes(ingress: FieldRef) -> tuple[str | None, str | None]:
    """Return the class of a new Ingress, and that in its annotation; the server compares neither in an update."""
    if ingress.pod.old:
        return None, None
    spec, annotation = ingress.child("spec"), ingress.value.map("metadata", "annotations").get(CLASS)
    name = spec.get("ingressClassName") if spec else None
    return None if name is None else str(name), None if annotation is None else str(annotation)


def _host(text: str) -> list[str]:
    return formats.wildcard_dns_subdomain(text) if "*" in text else formats.dns_subdomain(text)
