"""Projected pod certificates: behind a gate that is off, so they are judged only where an old object has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.metadata import TOTAL_ANNOTATION_SIZE_LIMIT
from dsgen.kubernetes.validation.projected import CERTIFICATE_PATHS
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.kubernetes.validation.signer_name import signer_name_errors

SOURCE = "pkg/apis/core/validation: validateProjectionSources"
KEY_TYPES: Final = ("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519")
MIN_EXPIRATION_SECONDS: Final = 3600
MAX_EXPIRATION_SECONDS: Final = 91 * 86400
MAX_KUBERNETES_EXPIRATION_SECONDS: Final = 86400


@rule(
    "invalid-certificate-signer-name", "certificate-projection", source="pkg/apis/core/validation: ValidateSignerName"
)
def invalid_certificate_signer_name(certificate: FieldRef) -> Iterator[FieldError]:
    """The `signerName` of a `podCertificate` is a domain and a path: `example.com/my-signer`."""
    yield from signer_name_errors(certificate)


@rule("invalid-certificate-key-type", "certificate-projection", source=SOURCE)
def invalid_certificate_key_type(certificate: FieldRef) -> Iterator[FieldError]:
    """The `keyType` of a `podCertificate` is `RSA3072`, `RSA4096`, `ECDSAP256`, `ECDSAP384`, `ECDSAP521` or `ED25519`."""
    key_type = certificate.get("keyType", "")
    if key_type not in KEY_TYPES:
        yield certificate.not_supported("keyType", key_type, KEY_TYPES)


@rule("out-of-range-certificate-expiration", "certificate-projection", source=SOURCE)
def out_of_range_certificate_expiration(certificate: FieldRef) -> Iterator[FieldError]:
    """`maxExpirationSeconds` of a `podCertificate` is from 3600 (an hour) to 7862400 (91 days), or to 86400 (a day) when the
    signer is Kubernetes' own.
    """
    seconds = certificate.get("maxExpirationSeconds")
    if seconds is not None:
        domain = certificate.get("signerName", "").split("/")[0]
        limit = MAX_KUBERNETES_EXPIRATION_SECONDS if f".{domain}".endswith(".kubernetes.io") else MAX_EXPIRATION_SECONDS
        if not MIN_EXPIRATION_SECONDS <= seconds <= limit:
            yield certificate.invalid(
                "maxExpirationSeconds", f"{seconds} is not from {MIN_EXPIRATION_SECONDS} to {limit}"
            )


@rule("invalid-certificate-path", "certificate-projection", source=SOURCE)
def invalid_certificate_path(certificate: FieldRef) -> Iterator[FieldError]:
    """A `podCertificate` states at least one of `credentialBundlePath`, `keyPath` and `certificateChainPath`: relative, without
    `..`.
    """
    if not any(certificate.get(name, "") for name in CERTIFICATE_PATHS):
        yield certificate.required("", f"needs one of {', '.join(CERTIFICATE_PATHS)}")
    for name in CERTIFICATE_PATHS:
        for message in formats.local_unreserved_path(certificate.get(name, "")):
            yield certificate.invalid(name, message)


@rule(
    "invalid-certificate-annotation-key",
    "certificate-projection",
    source="pkg/apis/core/validation: ValidateUserAnnotations",
)
def invalid_certificate_annotation_key(certificate: FieldRef) -> Iterator[FieldError]:
    """The keys of `userAnnotations` are label keys with a domain, such as `example.com/foo`."""
    for key in certificate.get("userAnnotations", ()):
        below = ("userAnnotations", key)
        if not key:
            yield certificate.required(below, "the key is empty", field="userAnnotations")
        elif messages := formats.qualified_name(formats.lower_case(key)):
            for message in messages:
                yield certificate.invalid(below, message, field="userAnnotations")
        elif "/" not in key:
            message = f"{str(key)!r} has no domain, such as `example.com/foo`"
            yield certificate.invalid(below, message, field="userAnnotations")


@rule(
    "too-large-certificate-annotations",
    "certificate-projection",
    source="pkg/apis/core/validation: ValidateUserAnnotations",
)
def too_large_certificate_annotations(certificate: FieldRef) -> Iterator[FieldError]:
    """Keys and values of `userAnnotations` have at most 262144 bytes together."""
    annotations = certificate.get("userAnnotations", {})
    size = sum(formats.byte_length(key) + formats.byte_length(value) for key, value in annotations.items())
    if size > TOTAL_ANNOTATION_SIZE_LIMIT:
        yield certificate.error(
            "TooLong", "userAnnotations", f"{size} bytes are more than {TOTAL_ANNOTATION_SIZE_LIMIT}"
        )
