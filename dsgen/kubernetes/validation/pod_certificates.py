"""Projected pod certificates: before 1.37 behind a gate that is off, so that they are only validated if an old object has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.metadata import TOTAL_ANNOTATION_SIZE_LIMIT
from dsgen.kubernetes.validation.projected import CERTIFICATE_PATHS
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.kubernetes.validation.signer_name import signer_name_errors

LOADED_FOR: Final = ("podCertificate",)

SOURCE = "pkg/apis/core/validation: validateProjectionSources"
MIN_EXPIRATION_SECONDS: Final = 3600
MAX_EXPIRATION_SECONDS: Final = 91 * 86400
MAX_KUBERNETES_EXPIRATION_SECONDS: Final = 86400


@rule("projected.sources.podCertificate", source="pkg/apis/core/validation: ValidateSignerName")
def invalid_certificate_signer_name(certificate: FieldRef) -> Iterator[FieldError]:
    """The `signerName` of a `podCertificate` must be a domain and a path: `example.com/my-signer`."""
    yield from signer_name_errors(certificate)


CERTIFICATE = Fields("projected.sources.podCertificate", "`podCertificate`", SOURCE)
CERTIFICATE.one_of(
    "invalid-certificate-key-type",
    "keyType",
    ("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"),
    missing=True,
)


@rule("projected.sources.podCertificate", source=SOURCE)
def out_of_range_certificate_expiration(certificate: FieldRef) -> Iterator[FieldError]:
    """
    The `maxExpirationSeconds` of a `podCertificate` must be between 3600 (an hour) and 7862400 (91 days), or 86400 (a
    day) if the signer is Kubernetes' own.
    """
    seconds = certificate.get("maxExpirationSeconds")
    if seconds is not None:
        domain = certificate.get("signerName", "").split("/")[0]
        limit = MAX_KUBERNETES_EXPIRATION_SECONDS if f".{domain}".endswith(".kubernetes.io") else MAX_EXPIRATION_SECONDS
        if not MIN_EXPIRATION_SECONDS <= seconds <= limit:
            yield certificate.invalid(
                "maxExpirationSeconds", f"must be between {MIN_EXPIRATION_SECONDS} and {limit}, got {seconds}"
            )


@rule("projected.sources.podCertificate", source=SOURCE)
def invalid_certificate_path(certificate: FieldRef) -> Iterator[FieldError]:
    """
    A `podCertificate` must have at least one of `credentialBundlePath`, `keyPath` and `certificateChainPath`: a
    relative path without `..`.
    """
    if not any(certificate.get(name, "") for name in CERTIFICATE_PATHS):
        yield certificate.required("", f"must have one of {', '.join(CERTIFICATE_PATHS)}")
    for name in CERTIFICATE_PATHS:
        for message in formats.local_unreserved_path(certificate.get(name, "")):
            yield certificate.invalid(name, message)


@rule("projected.sources.podCertificate", source="pkg/apis/core/validation: ValidateUserAnnotations")
def invalid_certificate_annotation_key(certificate: FieldRef) -> Iterator[FieldError]:
    """The keys of `userAnnotations` must be label keys with a domain, such as `example.com/foo`."""
    for key in certificate.get("userAnnotations", ()):
        below = ("userAnnotations", key)
        if not key:
            yield certificate.required(below, "must not be empty", field="userAnnotations")
        elif messages := formats.qualified_name(formats.lower_case(key)):
            for message in messages:
                yield certificate.invalid(below, message, field="userAnnotations")
        elif "/" not in key:
            message = f"{str(key)!r} has no domain, such as `example.com/foo`"
            yield certificate.invalid(below, message, field="userAnnotations")


@rule("projected.sources.podCertificate", source="pkg/apis/core/validation: ValidateUserAnnotations")
def too_large_certificate_annotations(certificate: FieldRef) -> Iterator[FieldError]:
    """The keys and values of `userAnnotations` must not exceed 262144 bytes together."""
    annotations = certificate.get("userAnnotations", {})
    size = sum(formats.byte_length(key) + formats.byte_length(value) for key, value in annotations.items())
    if size > TOTAL_ANNOTATION_SIZE_LIMIT:
        yield certificate.error(
            "TooLong",
            "userAnnotations",
            f"must have at most {TOTAL_ANNOTATION_SIZE_LIMIT} bytes in all keys and values, got {size}",
        )
